/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "kernel.h"

#include <stdlib.h>

#include "arm64.h"
#include "blob.h"
#include "cli/cli.h"
#include "gzip.h"
#include "kind.h"

/* Linux for arm64, asm/setup.h: COMMAND_LINE_SIZE, with the end. */
#define ARM64_COMMAND_LINE 2048

/* Only an Image may come compressed. */
static const char *unpack(struct kernel *kernel)
{
	uint8_t *image;
	const char *wrong =
		gzip_unpack(kernel->image, kernel->size, BZIMAGE_MAX, &image, &kernel->size);

	if (wrong)
		return wrong;
	free(kernel->image);
	kernel->image = image;
	kernel->unpacked = true;
	return arm64_is_image(image, kernel->size) ? NULL : kind_in_gzip(image, kernel->size);
}

static const char *read_image(struct kernel *kernel)
{
	const char *wrong = NULL;

	if (gzip_is(kernel->image, kernel->size))
		wrong = unpack(kernel);
	if (wrong)
		return wrong;
	if (arm64_is_image(kernel->image, kernel->size)) {
		kernel->arch = ARCH_ARM64;
		kernel->wrapped = arm64_is_wrapped(kernel->image, kernel->size);
		kernel->cmdline_max = ARM64_COMMAND_LINE - 1;
		return NULL;
	}
	kernel->arch = ARCH_X86_64;
	kernel->wrapped = bzimage_is_wrapped(kernel->image, kernel->size);
	wrong = bzimage_read(&kernel->bzimage, kernel->image, kernel->size);
	kernel->cmdline_max = kernel->bzimage.header.cmdline_size;
	if (kernel->bzimage.unfit)
		kernel->no_stage = wrong;
	return kernel->wrapped || kernel->no_stage ? NULL : wrong;
}

bool kernel_read(struct kernel *kernel, const char *path)
{
	const char *wrong;

	*kernel = (struct kernel){0};
	kernel->image = cli_read_file(path, BZIMAGE_MAX, &kernel->size);
	if (!kernel->image) {
		cli_file_error(path, "give a kernel that can be read");
		return false;
	}
	wrong = read_image(kernel);
	if (!wrong)
		return true;
	cli_error("%s: %s", path, wrong);
	kernel_free(kernel);
	return false;
}

const char *kernel_wrap(const struct kernel *kernel, bool verbose, uint8_t **wrapped, size_t *size)
{
	const struct wrap_options options = {.verbose = verbose};

	if (kernel->no_stage)
		return kernel->no_stage;
	if (kernel->arch == ARCH_ARM64)
		return arm64_wrap(kernel->image, kernel->size, blob_arm64, blob_arm64_size, 0,
				  wrapped, size);
	return bzimage_wrap(&kernel->bzimage, blob_x86_64, blob_x86_64_size, &options, wrapped,
			    size);
}

void kernel_free(struct kernel *kernel)
{
	free(kernel->image);
	kernel->image = NULL;
}
