/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * A TDX virtual firmware's metadata: TDX Virtual Firmware Design Guide, "TDVF descriptor".
 * Where the image keeps them is OVMF's: a table of GUIDs that ends 0x20 bytes before the image
 * does.  Plain C, for the host too; the image is not trusted.
 */
#ifndef TESTS_TDX_TDVF_H
#define TESTS_TDX_TDVF_H

#include <stddef.h>
#include <stdint.h>

enum tdvf_type {
	TDVF_BFV,      /* code, measured */
	TDVF_CFV,      /* variables */
	TDVF_TD_HOB,   /* the VMM puts the HOB list there */
	TDVF_TEMP_MEM, /* zeros */
};

struct tdvf_section {
	uint32_t data_offset; /* in the image */
	uint32_t data_size;
	uint64_t address; /* of guest-physical memory */
	uint64_t size;
	uint32_t type;
	uint32_t attributes;
};
_Static_assert(sizeof(struct tdvf_section) == 32, "TDVF design guide, TDVF_SECTION");

#define TDVF_SECTIONS_MAX 16

struct tdvf {
	size_t count;
	struct tdvf_section sections[TDVF_SECTIONS_MAX];
};

/*
 * Read the metadata of @image, @size bytes.  Returns NULL, or why they can't be used, as text
 * for the user.  Then every section's data lie in the image, and fit its memory.
 */
const char *tdvf_read(const uint8_t *image, size_t size, struct tdvf *tdvf);

/* The section of @type, number @index of them; NULL if there are not so many. */
const struct tdvf_section *tdvf_find(const struct tdvf *tdvf, enum tdvf_type type, size_t index);

#endif /* TESTS_TDX_TDVF_H */
