/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* baton unwrap: restores the kernel that was wrapped. */
#include <getopt.h>
#include <stdlib.h>

#include "cli/commands.h"
#include "cli/kernel/arm64.h"
#include "cli/kernel/bzimage.h"
#include "file.h"

static int unwrap_main(const struct command *self, int argc, char **argv)
{
	const char *in, *out = NULL, *wrong;
	uint8_t *file, *original;
	size_t size;
	int code;

	while (command_next_option(self, argc, argv) != -1)
		out = optarg;
	if (argc - optind != 1)
		return command_usage(self,
				     argc > optind ? "one kernel at a time" : "which kernel?");
	if (!out)
		return command_usage(self, "where to? give -o FILE");
	in = argv[optind];
	file = file_read(in, &size);
	if (!file)
		return CLI_FAILED;
	file_unpack(in, &file, &size);
	if (arm64_is_image(file, size))
		wrong = arm64_unwrap(file, size, &original, &size);
	else
		wrong = bzimage_unwrap(file, size, &original, &size);
	free(file);
	if (wrong)
		return cli_error("%s: %s", in, wrong);
	code = file_write(out, original, size);
	free(original);
	return code;
}

static const struct command_option unwrap_options[] = {
	{'o', "output", "FILE", "write the kernel to FILE; - is standard output"},
	{0},
};

static const struct command_example unwrap_examples[] = {
	{"Restore the kernel", "baton unwrap vmlinuz.baton -o vmlinuz"},
	{0},
};

const struct command unwrap_command = {
	.name = "unwrap",
	.summary = "restore the kernel that was wrapped",
	.usage = "FILE -o VMLINUZ",
	.operand = "FILE",
	.text = "Writes the kernel that \"baton wrap\" was given, bit for bit, with "
		"its signature, and verifies it by a checksum. Of an Image that was compressed "
		"by gzip it writes the Image, uncompressed. Signing the wrapped kernel does no "
		"harm.",
	.options = unwrap_options,
	.examples = unwrap_examples,
	.main = unwrap_main,
};
