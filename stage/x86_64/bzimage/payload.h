/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* The payload, the kernel that was wrapped, as the blob finds it in memory. */
#ifndef STAGE_X86_64_BZIMAGE_PAYLOAD_H
#define STAGE_X86_64_BZIMAGE_PAYLOAD_H

#include "bzimage.h"

/* Its setup sectors, as they were, and its protected-mode part. */
static inline const uint8_t *payload_setup(void)
{
	return bzimage_blob + bzimage_info.saved;
}

static inline uint8_t *payload_protected(void)
{
	return bzimage_blob + bzimage_info.stage_size;
}

/*
 * The header in @header, of the wrapped kernel and filled in by a loader, becomes
 * what it would be had the loader found the payload's file where it stands now.
 */
void payload_header(struct setup_header *header);

/* Its PE image, in memory. */
struct payload_image {
	uint32_t size;
	uint32_t entry;	   /* from the image's base */
	uint32_t headers;  /* size of what is loaded before the sections */
	uint32_t sections; /* of the section table, in the setup sectors */
	uint32_t section_count;
};

/* Read its PE header; false if there is none or it makes no sense. */
bool payload_image(struct payload_image *image);

/* Lay it out as a loader of PE images does, at @base: image->size bytes, zeroed. */
void payload_lay_out(const struct payload_image *image, uint8_t *base);

#endif /* STAGE_X86_64_BZIMAGE_PAYLOAD_H */
