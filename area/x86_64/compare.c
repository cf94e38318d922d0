/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "compare.h"
#include <baton/string.h>
#include "layout.h"
#include "shared.h"

#define PTE_USED 0x60 /* accessed and dirty: the processor sets them */

/* The TSS is busy once it has been loaded: a bit of its descriptor's type. */
#define DESCRIPTOR_BUSY 0x0000020000000000

/* An area as it was found, and what it was made for. */
struct found {
	const uint8_t *area;
	uint64_t base;
	struct baton_area header; /* a copy */
	struct layout layout;
};

static const void *at(const struct found *f, size_t offset)
{
	return f->area + offset;
}

/* The same layout and the same bytes follow from what the header itself says. */
static bool same_header(struct found *f, bool gigabyte_pages)
{
	const struct area_plan plan = {
		.ncpus = f->header.ncpus,
		.map_end = f->header.map_end,
		.gigabyte_pages = gigabyte_pages,
		.wait = f->header.wait,
		.tsc_per_us = f->header.tsc_per_us,
	};
	struct baton_area expected = {0};

	if (!layout_of(&f->layout, &plan))
		return false;
	layout_header(&expected, f->base, &f->layout, &plan);
	return !memcmp(&f->header, &expected, sizeof(expected)) && f->header.tsc_per_us;
}

static bool same_idt(const struct found *f, const void *image)
{
	const uint64_t *idt = at(f, BATON_AREA_IDT);
	struct resident_entries entries;
	uint64_t gate[2];

	memcpy(&entries, (const uint8_t *)image + RESIDENT_ENTRIES, sizeof(entries));
	for (unsigned vector = 0; vector < LAYOUT_VECTORS; vector++) {
		layout_gate(gate, vector, f->base + BATON_AREA_RESIDENT, &entries);
		if (memcmp(idt + 2 * vector, gate, sizeof(gate)))
			return false;
	}
	return true;
}

static bool same_page_tables(const struct found *f)
{
	const struct layout *l = &f->layout;
	const uint64_t *pml5 = at(f, BATON_AREA_PML5);
	const uint64_t *pml4 = at(f, BATON_AREA_PML4);
	const uint64_t *pdpt = at(f, BATON_AREA_PDPT);
	const uint64_t *directory = pdpt + l->pdpts * LAYOUT_PAGE_ENTRIES;
	uint64_t differ = 0;

	for (size_t i = 0; i < LAYOUT_PAGE_ENTRIES; i++)
		differ |= (pml5[i] ^ layout_pml5_entry(l, f->base, i)) |
			  (pml4[i] ^ layout_pml4_entry(l, f->base, i));
	for (size_t i = 0; i < l->pdpts * LAYOUT_PAGE_ENTRIES; i++)
		differ |= pdpt[i] ^ layout_pdpt_entry(l, f->base, i);
	for (size_t i = 0; i < l->directories * LAYOUT_PAGE_ENTRIES; i++)
		differ |= directory[i] ^ layout_directory_entry(i);
	return !(differ & ~(uint64_t)PTE_USED);
}

static bool same_slot(const struct slot *slot, const struct slot *expected)
{
	const size_t tss = SELECTOR_TSS / 8;

	for (size_t i = 0; i < sizeof(slot->gdt) / sizeof(slot->gdt[0]); i++)
		if ((slot->gdt[i] ^ expected->gdt[i]) & ~(i == tss ? DESCRIPTOR_BUSY : 0))
			return false;
	return !memcmp(&slot->tss, &expected->tss, sizeof(slot->tss)) &&
	       !memcmp(&slot->gdtr, &expected->gdtr, sizeof(slot->gdtr)) &&
	       !memcmp(&slot->idtr, &expected->idtr, sizeof(slot->idtr)) &&
	       slot->area == expected->area && slot->record == expected->record &&
	       slot->number == expected->number &&
	       slot->nmi_owner.slot == expected->nmi_owner.slot &&
	       slot->machine_check_owner.slot == expected->machine_check_owner.slot &&
	       slot->fault_owner.slot == expected->fault_owner.slot &&
	       slot->owner.slot == expected->owner.slot;
}

/* In a TD no two slots may be one CPU's. */
static bool is_bound_twice(const struct slot *slot, uint32_t number)
{
	for (uint32_t i = 0; i < number; i++)
		if (slot[number].vcpu && slot[i].vcpu == slot[number].vcpu)
			return true;
	return false;
}

static bool same_slots(const struct found *f)
{
	const struct slot *slot = at(f, f->layout.slots);

	for (uint32_t i = 0; i < f->header.ncpus; i++) {
		struct slot expected = {0};

		layout_slot(&expected, &f->layout, f->base, i);
		if (!same_slot(&slot[i], &expected) || is_bound_twice(slot, i))
			return false;
	}
	return true;
}

static bool is_state(uint32_t state, uint32_t ncpus)
{
	return state < LINE_WAKING + ncpus ||
	       (state >= LINE_LOST + LINE_WAKING && state < LINE_LOST + LINE_WAKING + ncpus);
}

/* APIC IDs, lines and records name the same CPUs, each once. */
static bool same_cpus(const struct found *f)
{
	const uint32_t *apic_ids = at(f, f->layout.apic_ids);
	const struct line *line = at(f, f->layout.lines);
	const struct baton_table *table = at(f, f->layout.table);

	for (uint32_t i = 0; i < f->header.ncpus; i++) {
		if (line[i].apic_id != apic_ids[i] || table->cpu[i].apic_id != apic_ids[i] ||
		    !is_state(line[i].state, f->header.ncpus))
			return false;
		for (uint32_t k = 0; k < i; k++)
			if (apic_ids[k] == apic_ids[i])
				return false;
	}
	return true;
}

static bool same_shared(const struct found *f)
{
	const struct shared *shared = at(f, AREA_SHARED);
	uint64_t base = f->base;

	return (uintptr_t)shared->mailbox == base + BATON_AREA_MAILBOX &&
	       (uintptr_t)shared->line == base + f->layout.lines &&
	       shared->ncpus == f->header.ncpus &&
	       (shared->listener < shared->ncpus || shared->listener == LINE_NONE);
}

static bool same_table(const struct found *f)
{
	const struct layout *l = &f->layout;
	const struct baton_table *table = at(f, l->table);
	const struct acpi_header *header = (const void *)table->acpi_header;

	return table->version == BATON_TABLE_VERSION &&
	       table->record_size == sizeof(struct baton_cpu_record) &&
	       header->length == l->lines - l->table && table->area == f->base &&
	       table->area_size == l->size && table->ncpus == f->header.ncpus &&
	       table->mailbox == f->base + BATON_AREA_MAILBOX &&
	       table->reset_vector == f->base + BATON_AREA_RESIDENT &&
	       table->map_end == f->header.map_end;
}

const char *compare_area(const void *area, uint64_t base, bool gigabyte_pages, const void *image)
{
	struct found f = {.area = area, .base = base};

	memcpy(&f.header, area, sizeof(f.header));
	if (!same_header(&f, gigabyte_pages))
		return "its header";
	if (memcmp(at(&f, BATON_AREA_RESIDENT), image, BATON_RESIDENT_MAX))
		return "its resident";
	if (!same_idt(&f, image))
		return "its IDT";
	if (!same_page_tables(&f))
		return "its page tables";
	if (!same_shared(&f))
		return "what its CPUs share";
	if (!same_cpus(&f))
		return "its list of CPUs";
	if (!same_slots(&f))
		return "a slot";
	if (!same_table(&f))
		return "its BATN table";
	return NULL;
}
