/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* Files compressed by gzip, in memory: RFC 1952, by zlib. */
#ifndef CLI_KERNEL_GZIP_H
#define CLI_KERNEL_GZIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether @file is compressed by gzip. */
bool gzip_is(const uint8_t *file, size_t size);

/*
 * Unpack or pack by gzip.  They return NULL, with *out (to be freed) and *out_size, or
 * what is wrong.  gzip_unpack() refuses a result of more than @max bytes.
 */
const char *gzip_unpack(const uint8_t *file, size_t size, size_t max, uint8_t **out,
			size_t *out_size);
const char *gzip_pack(const uint8_t *file, size_t size, uint8_t **out, size_t *out_size);

#endif /* CLI_KERNEL_GZIP_H */
