/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "adopt.h"
#include <baton/mailbox.h>
#include <baton/reader.h>
#include <baton/string.h>

#define PAGE 4096u
#define BELOW_4G (1ull << 32)

static bool header_sums_up(const struct baton_area *area)
{
	uint32_t words[sizeof(*area) / 4], sum = 0;

	memcpy(words, area, sizeof(words));
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		sum += words[i];
	return !sum;
}

/* A part of the area, from @start to before @end. */
struct part {
	uint64_t start, end;
};

static bool part_fits(const struct part *part, const struct part *others, size_t n, uint32_t size)
{
	if (part->start > part->end || part->end > size)
		return false;
	for (size_t i = 0; i < n; i++)
		if (part->start < others[i].end && others[i].start < part->end)
			return false;
	return true;
}

/* Every part that an offset of the header names lies inside, and no two overlap. */
static bool parts_fit(const struct baton_area *area, uint32_t table_length)
{
	const uint64_t n = area->ncpus;
	const struct part parts[] = {
		{0, BATON_AREA_PDPT}, /* what has a fixed place */
		{area->table, area->table + (uint64_t)table_length},
		{area->slots, area->slots + n * area->slot_size},
		{area->apic_ids, area->apic_ids + n * sizeof(uint32_t)},
	};

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (!part_fits(&parts[i], parts, i, area->size))
			return false;
	return true;
}

/* The table alone: the header is compared with its other fields later. */
static const char *check_table(const struct adopt_claim *claim, size_t size)
{
	const struct baton_table *t = claim->table;
	const char *error = "the BATN table is not below 4 GiB, or not aligned";

	if (!claim->table_address)
		return "there is no BATN table";
	if (claim->table_address % PAGE || claim->table_address >= BELOW_4G)
		return error;
	/* Held CPUs count in it: a sum that is wrong once may be right the next time. */
	for (int tries = 0; tries < 16; tries++) {
		error = baton_table_check(t, size);
		if (!error)
			break;
	}
	if (error)
		return error;
	if (t->area % PAGE || t->area_size % PAGE || !t->area)
		return "the area is not page-aligned";
	if (t->area >= BELOW_4G || t->area + t->area_size > BELOW_4G)
		return "the area is not below 4 GiB";
	if (t->area_size < BATON_AREA_PDPT + PAGE)
		return "the area is too small";
	if (!claim->reserved(t->area, t->area_size))
		return "the area is not reserved in the memory map";
	return NULL;
}

static const char *check_header(const struct adopt_claim *claim, const struct baton_area *area)
{
	const struct baton_table *t = claim->table;
	const struct acpi_header *acpi = (const void *)t->acpi_header;

	if (area->magic != BATON_AREA_MAGIC)
		return "the area has not the magic number";
	if (area->version != BATON_AREA_VERSION)
		return "the area has a version that is not known";
	if (!header_sums_up(area))
		return "the area's header has a wrong checksum";
	if (area->base != t->area || area->size != t->area_size || area->ncpus != t->ncpus ||
	    area->map_end != t->map_end || area->base + area->table != claim->table_address)
		return "the area's header and the BATN table disagree";
	if (!parts_fit(area, acpi->length))
		return "parts of the area overlap, or lie outside";
	return NULL;
}

static const char *check_wakeup(const struct adopt_claim *claim)
{
	const struct acpi_madt_wakeup *w = claim->wakeup;
	const struct baton_table *t = claim->table;

	if (w->version != 1 || w->entry.length < ACPI_MADT_WAKEUP_LENGTH_V1)
		return "the wakeup structure is not of version 1";
	if (w->mailbox != t->area + BATON_AREA_MAILBOX || w->mailbox != t->mailbox)
		return "the wakeup structure names another mailbox";
	if (w->reset_vector != t->area + BATON_AREA_RESIDENT || w->reset_vector != t->reset_vector)
		return "the wakeup structure names another reset vector";
	return NULL;
}

uint64_t adopt_check(const struct adopt_claim *claim, size_t size, const char **why)
{
	*why = check_table(claim, size);
	if (!*why)
		*why = check_header(claim, claim->at(claim->table->area));
	if (!*why)
		*why = check_wakeup(claim);
	return *why ? 0 : claim->table->area;
}

bool adopt_has_all(const struct baton_area *area, const struct acpi_madt *madt)
{
	const struct baton_table *table = (const void *)((const uint8_t *)area + area->table);
	const struct acpi_madt_entry *entry = NULL;
	struct acpi_cpu cpu;

	while ((entry = acpi_madt_next_cpu(madt, entry, &cpu))) {
		uint32_t i = 0;

		while (i < table->ncpus && table->cpu[i].apic_id != cpu.apic_id)
			i++;
		if (i == table->ncpus ||
		    baton_count_value(table->cpu[i].state) == BATON_CPU_MISSING)
			return false;
	}
	return true;
}
