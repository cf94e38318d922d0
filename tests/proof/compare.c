/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* clang-format off */
/*
 * Whether an area that was found is what a stage would write: docs/contract.md, section 8,
 * "Adopting it".  Parts of an area, of arbitrary bytes.
 *
 * Sources: area/x86_64/compare.c area/x86_64/layout.c
 * Flags: -Dstatic=
 * Later: Proof slot --unwind 7 --unwindset memcmp.0:105
 * Proof: cpus --unwind 4
 * Proof: shared
 * Quick: cpus shared
 * Later: Mutant slot area/x86_64/compare.c s/slot->area == expected->area \&\& //
 * Later: Mutant slot area/x86_64/compare.c s/i == tss ? DESCRIPTOR_BUSY : 0/DESCRIPTOR_BUSY/
 * Later: Mutant slot area/x86_64/compare.c s/slot->machine_check_owner.slot == expected->machine_check_owner.slot/1/
 * Mutant: cpus area/x86_64/compare.c s/apic_ids\[k\] == apic_ids\[i\]/0/
 * Mutant: cpus area/x86_64/compare.c s/!is_state(line\[i\].state, f->header.ncpus)/0/
 * Mutant: cpus area/x86_64/compare.c s/line\[i\].apic_id != apic_ids\[i\] || //
 * Mutant: shared area/x86_64/compare.c s/ || shared->listener == LINE_NONE/ || 1/
 * Mutant: shared area/x86_64/compare.c s/shared->ncpus == f->header.ncpus \&\&/1 \&\&/
 */
/* clang-format on */
#include "proof.h"
#include "area/x86_64/layout.h"
#include "area/x86_64/shared.h"

#define CPUS 2

/* With -Dstatic=: of compare.c. */
struct found {
	const uint8_t *area;
	uint64_t base;
	struct baton_area header;
	struct layout layout;
};
bool same_slot(const struct slot *slot, const struct slot *expected);
bool same_cpus(const struct found *f);
bool same_shared(const struct found *f);

static struct {
	struct baton_area area;
	uint8_t pad[AREA_SHARED - sizeof(struct baton_area)];
	struct shared shared;
	struct line line[CPUS + 1];
	struct baton_table table;
	struct baton_cpu_record record[CPUS];
	uint32_t apic_ids[CPUS];
} memory;
static struct found f;

static void any_area(void)
{
	f.area = (const uint8_t *)&memory;
	f.base = any64();
	f.header.ncpus = any32();
	f.layout.lines = offsetof(__typeof__(memory), line);
	f.layout.table = offsetof(__typeof__(memory), table);
	f.layout.apic_ids = offsetof(__typeof__(memory), apic_ids);
	ASSUME_BOUND(f.header.ncpus >= 1 && f.header.ncpus <= CPUS);
	ASSUME_CONTRACT("adopt_check(): page-aligned, below 4 GiB",
			f.base % 4096 == 0 && f.base < 1ull << 32);
}

/* What a CPU that is held works with; the rest of a slot is its own.  layout.c: what is expected.
 */
void proof_slot(void)
{
	static struct slot slot, expected;
	static struct layout l;
	uint64_t base = any64();
	uint32_t number = any32();

	l.slots = any32();
	l.table = any32();
	__CPROVER_havoc_object(&slot);
	ASSUME_BOUND(number < 4096);
	layout_slot(&expected, &l, base, number);
	if (!same_slot(&slot, &expected))
		return;
	for (int i = 0; i < 6; i++)
		PROVE("segments, but that the TSS may be busy",
		      (slot.gdt[i] | (i == 4 ? 0x0000020000000000ull : 0)) ==
			      (expected.gdt[i] | (i == 4 ? 0x0000020000000000ull : 0)));
	PROVE("its own GDT, the area's IDT", slot.gdtr.base == expected.gdtr.base &&
						     slot.gdtr.limit == expected.gdtr.limit &&
						     slot.idtr.base == expected.idtr.base &&
						     slot.idtr.limit == expected.idtr.limit);
	PROVE("stacks for traps, with the slot above",
	      slot.tss.ist[0] == expected.tss.ist[0] && slot.tss.ist[1] == expected.tss.ist[1] &&
		      slot.tss.ist[2] == expected.tss.ist[2] &&
		      slot.nmi_owner.slot == expected.nmi_owner.slot &&
		      slot.machine_check_owner.slot == expected.machine_check_owner.slot &&
		      slot.fault_owner.slot == expected.fault_owner.slot &&
		      slot.owner.slot == expected.owner.slot);
	PROVE("area, record, number", (uintptr_t)slot.area == base &&
					      slot.record == expected.record &&
					      slot.number == number);
}

void proof_cpus(void)
{
	any_area();
	for (int i = 0; i < CPUS; i++) {
		memory.line[i].state = any32();
		memory.line[i].apic_id = any32();
		memory.record[i].apic_id = any32();
		memory.apic_ids[i] = any32();
	}
	if (!same_cpus(&f))
		return;
	for (uint32_t i = 0; i < CPUS; i++) {
		uint32_t state = memory.line[i].state & ~LINE_LOST;

		if (i >= f.header.ncpus)
			continue;
		PROVE("APIC IDs, lines and records name the same CPUs",
		      memory.line[i].apic_id == memory.apic_ids[i] &&
			      memory.record[i].apic_id == memory.apic_ids[i]);
		PROVE("a state of section 7",
		      state < LINE_WAKING + f.header.ncpus &&
			      (memory.line[i].state < LINE_LOST || state >= LINE_WAKING));
	}
	PROVE("each once", f.header.ncpus < 2 || memory.apic_ids[0] != memory.apic_ids[1]);
}

void proof_shared(void)
{
	any_area();
	memory.shared = (struct shared){
		.mailbox = (struct baton_mailbox *)(uintptr_t)any64(),
		.line = (struct line *)(uintptr_t)any64(),
		.ncpus = any32(),
		.listener = any32(),
	};
	if (!same_shared(&f))
		return;
	PROVE("mailbox and lines of this area",
	      (uintptr_t)memory.shared.mailbox == f.base + 0x1000 &&
		      (uintptr_t)memory.shared.line == f.base + f.layout.lines);
	PROVE("CPUs, and a listener among them, or none",
	      memory.shared.ncpus == f.header.ncpus && (memory.shared.listener < f.header.ncpus ||
							memory.shared.listener == LINE_NONE));
}
