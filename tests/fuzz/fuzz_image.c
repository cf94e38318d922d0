/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* A file that is given for an arm64 kernel: unpacking, wrapping and unwrapping it. */
#include "fuzz.h"

#include "cli/kernel/arm64.h"
#include "cli/kernel/gzip.h"
#include "lib/arm64/wrap.h"
#include <stdbool.h>

#define STAGE_SIZE 0x200
#define UNPACKED_MAX (1u << 20)
#define FRONT_SIZE 64

static const uint8_t *make_stage(void)
{
	static uint8_t stage[STAGE_SIZE];
	const struct image_header header = {.magic = IMAGE_MAGIC_VALUE, .image_size = 1};
	const struct baton_wrap_arm64 info = {.magic = WRAP_ARM64_MAGIC,
					      .version = WRAP_ARM64_VERSION};

	memcpy(stage, &header, sizeof(header));
	memcpy(stage + WRAP_ARM64_INFO, &info, sizeof(info));
	return stage;
}

static void wrap(const uint8_t *file, size_t size)
{
	uint8_t *wrapped, *original;
	size_t wrapped_size, original_size;

	if (arm64_wrap(file, size, make_stage(), STAGE_SIZE, 0, &wrapped, &wrapped_size))
		return;
	promise(arm64_is_wrapped(wrapped, wrapped_size));
	promise(!arm64_unwrap(wrapped, wrapped_size, &original, &original_size));
	promise(original_size == size && !memcmp(original, file, size));
	free(original);
	free(wrapped);
}

/* Bytes in front of its @content, and off again. */
static void put_in_front(const uint8_t *file, size_t size, const uint8_t *content,
			 size_t content_size)
{
	uint8_t *both = malloc(FRONT_SIZE + content_size), *out, *back;
	size_t out_size, back_size;

	memset(both, 0x5a, FRONT_SIZE);
	memcpy(both + FRONT_SIZE, content, content_size);
	if (gzip_take_off(file, size, content, content_size, FRONT_SIZE, &back, &back_size))
		free(back);
	if (!gzip_put_in_front(file, size, both, FRONT_SIZE + content_size, FRONT_SIZE, &out,
			       &out_size)) {
		promise(gzip_take_off(out, out_size, both, FRONT_SIZE + content_size, FRONT_SIZE,
				      &back, &back_size));
		promise(back_size == size && !memcmp(back, file, size));
		free(back);
		free(out);
	}
	free(both);
}

static void unpack(const uint8_t *file, size_t size)
{
	uint8_t *out;
	size_t out_size;

	if (gzip_unpack(file, size, UNPACKED_MAX, &out, &out_size))
		return;
	promise(out_size <= UNPACKED_MAX);
	put_in_front(file, size, out, out_size);
	if (arm64_is_image(out, out_size))
		wrap(out, out_size);
	free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *file = exact_copy(data, size), *original;
	size_t original_size;

	if (arm64_is_image(file, size))
		wrap(file, size);
	if (!arm64_unwrap(file, size, &original, &original_size))
		free(original);
	if (gzip_is(file, size))
		unpack(file, size);
	free(file);
	return 0;
}
