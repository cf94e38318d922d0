/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "tdvf.h"
#include <baton/string.h>

#define TABLE_FROM_END 0x20 /* behind the table is the code of the reset vector */

/* An entry of the table, and its end: data, the length of all, a GUID; to be read backwards. */
struct table_end {
	uint16_t length;
	uint8_t guid[16];
} __attribute__((packed));

static const uint8_t table_guid[16] = {0xde, 0x82, 0xb5, 0x96, 0xb2, 0x1f, 0xf7, 0x45,
				       0xba, 0xea, 0xa3, 0x66, 0xc5, 0x5a, 0x08, 0x2d};
static const uint8_t metadata_guid[16] = {0x35, 0x65, 0x7a, 0xe4, 0x4a, 0x98, 0x98, 0x47,
					  0x86, 0x5e, 0x46, 0x85, 0xa7, 0xbf, 0x8e, 0xc2};

struct descriptor {
	char signature[4];
	uint32_t length;
	uint32_t version;
	uint32_t count;
};

/* Where the metadata are in the image, 0 if the table has no such entry. */
static size_t find_metadata(const uint8_t *image, size_t size)
{
	struct table_end end;
	size_t at, start;
	uint32_t from_end;

	if (size < TABLE_FROM_END + sizeof(end))
		return 0;
	at = size - TABLE_FROM_END - sizeof(end);
	memcpy(&end, image + at, sizeof(end));
	if (memcmp(end.guid, table_guid, sizeof(table_guid)) || end.length < sizeof(end) ||
	    end.length - sizeof(end) > at)
		return 0;
	start = at + sizeof(end) - end.length;
	while (at >= start + sizeof(end)) {
		size_t next = at - sizeof(end);

		memcpy(&end, image + next, sizeof(end));
		if (end.length < sizeof(end) || end.length > at - start)
			return 0;
		if (!memcmp(end.guid, metadata_guid, sizeof(metadata_guid)) &&
		    end.length >= sizeof(end) + sizeof(from_end)) {
			memcpy(&from_end, image + at - end.length, sizeof(from_end));
			return from_end <= size ? size - from_end : 0;
		}
		at -= end.length;
	}
	return 0;
}

const char *tdvf_read(const uint8_t *image, size_t size, struct tdvf *tdvf)
{
	size_t at = find_metadata(image, size);
	struct descriptor descriptor;

	if (!at || size - at < sizeof(descriptor))
		return "it has no TDX metadata (of Debian 12's files only OVMF.fd of 2 MiB has)";
	memcpy(&descriptor, image + at, sizeof(descriptor));
	if (memcmp(descriptor.signature, "TDVF", 4) || descriptor.version != 1)
		return "its TDX metadata are not of version 1";
	if (descriptor.count > TDVF_SECTIONS_MAX ||
	    size - at - sizeof(descriptor) < descriptor.count * sizeof(struct tdvf_section))
		return "its TDX metadata have too many sections";
	tdvf->count = descriptor.count;
	memcpy(tdvf->sections, image + at + sizeof(descriptor),
	       descriptor.count * sizeof(struct tdvf_section));
	for (size_t i = 0; i < tdvf->count; i++) {
		const struct tdvf_section *section = &tdvf->sections[i];

		if (section->data_offset > size ||
		    section->data_size > size - section->data_offset ||
		    section->data_size > section->size ||
		    section->address + section->size < section->address ||
		    (section->address | section->size) & 0xfff)
			return "a section of its TDX metadata is not where it can be";
	}
	if (!tdvf_find(tdvf, TDVF_BFV, 0) || !tdvf_find(tdvf, TDVF_TD_HOB, 0))
		return "its TDX metadata have no code, or no place for the HOB list";
	return NULL;
}

const struct tdvf_section *tdvf_find(const struct tdvf *tdvf, enum tdvf_type type, size_t index)
{
	for (size_t i = 0; i < tdvf->count; i++)
		if (tdvf->sections[i].type == type && !index--)
			return &tdvf->sections[i];
	return NULL;
}
