/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* clang-format off */
/*
 * Where the parts of an area are, and what its tables say: docs/contract.md, sections 4 and 8.
 *
 * Sources: area/x86_64/layout.c
 * Proof: layout
 * Proof: header --unwind 17
 * Proof: map
 * Proof: gate
 * Proof: slot
 * Quick: layout header map gate slot
 * Mutant: layout area/x86_64/layout.c s/plan->map_end > MAP_END_MAX/0/
 * Mutant: layout area/x86_64/layout.c s/l->slots = l->lines + plan->ncpus/l->slots = l->lines + (plan->ncpus - 1)/
 * Mutant: layout area/x86_64/layout.c s/PAGE \* (l->pdpts + l->directories)/PAGE * l->directories/
 * Mutant: header area/x86_64/layout.c s/checksum = -sum/checksum = sum/
 * Mutant: header area/x86_64/layout.c s/area->table = l->table;//
 * Mutant: map area/x86_64/layout.c s/(l->pdpts + index) \* PAGE/(1 + index) * PAGE/
 * Mutant: map area/x86_64/layout.c s/index < l->map_end \/ GIGABYTE/index <= l->map_end \/ GIGABYTE/
 * Mutant: map area/x86_64/layout.c s/return index \* LARGE_PAGE | PTE_PRESENT | PTE_WRITE/return index * LARGE_PAGE | PTE_PRESENT/
 * Mutant: gate area/x86_64/layout.c s/(handler \& 0xffff0000) << 32/(handler \& 0xffff0000) << 16/
 * Mutant: gate area/x86_64/layout.c s/entries->fault, IST_FAULT/entries->fault, 0/
 * Mutant: gate area/x86_64/layout.c s/VECTOR_VIRTUALIZATION 20/VECTOR_VIRTUALIZATION 21/
 * Mutant: slot area/x86_64/layout.c s/(tss >> 24 \& 0xff) << 56/(tss >> 24 \& 0xff) << 48/
 * Mutant: slot area/x86_64/layout.c s/ist\[IST_FAULT - 1\] = at + offsetof(struct slot, fault_owner)/ist[IST_FAULT - 1] = at + offsetof(struct slot, nmi_owner)/
 * Mutant: slot area/x86_64/layout.c s/number \* sizeof(struct baton_cpu_record)/number * 64/
 */
/* clang-format on */
#include "proof.h"
#include "area/x86_64/layout.h"
#include "area/x86_64/shared.h"

#define PAGE 4096
#define GIGABYTE (1ull << 30)
#define ADDRESS 0x000ffffffffff000ull /* of a page-table entry */

static struct area_plan plan;
static struct layout l;
static uint64_t base;

static bool any_layout(void)
{
	plan.ncpus = any64();
	plan.map_end = any64();
	plan.gigabyte_pages = any();
	plan.wait = any32();
	plan.tsc_per_us = any32();
	base = any64();
	ASSUME_CONTRACT("install.h: page-aligned, below 4 GiB",
			base % PAGE == 0 && base < (1ull << 32));
	return layout_of(&l, &plan);
}

void proof_layout(void)
{
	bool good = any_layout();

	if (plan.ncpus < 1 || plan.ncpus > 4096 || plan.map_end > 1ull << 47)
		PROVE("refused", !good);
	if (plan.ncpus >= 1 && plan.ncpus <= 4096 && plan.map_end <= 1ull << 40)
		PROVE("not refused", good);
	if (!good)
		return;
	PROVE("below 4 GiB, whole pages", l.size < 1ull << 32 && l.size % PAGE == 0);
	PROVE("the map: all that was asked for, 4 GiB at least, whole gigabytes",
	      l.map_end >= plan.map_end && l.map_end >= 4 * GIGABYTE && l.map_end % GIGABYTE == 0 &&
		      l.map_end <= 1ull << 47);
	PROVE("a PDPT for each 512 GiB, in one PML4",
	      l.pdpts * 512 * GIGABYTE >= l.map_end && l.pdpts >= 1 && l.pdpts <= 256);
	PROVE("directories: of the first 4 GiB, or of all",
	      l.directories == (plan.gigabyte_pages ? 4 : l.map_end / GIGABYTE));
	PROVE("the parts, one behind the other",
	      l.table >= 0x7000 + PAGE * (l.pdpts + l.directories) &&
		      l.ledger == l.table + 128 + 128 * plan.ncpus &&
		      l.lines >= l.ledger + 64 * l.entries &&
		      l.slots >= l.lines + 64 * plan.ncpus &&
		      l.apic_ids >= l.slots + sizeof(struct slot) * plan.ncpus &&
		      l.size >= l.apic_ids + 4 * plan.ncpus);
	PROVE("aligned", l.table % PAGE == 0 && l.ledger % 64 == 0 && l.lines % 64 == 0 &&
				 l.slots % 64 == 0 && l.apic_ids % 4 == 0);
	PROVE("a ledger", l.entries >= 64 && l.lines - l.ledger == 64 * l.entries);
}

void proof_header(void)
{
	struct baton_area area = {0};
	uint32_t words[16], sum = 0;

	l = (struct layout){any64(), any64(), any64(), any64(), any64(),
			    any64(), any64(), any64(), any64(), any64()};
	plan.ncpus = any64();
	plan.wait = any32();
	plan.tsc_per_us = any32();
	base = any64();
	ASSUME_CONTRACT("layout_of(): 4 GiB", l.table < 1ull << 32 && l.slots < 1ull << 32 &&
						      l.apic_ids < 1ull << 32 &&
						      l.size < 1ull << 32 && plan.ncpus <= 4096);
	layout_header(&area, base, &l, &plan);
	memcpy(words, &area, sizeof(words));
	for (int i = 0; i < 16; i++)
		sum += i == 3 ? 0 : words[i];
	PROVE("the checksum makes the sum 0", area.checksum == -sum && words[3] == area.checksum);
	PROVE("magic, version", area.magic == 0x414552414e544142 && area.version == 1);
	PROVE("parts", area.table == l.table && area.slots == l.slots &&
			       area.apic_ids == l.apic_ids && area.size == l.size &&
			       area.slot_size == sizeof(struct slot));
	PROVE("plan", area.base == base && area.ncpus == plan.ncpus && area.map_end == l.map_end &&
			      area.wait == plan.wait && area.tsc_per_us == plan.tsc_per_us);
}

static bool in_area(uint64_t entry, uint64_t from, size_t tables)
{
	uint64_t at = entry & ADDRESS;

	return at >= base + from && at <= base + from + (tables - 1) * PAGE && at % PAGE == 0;
}

/* A walk for any address, by Intel SDM volume 3, "4-level paging". */
void proof_map(void)
{
	uint64_t address = any64(), entry, table;

	ASSUME_CASE(any_layout() && address < 1ull << 48);
	PROVE("PML5", layout_pml5_entry(&l, base, 0) == (base + 0x6000) + 3);
	PROVE("PML5, the rest", !layout_pml5_entry(&l, base, 1 + any64() % 511));
	entry = layout_pml4_entry(&l, base, address >> 39);
	if ((entry & 1) == 0) {
		PROVE("what is not mapped is behind the map", address >= l.map_end && !entry);
		return;
	}
	PROVE("PML4: a PDPT in the area, writable",
	      in_area(entry, 0x7000, l.pdpts) && (entry & ~ADDRESS) == 3);
	table = ((entry & ADDRESS) - base - 0x7000) / PAGE;
	entry = layout_pdpt_entry(&l, base, table * 512 + (address >> 30) % 512);
	if ((entry & 1) == 0) {
		PROVE("what is not mapped is behind the map", address >= l.map_end && !entry);
		return;
	}
	PROVE("what is mapped is in the map", address < l.map_end);
	if (entry & 0x80) {
		PROVE("a gigabyte where it is, writable, cached",
		      entry == ((address & -GIGABYTE) | 0x83));
		PROVE("not below 4 GiB, and not where the processor can't",
		      address >= 4 * GIGABYTE && plan.gigabyte_pages);
		return;
	}
	PROVE("PDPT: a directory in the area, writable",
	      in_area(entry, 0x7000 + l.pdpts * PAGE, l.directories) && (entry & ~ADDRESS) == 3);
	table = ((entry & ADDRESS) - base - 0x7000) / PAGE - l.pdpts;
	entry = layout_directory_entry(table * 512 + (address >> 21) % 512);
	PROVE("2 MiB where they are, writable, cached",
	      entry == ((address & -(1ull << 21)) | 0x83));
}

void proof_gate(void)
{
	struct resident_entries entries = {any32(), any32(), any32(), any32(),
					   any32(), any32(), any32()};
	unsigned vector = any32();
	uint64_t gate[2], image = any64(), handler;

	ASSUME_BOUND(vector < 256);
	layout_gate(gate, vector, image, &entries);
	handler = (gate[0] & 0xffff) | (gate[0] >> 32 & 0xffff0000) | gate[1] << 32;
	PROVE("the handler of its kind", handler == image + (vector == 2    ? entries.nmi
							     : vector == 18 ? entries.machine_check
							     : vector == 20 ? entries.virtualization
							     : vector < 32  ? entries.fault
									    : entries.interrupt));
	PROVE("a stack of its own for each kind that can nest",
	      (gate[0] >> 32 & 7) == (vector == 2    ? 1
				      : vector == 18 ? 2
				      : vector < 32  ? 3
						     : 0));
	PROVE("64-bit interrupt gate, present, for level 0, of the code segment",
	      (gate[0] >> 40 & 0xff) == 0x8e && (gate[0] >> 16 & 0xffff) == 8 && !(gate[1] >> 32));
}

void proof_slot(void)
{
	struct slot slot = {0};
	uint32_t number = any32();
	uint64_t at, tss;

	ASSUME_CASE(any_layout() && number < plan.ncpus);
	ASSUME_CONTRACT("the area is below 4 GiB", base + l.size <= 1ull << 32);
	layout_slot(&slot, &l, base, number);
	at = base + l.slots + (uint64_t)number * 1536;
	PROVE("segments: none, 64-bit code, data, 32-bit code",
	      !slot.gdt[0] && slot.gdt[1] == 0x00af9b000000ffff &&
		      slot.gdt[2] == 0x00cf93000000ffff && slot.gdt[3] == 0x00cf9b000000ffff);
	tss = (slot.gdt[4] >> 16 & 0xffffff) | (slot.gdt[4] >> 56) << 24 | slot.gdt[5] << 32;
	PROVE("its TSS", tss == at + offsetof(struct slot, tss) && (slot.gdt[4] & 0xffff) == 103 &&
				 (slot.gdt[4] >> 40 & 0xff) == 0x89);
	PROVE("its GDT, and the area's IDT", slot.gdtr.base == at && slot.gdtr.limit == 47 &&
						     slot.idtr.base == base + 0x4000 &&
						     slot.idtr.limit == 4095);
	PROVE("stacks inside of it, apart and aligned",
	      slot.tss.ist[0] == at + offsetof(struct slot, nmi_owner) &&
		      slot.tss.ist[1] == at + offsetof(struct slot, machine_check_owner) &&
		      slot.tss.ist[2] == at + offsetof(struct slot, fault_owner) &&
		      slot.tss.ist[0] % 16 == 0 && slot.tss.ist[1] % 16 == 0 &&
		      slot.tss.ist[2] % 16 == 0);
	PROVE("a trap finds its slot", (uintptr_t)slot.nmi_owner.slot == at &&
					       (uintptr_t)slot.machine_check_owner.slot == at &&
					       (uintptr_t)slot.fault_owner.slot == at &&
					       (uintptr_t)slot.owner.slot == at);
	PROVE("the area, its record, its number",
	      (uintptr_t)slot.area == base &&
		      (uintptr_t)slot.record == base + l.table + 128 + 128ull * number &&
		      slot.number == number);
	PROVE("no access to ports from user mode", slot.tss.io_map >= 104);
}
