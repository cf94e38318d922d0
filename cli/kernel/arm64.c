/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "arm64.h"
#include "lib/arm64/wrap.h"
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "gzip.h"

/* Of the kernel's start address.  Below a loader with a smaller one, the stage moves the kernel. */
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
		return "longer than its header promises";
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
		return "already wrapped: \"baton unwrap\" restores the kernel in it";
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

const char *arm64_wrap_gzip(const uint8_t *packed, size_t packed_size, const uint8_t *file,
			    size_t size, const uint8_t *stage, size_t stage_size, uint32_t flags,
			    uint8_t **wrapped, size_t *wrapped_size)
{
	struct baton_wrap_arm64 *info;
	uint8_t *image;
	size_t image_size;
	const char *wrong = arm64_wrap(file, size, stage, stage_size, flags, &image, &image_size);

	if (wrong)
		return wrong;
	info = (struct baton_wrap_arm64 *)(image + WRAP_ARM64_INFO);
	info->gzip_size = packed_size;
	info->gzip_crc32 = (uint32_t)crc32(0, packed, (uInt)packed_size);
	wrong = gzip_put_in_front(packed, packed_size, image, image_size, WRAP_ARM64_STAGE_SIZE,
				  wrapped, wrapped_size);
	free(image);
	return wrong;
}

bool arm64_was_gzip(const uint8_t *file)
{
	struct baton_wrap_arm64 info;

	memcpy(&info, file + WRAP_ARM64_INFO, sizeof(info));
	return info.gzip_size;
}

bool arm64_unwrap_gzip(const uint8_t *packed, size_t packed_size, const uint8_t *file, size_t size,
		       uint8_t **original, size_t *original_size)
{
	struct baton_wrap_arm64 info;

	memcpy(&info, file + WRAP_ARM64_INFO, sizeof(info));
	if (!gzip_take_off(packed, packed_size, file, size, WRAP_ARM64_STAGE_SIZE, original,
			   original_size))
		return false;
	if (*original_size == info.gzip_size &&
	    (uint32_t)crc32(0, *original, (uInt)*original_size) == info.gzip_crc32)
		return true;
	free(*original);
	return false;
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
