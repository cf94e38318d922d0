/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* A Linux kernel for arm64 as a file, an Image: wrapping and unwrapping it. */
#ifndef CLI_KERNEL_ARM64_H
#define CLI_KERNEL_ARM64_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether @file looks like an Image; it may be a broken one. */
bool arm64_is_image(const uint8_t *file, size_t size);

/* Whether @file is a wrapped Image; it may be a damaged one. */
bool arm64_is_wrapped(const uint8_t *file, size_t size);

/*
 * Puts @stage in front of the Image @file; @flags: WRAP_ARM64_...  Returns NULL, with
 * *wrapped (to be freed) and *wrapped_size, or what is wrong.
 */
const char *arm64_wrap(const uint8_t *file, size_t size, const uint8_t *stage, size_t stage_size,
		       uint32_t flags, uint8_t **wrapped, size_t *wrapped_size);

/* Likewise, for the gzip file @packed, in which the Image @file is; the result is one, too. */
const char *arm64_wrap_gzip(const uint8_t *packed, size_t packed_size, const uint8_t *file,
			    size_t size, const uint8_t *stage, size_t stage_size, uint32_t flags,
			    uint8_t **wrapped, size_t *wrapped_size);

/* Whether what was wrapped was a gzip file.  arm64_is_wrapped() must be true. */
bool arm64_was_gzip(const uint8_t *file);

/*
 * The gzip file that was wrapped, bit for bit, of the gzip file @packed, in which the wrapped
 * Image @file is.  Returns false if it can't be given back: @packed was packed anew since.
 */
bool arm64_unwrap_gzip(const uint8_t *packed, size_t packed_size, const uint8_t *file, size_t size,
		       uint8_t **original, size_t *original_size);

/*
 * Restores the Image that was wrapped, bit for bit, and verifies its checksum.  Returns
 * NULL, with *original (to be freed) and *original_size, or what is wrong.
 */
const char *arm64_unwrap(const uint8_t *file, size_t size, uint8_t **original,
			 size_t *original_size);

#endif /* CLI_KERNEL_ARM64_H */
