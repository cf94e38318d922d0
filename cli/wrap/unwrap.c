/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* baton unwrap: restores the kernel that was wrapped. */
#include <getopt.h>
#include <stdlib.h>

#include "cli/commands.h"
#include "cli/kernel/arm64.h"
#include "cli/kernel/bzimage.h"
#include "cli/kernel/gzip.h"
#include "file.h"

static const char *unwrap(const uint8_t *file, size_t size, uint8_t **original,
			  size_t *original_size)
{
	if (arm64_is_image(file, size))
		return arm64_unwrap(file, size, original, original_size);
	return bzimage_unwrap(file, size, original, original_size);
}

/* What was wrapped was compressed, and that file can't be given back, but what is in it. */
static void warn_unpacked(const char *path)
{
	cli_warning("%s: it was unpacked, or packed anew, since it was wrapped: the Image in it is "
		    "written, without the compression that it had",
		    path);
}

static const char *unwrap_gzip(const char *path, const uint8_t *packed, size_t packed_size,
			       uint8_t **original, size_t *original_size)
{
	uint8_t *file, *image;
	size_t size, image_size;
	const char *wrong = gzip_unpack(packed, packed_size, BZIMAGE_MAX, &file, &size);

	if (wrong)
		return wrong;
	wrong = unwrap(file, size, &image, &image_size);
	if (!wrong && arm64_is_wrapped(file, size) && arm64_was_gzip(file) &&
	    arm64_unwrap_gzip(packed, packed_size, file, size, original, original_size)) {
		free(image);
	} else if (!wrong) {
		if (arm64_is_wrapped(file, size) && arm64_was_gzip(file))
			warn_unpacked(path);
		*original = image;
		*original_size = image_size;
	}
	free(file);
	return wrong;
}

static const char *unwrap_file(const char *path, const uint8_t *file, size_t size,
			       uint8_t **original, size_t *original_size)
{
	const char *wrong;

	if (gzip_is(file, size))
		return unwrap_gzip(path, file, size, original, original_size);
	wrong = unwrap(file, size, original, original_size);
	if (!wrong && arm64_is_wrapped(file, size) && arm64_was_gzip(file))
		warn_unpacked(path);
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
	wrong = unwrap_file(in, file, size, &original, &original_size);
	free(file);
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
