/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "payload.h"
#include <baton/string.h>

void payload_header(struct setup_header *header)
{
	const struct setup_header *own =
		(const struct setup_header *)(payload_setup() + BZIMAGE_HEADER);

	/* What "baton wrap" changes; loaders leave it alone. */
	header->syssize = own->syssize;
	header->xloadflags = own->xloadflags;
	header->payload_offset = own->payload_offset;
	header->init_size = own->init_size;
	header->handover_offset = own->handover_offset;
	if (own->version >= 0x020f)
		header->kernel_info_offset = own->kernel_info_offset;
	/* Some say here where they have put the protected-mode part. */
	if (header->code32_start == (uint32_t)(uintptr_t)bzimage_blob)
		header->code32_start += bzimage_info.stage_size;
}

/*
 * The PE header (Microsoft, "PE format").  "baton wrap" has checked it with all
 * that it points to; here it is read again, and believed as far as it leads into
 * the payload and its image.
 */
#define PE_POINTER 0x3c
#define FILE_SECTIONS 6
#define FILE_OPTIONAL_SIZE 20
#define FILE_SIZE 24
#define OPT_ENTRY 16
#define OPT_IMAGE_SIZE 56
#define OPT_HEADERS_SIZE 60
#define OPT_SIZE 112
#define SECTION_SIZE 40
#define IMAGE_MAX (1u << 30)

struct pe_section {
	char name[8];
	uint32_t memory_size;
	uint32_t address;
	uint32_t file_size;
	uint32_t offset;
	uint8_t unused[16];
};
_Static_assert(sizeof(struct pe_section) == SECTION_SIZE, "PE format");

static uint32_t setup32(uint32_t offset)
{
	uint32_t value;

	memcpy(&value, payload_setup() + offset, sizeof(value));
	return value;
}

bool payload_image(struct payload_image *image)
{
	uint32_t setup = bzimage_info.saved_setup, pe = setup32(PE_POINTER), optional;

	if (setup < FILE_SIZE + OPT_SIZE || pe > setup - FILE_SIZE - OPT_SIZE ||
	    memcmp(payload_setup(), "MZ", 2) || memcmp(payload_setup() + pe, "PE\0", 4))
		return false;
	optional = pe + FILE_SIZE;
	image->section_count = setup32(pe + FILE_SECTIONS) & 0xffff;
	image->sections = optional + (setup32(pe + FILE_OPTIONAL_SIZE) & 0xffff);
	image->size = setup32(optional + OPT_IMAGE_SIZE);
	image->entry = setup32(optional + OPT_ENTRY);
	image->headers = setup32(optional + OPT_HEADERS_SIZE);
	return image->sections <= setup &&
	       image->section_count <= (setup - image->sections) / SECTION_SIZE &&
	       image->size <= IMAGE_MAX && image->entry < image->size &&
	       image->headers <= image->size && image->headers <= setup;
}

/* The kernel is large, and memcpy() copies bytes. */
static void copy(uint8_t *to, const uint8_t *from, uint32_t length)
{
	uint64_t words = length / 8, bytes = length % 8;

	__asm__ volatile("cld; rep movsq; mov %3, %2; rep movsb"
			 : "+D"(to), "+S"(from), "+c"(words)
			 : "r"(bytes)
			 : "memory", "cc");
}

/* Copy [@offset, @offset + @length) of the payload's file, as far as it was loaded. */
static void copy_file(uint8_t *to, uint32_t offset, uint32_t length)
{
	uint32_t setup = bzimage_info.saved_setup;

	if (offset < setup) {
		uint32_t first = length < setup - offset ? length : setup - offset;

		copy(to, payload_setup() + offset, first);
		to += first;
		offset += first;
		length -= first;
	}
	offset -= setup;
	if (length && offset < bzimage_info.payload_size &&
	    length <= bzimage_info.payload_size - offset)
		copy(to, payload_protected() + offset, length);
}

void payload_lay_out(const struct payload_image *image, uint8_t *base)
{
	copy_file(base, 0, image->headers);
	for (uint32_t i = 0; i < image->section_count; i++) {
		struct pe_section section;
		uint32_t length;

		memcpy(&section, payload_setup() + image->sections + i * SECTION_SIZE,
		       sizeof(section));
		length = section.file_size < section.memory_size ? section.file_size
								 : section.memory_size;
		if (section.address <= image->size && length <= image->size - section.address)
			copy_file(base + section.address, section.offset, length);
	}
}
