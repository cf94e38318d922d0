/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "gzip.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "little.h"

/* RFC 1952, section 2.3. */
#define HEADER_SIZE 10u
#define TRAILER_SIZE 8u
#define FLAGS 3
#define FLAG_CRC 2
#define FLAG_EXTRA 4
#define FLAG_NAME 8
#define FLAG_COMMENT 16

#define GZIP_WINDOW (15 + 16) /* zlib: the largest window, and gzip's header */
#define RAW_WINDOW (-15)      /* zlib: the largest window, and no header */

/* What a flush ends with: an empty stored block (RFC 1951, section 3.2.4), and so a whole byte. */
static const uint8_t flushed[] = {0, 0, 0xff, 0xff};

bool gzip_is(const uint8_t *file, size_t size)
{
	return size >= HEADER_SIZE + TRAILER_SIZE && file[0] == 0x1f && file[1] == 0x8b;
}

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

/* Behind the text at @at, which ends with a 0. */
static size_t skip_text(const uint8_t *file, size_t size, size_t at)
{
	while (at < size && file[at])
		at++;
	return at + 1;
}

/* The size of the header of @file, which gzip_is(); 0: there is nothing behind it but a trailer. */
static size_t header_size(const uint8_t *file, size_t size)
{
	size_t at = HEADER_SIZE;

	if (file[FLAGS] & FLAG_EXTRA)
		at += 2u + get16(file + at);
	if (file[FLAGS] & FLAG_NAME)
		at = skip_text(file, size, at);
	if (file[FLAGS] & FLAG_COMMENT)
		at = skip_text(file, size, at);
	if (file[FLAGS] & FLAG_CRC)
		at += 2;
	return at < size - TRAILER_SIZE ? at : 0;
}

/* The bytes that @front becomes: blocks that others may follow.  0: out of memory. */
static size_t deflate_front(const uint8_t *front, size_t size, uint8_t **out)
{
	z_stream stream = {.next_in = (Bytef *)front, .avail_in = (uInt)size};
	uLong room;
	int status;

	if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, RAW_WINDOW, 8,
			 Z_DEFAULT_STRATEGY) != Z_OK)
		return 0;
	room = deflateBound(&stream, size) + sizeof(flushed) + 1;
	*out = malloc(room);
	stream.next_out = *out;
	stream.avail_out = (uInt)room;
	status = *out ? deflate(&stream, Z_FULL_FLUSH) : Z_MEM_ERROR;
	deflateEnd(&stream);
	if (status == Z_OK && !stream.avail_in && stream.avail_out)
		return stream.total_out;
	free(*out);
	return 0;
}

static void put_trailer(uint8_t *at, const uint8_t *content, size_t size)
{
	put32(at, (uint32_t)crc32(0, content, (uInt)size));
	put32(at + 4, (uint32_t)size);
}

/* Whether @packed unpacks to @content, and gives @file back. */
static bool is_proven(const uint8_t *packed, size_t packed_size, const uint8_t *content,
		      size_t content_size, size_t front, const uint8_t *file, size_t size)
{
	uint8_t *unpacked = NULL, *original = NULL;
	size_t unpacked_size, original_size;
	bool proven = !gzip_unpack(packed, packed_size, content_size, &unpacked, &unpacked_size) &&
		      unpacked && unpacked_size == content_size &&
		      !memcmp(unpacked, content, content_size) &&
		      gzip_take_off(packed, packed_size, content, content_size, front, &original,
				    &original_size) &&
		      original && original_size == size && !memcmp(original, file, size);

	free(unpacked);
	free(original);
	return proven;
}

const char *gzip_put_in_front(const uint8_t *file, size_t size, const uint8_t *content,
			      size_t content_size, size_t front, uint8_t **out, size_t *out_size)
{
	size_t header = header_size(file, size), rest, blocks;
	uint8_t *front_blocks = NULL;

	if (!header)
		return "damaged, or truncated (gzip)";
	blocks = deflate_front(content, front, &front_blocks);
	rest = size - header;
	*out_size = header + blocks + rest;
	*out = blocks ? malloc(*out_size) : NULL;
	if (*out) {
		memcpy(*out, file, header);
		memcpy(*out + header, front_blocks, blocks);
		memcpy(*out + header + blocks, file + header, rest);
		put_trailer(*out + *out_size - TRAILER_SIZE, content, content_size);
	}
	if (blocks)
		free(front_blocks);
	if (!*out)
		return "out of memory";
	if (is_proven(*out, *out_size, content, content_size, front, file, size))
		return NULL;
	free(*out);
	return "there is more in it than one compressed Image, and it could not be given back as "
	       "it is: give the Image (gzip -dc)";
}

/* The size of the blocks at @data that hold the first @front bytes; 0: they end nowhere. */
static size_t front_blocks_size(const uint8_t *data, size_t size, size_t front)
{
	z_stream stream = {.next_in = (Bytef *)data, .avail_in = (uInt)size};
	uint8_t scratch[4096];
	size_t found = 0;
	int status = inflateInit2(&stream, RAW_WINDOW);

	while (status == Z_OK && stream.total_out <= front && !found) {
		stream.next_out = scratch;
		stream.avail_out = sizeof(scratch);
		status = inflate(&stream, Z_BLOCK);
		if (stream.total_out == front && stream.total_in >= sizeof(flushed) &&
		    !memcmp(stream.next_in - sizeof(flushed), flushed, sizeof(flushed)))
			found = stream.total_in;
	}
	inflateEnd(&stream);
	return found;
}

bool gzip_take_off(const uint8_t *file, size_t size, const uint8_t *content, size_t content_size,
		   size_t front, uint8_t **out, size_t *out_size)
{
	size_t header = header_size(file, size), blocks = 0, rest;

	if (header && front <= content_size)
		blocks = front_blocks_size(file + header, size - header, front);
	if (!blocks || size - header - blocks < TRAILER_SIZE)
		return false;
	rest = size - header - blocks;
	*out_size = header + rest;
	*out = malloc(*out_size);
	if (!*out)
		return false;
	memcpy(*out, file, header);
	memcpy(*out + header, file + header + blocks, rest);
	put_trailer(*out + *out_size - TRAILER_SIZE, content + front, content_size - front);
	return true;
}
