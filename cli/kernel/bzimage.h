/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* A Linux kernel for x86 as a file: reading, wrapping and unwrapping it. */
#ifndef CLI_KERNEL_BZIMAGE_H
#define CLI_KERNEL_BZIMAGE_H

#include "lib/x86_64/bzimage.h"
#include "lib/x86_64/wrap.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pe.h"

#define BZIMAGE_MAX (1u << 30) /* a larger file is refused */

struct bzimage {
	const uint8_t *file;
	size_t size;
	struct setup_header header; /* a copy */
	uint32_t setup_size;	    /* of the setup sectors; the protected-mode part follows ... */
	uint32_t protected_size;    /* ... and after it, what remains of the file */
	bool has_pe;		    /* it has an EFI stub */
	bool unfit;		    /* a bzImage, but of a kind that can't stand behind the stage */
	struct pe pe;
};

/*
 * Reads the kernel @file.  Returns NULL, or what is wrong: it is no bzImage, it is
 * broken, or it can't be wrapped.
 */
const char *bzimage_read(struct bzimage *image, const uint8_t *file, size_t size);

/* Options of the stage in front of the kernel. */
struct wrap_options {
	bool verbose;
	uint32_t wait; /* BATON_WAIT_...; 0: what the processor has */
};

/*
 * Puts @blob in front of @image.  Returns NULL, with *wrapped (to be freed) and *size,
 * or what is wrong.
 */
const char *bzimage_wrap(const struct bzimage *image, const uint8_t *blob, size_t blob_size,
			 const struct wrap_options *options, uint8_t **wrapped, size_t *size);

/* Whether @file is a wrapped kernel; it may be a damaged one. */
bool bzimage_is_wrapped(const uint8_t *file, size_t size);

/*
 * Restores the kernel that was wrapped, bit for bit, and verifies its checksum.  Returns
 * NULL, with *original (to be freed) and *size, or what is wrong.
 */
const char *bzimage_unwrap(const uint8_t *file, size_t file_size, uint8_t **original, size_t *size);

#endif /* CLI_KERNEL_BZIMAGE_H */
