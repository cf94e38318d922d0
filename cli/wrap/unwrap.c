/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* baton unwrap: restores the kernel that was wrapped. */
#include <getopt.h>
#include <stdlib.h>

#include "cli/commands.h"
#include "cli/kernel/kernel_file.h"
#include "file.h"

/* Restores the kernel in the @size bytes at @file, which it frees. */
static const char *unwrap(const char *path, uint8_t *file, size_t size, uint8_t **original,
			  size_t *original_size)
{
	struct kernel_file kernel;
	bool as_it_was = true;
	const char *wrong = kernel_file_take(&kernel, file, size);

	if (!wrong)
		wrong = kernel_file_unwrap(&kernel, original, original_size, &as_it_was);
	kernel_file_free(&kernel);
	if (!wrong && !as_it_was)
		cli_warning("%s: it was unpacked, or packed anew, since it was wrapped: the Image "
			    "in it is written, without the compression that it had",
			    path);
	return wrong;
}

static int unwrap_main(const struct command *self, int argc, char **argv)
{
	const char *in, *out = NULL, *wrong;
	uint8_t *file, *original;
	size_t size, original_size;
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
	wrong = unwrap(in, file, size, &original, &original_size);
	if (wrong)
		return cli_error("%s: %s", in, wrong);
	code = file_write(out, original, original_size);
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
		"its signature, and verifies it by a checksum. An Image that was compressed by "
		"gzip comes back compressed as it was. If the wrapped file was unpacked, or packed "
		"anew, it writes the Image and warns. Signing the wrapped kernel does no harm.",
	.options = unwrap_options,
	.examples = unwrap_examples,
	.main = unwrap_main,
};
