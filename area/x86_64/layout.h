/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* The parts of an area: install.c writes them, compare.c expects them. */
#ifndef AREA_X86_64_LAYOUT_H
#define AREA_X86_64_LAYOUT_H

#include "install.h"
#include "slot.h"

#define LAYOUT_PAGE_ENTRIES 512 /* of a page table */
#define LAYOUT_VECTORS 256	/* of the IDT */

/* Where everything that depends on the plan lies in the area. */
struct layout {
	uint64_t map_end; /* the plan's, rounded up to what the page tables map */
	size_t pdpts;
	size_t directories;
	size_t table;
	size_t entries; /* of the ledger */
	size_t ledger;
	size_t lines;
	size_t slots;
	size_t apic_ids;
	size_t size;
};

/* False if there is no such area: see install_size(). */
bool layout_of(struct layout *l, const struct area_plan *plan);

/* The parts, each into memory that is zeroed; @base is where the area will be. */
void layout_header(struct baton_area *area, uint64_t base, const struct layout *l,
		   const struct area_plan *plan);
uint64_t layout_pml5_entry(const struct layout *l, uint64_t base, size_t index);
uint64_t layout_pml4_entry(const struct layout *l, uint64_t base, size_t index);
uint64_t layout_pdpt_entry(const struct layout *l, uint64_t base, size_t index);
uint64_t layout_directory_entry(size_t index);
void layout_gate(uint64_t gate[2], unsigned vector, uint64_t image,
		 const struct resident_entries *entries);
void layout_slot(struct slot *slot, const struct layout *l, uint64_t base, uint32_t number);

#endif /* AREA_X86_64_LAYOUT_H */
