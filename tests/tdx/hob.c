/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "hob.h"
#include <baton/string.h>

#define TYPE_HANDOFF 0x0001
#define TYPE_RESOURCE 0x0003
#define TYPE_END 0xffff
#define HANDOFF_VERSION 9

#define RESOURCE_MEMORY 0
#define RESOURCE_UNACCEPTED 7
#define ATTRIBUTES 7 /* present, initialized, tested */

struct header {
	uint16_t type;
	uint16_t length;
	uint32_t reserved;
};

struct handoff {
	struct header header;
	uint32_t version;
	uint32_t boot_mode;
	uint64_t memory_top, memory_bottom, free_top, free_bottom;
	uint64_t end_of_list;
};

struct resource {
	struct header header;
	uint8_t owner[16];
	uint32_t type;
	uint32_t attributes;
	uint64_t start;
	uint64_t length;
};
_Static_assert(sizeof(struct handoff) == 56, "PI 1.8, volume 3, 5.4");
_Static_assert(sizeof(struct resource) == 48, "PI 1.8, volume 3, 5.6");

struct list {
	uint8_t *to;
	size_t size, used;
};

static void add(struct list *list, const void *hob, size_t length)
{
	if (list->used + length <= list->size)
		memcpy(list->to + list->used, hob, length);
	list->used += length;
}

static void add_memory(struct list *list, uint64_t start, uint64_t end, uint32_t type)
{
	struct resource resource = {
		.header = {TYPE_RESOURCE, sizeof(resource), 0},
		.type = type,
		.attributes = ATTRIBUTES,
		.start = start,
		.length = end - start,
	};

	if (end > start)
		add(list, &resource, sizeof(resource));
}

/* The section with the lowest address from @from on; NULL if there is none below @end. */
static const struct tdvf_section *next_section(const struct tdvf *tdvf, uint64_t from, uint64_t end)
{
	const struct tdvf_section *next = NULL;

	for (size_t i = 0; i < tdvf->count; i++) {
		const struct tdvf_section *section = &tdvf->sections[i];

		if (section->address >= from && section->address < end && section->size &&
		    (!next || section->address < next->address))
			next = section;
	}
	return next;
}

size_t hob_write(void *to, size_t size, uint64_t address, const struct tdvf *tdvf, uint64_t ram_end)
{
	struct list list = {to, size, 0};
	struct handoff handoff = {
		.header = {TYPE_HANDOFF, sizeof(handoff), 0},
		.version = HANDOFF_VERSION,
	};
	const struct header end = {TYPE_END, sizeof(end), 0};
	const struct tdvf_section *section;
	uint64_t at = 0;

	add(&list, &handoff, sizeof(handoff));
	while ((section = next_section(tdvf, at, ram_end))) {
		add_memory(&list, at, section->address, RESOURCE_UNACCEPTED);
		at = section->address + section->size;
		add_memory(&list, section->address, at, RESOURCE_MEMORY);
	}
	add_memory(&list, at, ram_end, RESOURCE_UNACCEPTED);
	add(&list, &end, sizeof(end));
	if (list.used > size)
		return 0;
	handoff.end_of_list = address + list.used;
	memcpy(to, &handoff, sizeof(handoff));
	return list.used;
}
