/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "gzip.h"

#include <stdlib.h>
#include <zlib.h>

/* RFC 1952, section 2.3.1. */
bool gzip_is(const uint8_t *file, size_t size)
{
	return size >= 18 && file[0] == 0x1f && file[1] == 0x8b;
}

#define GZIP_WINDOW (15 + 16) /* zlib: the largest window, and gzip's header */

const char *gzip_unpack(const uint8_t *file, size_t size, size_t max, uint8_t **out,
			size_t *out_size)
{
	z_stream stream = {.next_in = (Bytef *)file, .avail_in = (uInt)size};
	size_t room = 0;
	uint8_t *data = NULL;
	int status = inflateInit2(&stream, GZIP_WINDOW);

	while (status == Z_OK && room < max) {
		size_t more = room ? room : 1u << 20;
		uint8_t *larger = realloc(data, room + more);

		if (!larger) {
			status = Z_MEM_ERROR;
			break;
		}
		data = larger;
		stream.next_out = data + room;
		stream.avail_out = (uInt)more;
		room += more;
		status = inflate(&stream, Z_NO_FLUSH);
	}
	*out_size = stream.total_out;
	inflateEnd(&stream);
	if (status == Z_STREAM_END && *out_size <= max) {
		*out = data;
		return NULL;
	}
	free(data);
	return status == Z_OK || status == Z_STREAM_END ? "the compressed file in it is too large"
							: "damaged, or truncated (gzip)";
}

const char *gzip_pack(const uint8_t *file, size_t size, uint8_t **out, size_t *out_size)
{
	z_stream stream = {.next_in = (Bytef *)file, .avail_in = (uInt)size};
	uLong room;

	if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, GZIP_WINDOW, 8,
			 Z_DEFAULT_STRATEGY) != Z_OK)
		return "out of memory";
	room = deflateBound(&stream, size);
	*out = malloc(room);
	stream.next_out = *out;
	stream.avail_out = (uInt)room;
	if (!*out || deflate(&stream, Z_FINISH) != Z_STREAM_END) {
		deflateEnd(&stream);
		free(*out);
		return "out of memory";
	}
	*out_size = stream.total_out;
	deflateEnd(&stream);
	return NULL;
}
