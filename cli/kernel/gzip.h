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
 * Unpacks @file, which gzip_is().  Returns NULL, with *out (to be freed) and *out_size, or what
 * is wrong: also if they would be more than @max bytes.
 */
const char *gzip_unpack(const uint8_t *file, size_t size, size_t max, uint8_t **out,
			size_t *out_size);

/*
 * Makes one gzip file of @content, whose bytes behind the first @front are the content of the
 * gzip file @file.  All of @file is in it as it is, header and compressed blocks, so that
 * gzip_take_off() gives @file back bit for bit; this is proven before it returns.  Returns NULL,
 * with *out (to be freed) and *out_size, or what is wrong.
 */
const char *gzip_put_in_front(const uint8_t *file, size_t size, const uint8_t *content,
			      size_t content_size, size_t front, uint8_t **out, size_t *out_size);

/*
 * The reverse, of @file, whose content is @content.  Returns false if @file was not made so, or
 * there is no memory.  *out (to be freed) may still be another file than was given there: the
 * caller knows its checksum.
 */
bool gzip_take_off(const uint8_t *file, size_t size, const uint8_t *content, size_t content_size,
		   size_t front, uint8_t **out, size_t *out_size);

#endif /* CLI_KERNEL_GZIP_H */
