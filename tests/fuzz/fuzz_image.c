/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* A file that is given for an arm64 kernel: unpacking, wrapping and unwrapping it. */
#include "fuzz.h"

#include "cli/kernel/arm64.h"
#include "cli/kernel/gzip.h"
#include "lib/arm64/wrap.h"
#include <stdbool.h>

#define STAGE_SIZE 0x200
#define UNPACKED_MAX (1u << 20)

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

static void unpack(const uint8_t *file, size_t size)
{
	uint8_t *out;
	size_t out_size;

	if (gzip_unpack(file, size, UNPACKED_MAX, &out, &out_size))
		return;
	promise(out_size <= UNPACKED_MAX);
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
