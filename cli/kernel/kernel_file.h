/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* A kernel's file, which may be compressed by gzip: wrapping and unwrapping it as it is. */
#ifndef CLI_KERNEL_KERNEL_FILE_H
#define CLI_KERNEL_KERNEL_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct kernel_file {
	uint8_t *packed; /* the file; NULL: it is not compressed */
	size_t packed_size;
	uint8_t *image; /* what is in it, or the file */
	size_t size;
};

/*
 * Takes the @size bytes at @file, which kernel_file_free() frees, and unpacks them if they are
 * compressed.  Returns NULL, or what is wrong; free it in either case.
 */
const char *kernel_file_take(struct kernel_file *kernel, uint8_t *file, size_t size);
void kernel_file_free(struct kernel_file *kernel);

/*
 * Puts the stage in front of an Image for arm64; @flags: WRAP_ARM64_...  One that is compressed
 * stays so.  Returns NULL, with *out (to be freed) and *out_size, or what is wrong.
 */
const char *kernel_file_wrap_arm64(const struct kernel_file *kernel, uint32_t flags, uint8_t **out,
				   size_t *out_size);

/*
 * Restores what was wrapped.  Returns NULL, with *out (to be freed) and *out_size, or what is
 * wrong.  *as_it_was is false if that was compressed, and can't be given back, because it was
 * unpacked, or packed anew, since: *out is the Image in it then.
 */
const char *kernel_file_unwrap(const struct kernel_file *kernel, uint8_t **out, size_t *out_size,
			       bool *as_it_was);

#endif /* CLI_KERNEL_KERNEL_FILE_H */
