/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* A kernel as a file, whichever machine it is for: what kexec and vm have to know of it. */
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
	bool unpacked;		/* it came compressed */
	bool wrapped;		/* already */
	size_t cmdline_max;	/* bytes of a command line, without its end */
	struct bzimage bzimage; /* x86-64 */
};

/*
 * Read the file at @path.  False, told, if it is no good kernel; then there is
 * nothing to be freed.  A wrapped one is good.
 */
bool kernel_read(struct kernel *kernel, const char *path);

/*
 * The kernel with the stage in front of it: NULL, with *wrapped (to be freed) and
 * *size, or what is wrong.
 */
const char *kernel_wrap(const struct kernel *kernel, bool verbose, uint8_t **wrapped, size_t *size);

void kernel_free(struct kernel *kernel);

#endif /* CLI_KERNEL_KERNEL_H */
