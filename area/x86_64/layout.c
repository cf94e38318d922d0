/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "layout.h"
#include <baton/string.h>
#include "shared.h"

#define PAGE 4096ull
#define GIGABYTE (1ull << 30)
#define LARGE_PAGE (2ull << 20)

#define MAP_END_MAX (128ull << 40) /* the lower half of 4-level paging */
/*
 * At least this much is mapped: the local APIC, and the area wherever it is.
 * And it is mapped by small pages: memory and devices stand side by side in it,
 * and a page must not span memory types (Intel SDM volume 3, "Large page size
 * considerations").
 */
#define MIXED_END (4 * GIGABYTE)

/* Intel SDM volume 3, "Paging". */
#define PTE_PRESENT 0x01
#define PTE_WRITE 0x02
#define PTE_PAGE_SIZE 0x80

/* Flat descriptors of 64-bit code, data and 32-bit code, accessed. */
#define DESCRIPTOR_CODE 0x00af9b000000ffff
#define DESCRIPTOR_DATA 0x00cf93000000ffff
#define DESCRIPTOR_CODE32 0x00cf9b000000ffff
#define DESCRIPTOR_TSS 0x0000890000000000 /* available 64-bit TSS */

#define VECTOR_NMI 2
#define VECTOR_MACHINE_CHECK 18
#define VECTOR_VIRTUALIZATION 20
#define VECTOR_FIRST_INTERRUPT 32

/* What the area may take where the identity map takes least: see ledger_entries(). */
#define AREA_ROOM (64 << 10)
#define AREA_ROOM_PER_CPU (2 << 10)

#define GATE_INTERRUPT 0x8e00 /* present, DPL 0, interrupts stay off */

static uint64_t round_up(uint64_t n, uint64_t unit)
{
	return (n + unit - 1) / unit * unit;
}

/*
 * The ledger has all that is left of the area's room, in whole pages, on a machine
 * with one PDPT and large pages above MIXED_END; elsewhere it is no smaller.
 */
static size_t ledger_entries(size_t ncpus)
{
	size_t room = (AREA_ROOM + AREA_ROOM_PER_CPU * ncpus) / PAGE * PAGE;
	size_t table = BATON_AREA_PDPT + PAGE * (1 + MIXED_END / GIGABYTE);
	size_t others = sizeof(struct baton_table) +
			ncpus * (sizeof(struct baton_cpu_record) + sizeof(struct line) +
				 sizeof(struct slot) + sizeof(uint32_t));

	return (room - table - others) / sizeof(struct baton_entry);
}

bool layout_of(struct layout *l, const struct area_plan *plan)
{
	uint64_t end;

	if (plan->ncpus < 1 || plan->ncpus > BATON_X86_64_CPUS_MAX || plan->map_end > MAP_END_MAX)
		return false;
	l->map_end = plan->map_end < MIXED_END ? MIXED_END : round_up(plan->map_end, GIGABYTE);
	l->pdpts = round_up(l->map_end / GIGABYTE, LAYOUT_PAGE_ENTRIES) / LAYOUT_PAGE_ENTRIES;
	l->directories = (plan->gigabyte_pages ? MIXED_END : l->map_end) / GIGABYTE;

	l->table = BATON_AREA_PDPT + PAGE * (l->pdpts + l->directories);
	l->ledger = l->table + sizeof(struct baton_table) +
		    plan->ncpus * sizeof(struct baton_cpu_record);
	l->entries = ledger_entries(plan->ncpus);
	l->lines = l->ledger + l->entries * sizeof(struct baton_entry);
	l->slots = l->lines + plan->ncpus * sizeof(struct line);
	l->apic_ids = l->slots + plan->ncpus * sizeof(struct slot);
	end = round_up(l->apic_ids + plan->ncpus * sizeof(uint32_t), PAGE);
	l->size = end;
	return end < RESIDENT_AREA_LIMIT;
}

void layout_header(struct baton_area *area, uint64_t base, const struct layout *l,
		   const struct area_plan *plan)
{
	uint32_t words[sizeof(*area) / 4], sum = 0;

	area->magic = BATON_AREA_MAGIC;
	area->version = BATON_AREA_VERSION;
	area->ncpus = plan->ncpus;
	area->apic_ids = l->apic_ids;
	area->slots = l->slots;
	area->slot_size = sizeof(struct slot);
	area->table = l->table;
	area->size = l->size;
	area->base = base;
	area->map_end = l->map_end;
	area->tsc_per_us = plan->tsc_per_us;
	area->wait = plan->wait;

	area->checksum = 0;
	memcpy(words, area, sizeof(*area));
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		sum += words[i];
	area->checksum = -sum;
}

/*
 * The identity map [0, l->map_end), below a PML4 and, for CPUs that arrive so, a
 * PML5: the entries of all tables of a level, one after another.
 */
uint64_t layout_pml5_entry(const struct layout *l, uint64_t base, size_t index)
{
	(void)l;
	return index ? 0 : (base + BATON_AREA_PML4) | PTE_PRESENT | PTE_WRITE;
}

uint64_t layout_pml4_entry(const struct layout *l, uint64_t base, size_t index)
{
	uint64_t pdpt = base + BATON_AREA_PDPT + index * PAGE;

	return index < l->pdpts ? pdpt | PTE_PRESENT | PTE_WRITE : 0;
}

uint64_t layout_pdpt_entry(const struct layout *l, uint64_t base, size_t index)
{
	uint64_t directory = base + BATON_AREA_PDPT + (l->pdpts + index) * PAGE;

	if (index < l->directories)
		return directory | PTE_PRESENT | PTE_WRITE;
	if (index < l->map_end / GIGABYTE)
		return index * GIGABYTE | PTE_PRESENT | PTE_WRITE | PTE_PAGE_SIZE;
	return 0;
}

uint64_t layout_directory_entry(size_t index)
{
	return index * LARGE_PAGE | PTE_PRESENT | PTE_WRITE | PTE_PAGE_SIZE;
}

static void write_gate(uint64_t *gate, uint64_t handler, unsigned ist)
{
	gate[0] = (handler & 0xffff) | SELECTOR_CODE << 16 | (uint64_t)ist << 32 |
		  (uint64_t)GATE_INTERRUPT << 32 | (handler & 0xffff0000) << 32;
	gate[1] = handler >> 32;
}

void layout_gate(uint64_t gate[2], unsigned vector, uint64_t image,
		 const struct resident_entries *entries)
{
	if (vector == VECTOR_NMI)
		write_gate(gate, image + entries->nmi, IST_NMI);
	else if (vector == VECTOR_MACHINE_CHECK)
		write_gate(gate, image + entries->machine_check, IST_MACHINE_CHECK);
	else if (vector == VECTOR_VIRTUALIZATION)
		write_gate(gate, image + entries->virtualization, IST_FAULT);
	else if (vector < VECTOR_FIRST_INTERRUPT)
		write_gate(gate, image + entries->fault, IST_FAULT);
	else
		write_gate(gate, image + entries->interrupt, 0);
}

/* All addresses that a slot holds are physical. */
void layout_slot(struct slot *slot, const struct layout *l, uint64_t base, uint32_t number)
{
	uint64_t at = base + l->slots + number * sizeof(struct slot);
	uint64_t record = base + l->table + offsetof(struct baton_table, cpu) +
			  number * sizeof(struct baton_cpu_record);
	uint64_t tss = at + offsetof(struct slot, tss);

	slot->gdt[SELECTOR_CODE / 8] = DESCRIPTOR_CODE;
	slot->gdt[SELECTOR_DATA / 8] = DESCRIPTOR_DATA;
	slot->gdt[SELECTOR_CODE32 / 8] = DESCRIPTOR_CODE32;
	slot->gdt[SELECTOR_TSS / 8] = DESCRIPTOR_TSS | (sizeof(slot->tss) - 1) |
				      (tss & 0xffffff) << 16 | (tss >> 24 & 0xff) << 56;
	slot->gdt[SELECTOR_TSS / 8 + 1] = tss >> 32;
	slot->gdtr.limit = sizeof(slot->gdt) - 1;
	slot->gdtr.base = at + offsetof(struct slot, gdt);
	slot->idtr.limit = LAYOUT_VECTORS * 16 - 1;
	slot->idtr.base = base + BATON_AREA_IDT;

	slot->tss.io_map = sizeof(slot->tss);
	slot->tss.ist[IST_NMI - 1] = at + offsetof(struct slot, nmi_owner);
	slot->tss.ist[IST_MACHINE_CHECK - 1] = at + offsetof(struct slot, machine_check_owner);
	slot->tss.ist[IST_FAULT - 1] = at + offsetof(struct slot, fault_owner);
	slot->nmi_owner.slot = (struct slot *)(uintptr_t)at;
	slot->machine_check_owner.slot = (struct slot *)(uintptr_t)at;
	slot->fault_owner.slot = (struct slot *)(uintptr_t)at;
	slot->owner.slot = (struct slot *)(uintptr_t)at;

	slot->area = (struct baton_area *)(uintptr_t)base;
	slot->record = (struct baton_cpu_record *)(uintptr_t)record;
	slot->number = number;
}
