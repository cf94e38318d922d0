/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "arm64.h"
#include "lib/arm64/wrap.h"
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/* The kernel must start at such an address; a loader that sees to less makes it move. */
#define ALIGNMENT 0x200000u
#define IMAGE_MAX (1u << 30)

bool arm64_is_image(const uint8_t *file, size_t size)
{
	struct image_header header;

	if (size < sizeof(header))
		return false;
	memcpy(&header, file, sizeof(header));
	return header.magic == IMAGE_MAGIC_VALUE;
}

bool arm64_is_wrapped(const uint8_t *file, size_t size)
{
	struct baton_wrap_arm64 info;

	if (!arm64_is_image(file, size) || size < WRAP_ARM64_INFO + sizeof(info))
		return false;
	memcpy(&info, file + WRAP_ARM64_INFO, sizeof(info));
	return info.magic == WRAP_ARM64_MAGIC;
}

static const char *check_image(const struct image_header *header, size_t size)
{
	if (header->flags & IMAGE_FLAG_BIG_ENDIAN)
		return "a big-endian kernel: only little-endian ones can be wrapped";
	if (!header->image_size)
		return "the header has no image size: Linux 3.17 or later is needed";
	if (header->image_size > IMAGE_MAX || header->text_offset >= ALIGNMENT)
		return "impossible header";
	if (size > header->image_size)
		return "longer than its header says";
	return NULL;
}

const char *arm64_wrap(const uint8_t *file, size_t size, const uint8_t *stage, size_t stage_size,
		       uint32_t flags, uint8_t **wrapped, size_t *wrapped_size)
{
	struct baton_wrap_arm64 info;
	struct image_header header;
	const char *wrong;
	uint8_t *out;

	if (arm64_is_wrapped(file, size))
		return "already wrapped: \"baton unwrap\" gives the kernel in it back";
	memcpy(&header, file, sizeof(header));
	wrong = check_image(&header, size);
	if (wrong)
		return wrong;
	*wrapped_size = WRAP_ARM64_STAGE_SIZE + size;
	out = calloc(1, *wrapped_size);
	if (!out)
		return "out of memory";
	memcpy(out, stage, stage_size);
	memcpy(out + WRAP_ARM64_STAGE_SIZE, file, size);
	memcpy(&info, stage + WRAP_ARM64_INFO, sizeof(info));
	info.flags = flags;
	info.payload_size = size;
	info.payload_crc32 = (uint32_t)crc32(0, file, (uInt)size);
	memcpy(out + WRAP_ARM64_INFO, &info, sizeof(info));

	/* Room for the kernel behind the stage, and to move it to where it can run. */
	memcpy(&header, stage, sizeof(header));
	header.image_size = WRAP_ARM64_STAGE_SIZE + ((const struct image_header *)file)->image_size;
	header.image_size += ((const struct image_header *)file)->text_offset + ALIGNMENT;
	memcpy(out, &header, sizeof(header));
	*wrapped = out;
	return NULL;
}

const char *arm64_unwrap(const uint8_t *file, size_t size, uint8_t **original,
			 size_t *original_size)
{
	const uint8_t *payload = file + WRAP_ARM64_STAGE_SIZE;
	struct baton_wrap_arm64 info;

	if (!arm64_is_wrapped(file, size))
		return "not a wrapped kernel, or its stage is damaged";
	memcpy(&info, file + WRAP_ARM64_INFO, sizeof(info));
	if (info.version != WRAP_ARM64_VERSION)
		return "wrapped by another version of baton, whose format this one does not know";
	if (size < WRAP_ARM64_STAGE_SIZE || info.payload_size > size - WRAP_ARM64_STAGE_SIZE)
		return "truncated, or damaged: the kernel in it is not all there";
	if ((uint32_t)crc32(0, payload, (uInt)info.payload_size) != info.payload_crc32)
		return "damaged: the kernel in it is not the one that was wrapped (checksum)";
	*original_size = info.payload_size;
	*original = malloc(info.payload_size ? info.payload_size : 1);
	if (!*original)
		return "out of memory";
	memcpy(*original, payload, info.payload_size);
	return NULL;
}

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
	return status == Z_OK || status == Z_STREAM_END ? "what is compressed in it is too large"
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
