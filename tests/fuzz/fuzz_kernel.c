/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* A file that is given for a kernel: reading, wrapping and unwrapping it. */
#include "fuzz.h"

#include "cli/kernel/bzimage.h"

#define BLOB_SIZE 0x600
#define ALIGNMENT_MAX 0x10000 /* a larger one costs memory and shows nothing new */

static const uint8_t *make_blob(void)
{
	static uint8_t blob[BLOB_SIZE];
	struct baton_wrap info = {
		.version = WRAP_VERSION,
		.blob_size = BLOB_SIZE,
		.text_size = BLOB_SIZE,
	};

	memcpy(info.magic, WRAP_MAGIC, sizeof(info.magic));
	memcpy(blob + WRAP_INFO, &info, sizeof(info));
	return blob;
}

static void wrap(const struct bzimage *image)
{
	static const struct wrap_options options = {.verbose = true};
	uint8_t *wrapped, *original;
	size_t wrapped_size, size;
	struct bzimage again;

	if (image->header.kernel_alignment > ALIGNMENT_MAX)
		return;
	if (bzimage_wrap(image, make_blob(), BLOB_SIZE, &options, &wrapped, &wrapped_size))
		return;
	promise(bzimage_is_wrapped(wrapped, wrapped_size));
	promise(bzimage_read(&again, wrapped, wrapped_size)); /* wrapped already */
	promise(!bzimage_unwrap(wrapped, wrapped_size, &original, &size));
	promise(size == image->size && !memcmp(original, image->file, size));
	free(original);
	free(wrapped);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *file = exact_copy(data, size), *original;
	struct bzimage image;
	size_t original_size;

	if (!bzimage_read(&image, file, size))
		wrap(&image);
	if (!bzimage_unwrap(file, size, &original, &original_size))
		free(original);
	free(file);
	return 0;
}
