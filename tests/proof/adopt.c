/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* clang-format off */
/*
 * Is there an area of an earlier stage?  docs/contract.md, section 8, "Finding it": points 1 to 4,
 * for a table, a header and a wakeup structure of arbitrary bytes.
 *
 * Sources: stage/x86_64/adopt.c
 * Later: Proof adopt --unwind 17
 * Later: Proof has_all --unwind 5
 * Later: Mutant adopt stage/x86_64/adopt.c s/if (error)$/if (0)/
 * Later: Mutant adopt stage/x86_64/adopt.c s/claim->table_address % PAGE || //
 * Later: Mutant adopt stage/x86_64/adopt.c s/t->area + t->area_size > BELOW_4G/0/
 * Later: Mutant adopt stage/x86_64/adopt.c s/if (!claim->reserved(t->area, t->area_size))/if (0)/
 * Later: Mutant adopt stage/x86_64/adopt.c s/area->version != BATON_AREA_VERSION/0/
 * Later: Mutant adopt stage/x86_64/adopt.c s/area->map_end != t->map_end || //
 * Later: Mutant adopt stage/x86_64/adopt.c s/part->start < others\[i\].end/part->start + 1 < others[i].end/
 * Later: Mutant adopt stage/x86_64/adopt.c s/area->slots + n \* area->slot_size/area->slots + area->slot_size/
 * Later: Mutant adopt stage/x86_64/adopt.c s/w->version != 1 || //
 * Later: Mutant adopt stage/x86_64/adopt.c s/ || w->mailbox != t->mailbox//
 * Later: Mutant has_all stage/x86_64/adopt.c s/baton_count_value(table->cpu\[i\].state) == BATON_CPU_MISSING/0/
 * Later: Mutant has_all stage/x86_64/adopt.c s/i < table->ncpus \&\& //
 */
/* clang-format on */
#include "proof.h"
#include <baton/reader.h>
#include "stage/x86_64/adopt.h"

#define CPUS 3

static struct {
	struct baton_table table;
	struct baton_cpu_record record[CPUS];
} tables;
static struct baton_table *const table = &tables.table;
static struct baton_area area;
static struct acpi_madt_wakeup wakeup;
static bool checked, reserved;
static size_t size;
static unsigned listed;
static struct acpi_cpu cpus[CPUS];

/* lib/reader.c: proved by table.c.  Held CPUs count: a look may fail, and the next not. */
const char *baton_table_check(const struct baton_table *at, size_t there)
{
	PROVE("what was found", at == table && there == size);
	checked = any();
	return checked ? NULL : "damaged";
}

static const void *any_at(uint64_t address)
{
	PROVE("the area is reserved memory before it is read",
	      checked && reserved && address == table->area);
	return &area;
}

static bool any_reserved(uint64_t address, uint64_t length)
{
	PROVE("all of the area", address == table->area && length == table->area_size);
	PROVE("that is a range", address + length >= address);
	reserved = any();
	return reserved;
}

static bool apart(uint64_t a, uint64_t a_end, uint64_t b, uint64_t b_end)
{
	return a_end <= b || b_end <= a;
}

void proof_adopt(void)
{
	struct adopt_claim claim = {&wakeup, table, any64(), any_at, any_reserved};
	const char *why;
	uint32_t words[16], sum = 0, length;
	uint64_t base;

	size = any64();
	__CPROVER_havoc_object(&tables);
	__CPROVER_havoc_object(&area);
	__CPROVER_havoc_object(&wakeup);
	base = adopt_check(&claim, size, &why);
	PROVE("a reason, or an area", !base == !!why);
	if (!base)
		return;
	PROVE("1: the BATN table", checked && claim.table_address % 4096 == 0);
	PROVE("2: page-aligned, below 4 GiB, reserved",
	      base == table->area && base % 4096 == 0 && table->area_size % 4096 == 0 &&
		      base + table->area_size <= 1ull << 32 && reserved);
	memcpy(words, &area, sizeof(words));
	for (int i = 0; i < 16; i++)
		sum += words[i];
	PROVE("3: magic, version, checksum",
	      area.magic == 0x414552414e544142 && area.version == 1 && !sum);
	PROVE("3: header and table agree",
	      area.base == table->area && area.size == table->area_size &&
		      area.ncpus == table->ncpus && area.map_end == table->map_end &&
		      area.base + area.table == claim.table_address);
	length = ((const struct acpi_header *)table->acpi_header)->length;
	PROVE("3: inside of it",
	      area.table + (uint64_t)length <= area.size &&
		      area.slots + (uint64_t)area.ncpus * area.slot_size <= area.size &&
		      area.apic_ids + 4ull * area.ncpus <= area.size && area.size >= 0x8000);
	PROVE("3: apart",
	      apart(area.table, area.table + (uint64_t)length, area.slots,
		    area.slots + (uint64_t)area.ncpus * area.slot_size) &&
		      apart(area.table, area.table + (uint64_t)length, area.apic_ids,
			    area.apic_ids + 4ull * area.ncpus) &&
		      apart(area.slots, area.slots + (uint64_t)area.ncpus * area.slot_size,
			    area.apic_ids, area.apic_ids + 4ull * area.ncpus));
	PROVE("3: behind what has a fixed place",
	      (area.table >= 0x7000 || !length) &&
		      (area.slots >= 0x7000 || !(area.ncpus * (uint64_t)area.slot_size)) &&
		      (area.apic_ids >= 0x7000 || !area.ncpus));
	PROVE("4: the wakeup structure", wakeup.version == 1 && wakeup.entry.length >= 24);
	PROVE("4: mailbox", wakeup.mailbox == base + 0x1000 && wakeup.mailbox == table->mailbox);
	PROVE("4: reset vector",
	      wakeup.reset_vector == base + 0x2000 && wakeup.reset_vector == table->reset_vector);
}

/* lib/acpi.c: proved by madt.c. */
const struct acpi_madt_entry *acpi_madt_next_cpu(const struct acpi_madt *madt,
						 const struct acpi_madt_entry *entry,
						 struct acpi_cpu *cpu)
{
	(void)madt, (void)entry;
	if (listed == CPUS || any())
		return NULL;
	cpus[listed] = *cpu = (struct acpi_cpu){any32(), any32(), 1};
	listed++;
	return (const struct acpi_madt_entry *)&cpus[listed - 1];
}

void proof_has_all(void)
{
	static struct {
		struct baton_area area;
		struct baton_table table;
		struct baton_cpu_record record[CPUS];
	} memory;
	struct acpi_madt madt;
	bool all, expected = true;

	memory.area.table = offsetof(__typeof__(memory), table);
	memory.table.ncpus = any32();
	ASSUME_BOUND(memory.table.ncpus <= CPUS);
	for (int i = 0; i < CPUS; i++) {
		memory.record[i].apic_id = any32();
		memory.record[i].state = any64();
	}
	all = adopt_has_all(&memory.area, &madt);
	for (unsigned i = 0; i < CPUS; i++) {
		bool found = false;

		for (unsigned k = 0; k < CPUS; k++)
			if (!found && k < memory.table.ncpus &&
			    memory.record[k].apic_id == cpus[i].apic_id) {
				found = true;
				expected &= i >= listed || (uint32_t)memory.record[k].state;
			}
		expected &= i >= listed || found;
	}
	PROVE("each CPU of the MADT has a slot, and is not missing", all == expected);
}
