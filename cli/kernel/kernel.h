/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* A kernel as a file, for x86-64 or arm64, as kexec and vm use it. */
#ifndef CLI_KERNEL_KERNEL_H
#define CLI_KERNEL_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bzimage.h"
#include "cli/architecture.h"

struct kernel {
	enum architecture arch; /* ARCH_X86_64 or ARCH_ARM64 */
	uint8_t *image;		/* the file; an Image for arm64 unpacked */
	size_t size;
	bool unpacked;		/* the file is compressed */
	bool wrapped;		/* already */
	const char *no_stage;	/* why it can't be wrapped, though it can be started; or NULL */
	size_t cmdline_max;	/* bytes of a command line, without its end */
	struct bzimage bzimage; /* x86-64 */
};

/*
 * Reads the file at @path.  A wrapped kernel is good, too.  Returns false, after
 * reporting an error, if it is no good kernel; then there is nothing to free.
 */
bool kernel_read(struct kernel *kernel, const char *path);

/*
 * Puts the stage in front of the kernel.  Returns NULL, with *wrapped (to be freed) and
 * *size, or what is wrong.
 */
const char *kernel_wrap(const struct kernel *kernel, bool verbose, uint8_t **wrapped, size_t *size);

void kernel_free(struct kernel *kernel);

#endif /* CLI_KERNEL_KERNEL_H */
