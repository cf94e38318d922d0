/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "kernel_file.h"

#include <stdlib.h>

#include "arm64.h"
#include "blob.h"
#include "bzimage.h"
#include "gzip.h"

const char *kernel_file_take(struct kernel_file *kernel, uint8_t *file, size_t size)
{
	*kernel = (struct kernel_file){.image = file, .size = size};
	if (!gzip_is(file, size))
		return NULL;
	*kernel = (struct kernel_file){.packed = file, .packed_size = size};
	return gzip_unpack(file, size, BZIMAGE_MAX, &kernel->image, &kernel->size);
}

void kernel_file_free(struct kernel_file *kernel)
{
	free(kernel->packed);
	free(kernel->image);
}

const char *kernel_file_wrap_arm64(const struct kernel_file *kernel, uint32_t flags, uint8_t **out,
				   size_t *out_size)
{
	if (kernel->packed)
		return arm64_wrap_gzip(kernel->packed, kernel->packed_size, kernel->image,
				       kernel->size, blob_arm64, blob_arm64_size, flags, out,
				       out_size);
	return arm64_wrap(kernel->image, kernel->size, blob_arm64, blob_arm64_size, flags, out,
			  out_size);
}

const char *kernel_file_unwrap(const struct kernel_file *kernel, uint8_t **out, size_t *out_size,
			       bool *as_it_was)
{
	const char *wrong;

	*as_it_was = true;
	if (!arm64_is_image(kernel->image, kernel->size))
		return bzimage_unwrap(kernel->image, kernel->size, out, out_size);
	wrong = arm64_unwrap(kernel->image, kernel->size, out, out_size);
	if (!wrong && arm64_was_gzip(kernel->image)) {
		uint8_t *file;
		size_t size;

		*as_it_was = kernel->packed &&
			     arm64_unwrap_gzip(kernel->packed, kernel->packed_size, kernel->image,
					       kernel->size, &file, &size);
		if (*as_it_was) {
			free(*out);
			*out = file;
			*out_size = size;
		}
	}
	return wrong;
}
