/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * area/x86_64/install.c: the area as the processor will read it.  The
 * expectations are taken from the Intel SDM and docs/contract.md, by walking
 * the tables as a processor would.
 */
#include "unit.h"

#include <baton/mailbox.h>
#include "area/x86_64/shared.h"
#include <stdlib.h>
#include <string.h>
#include "area/x86_64/install.h"
#include "area/x86_64/slot.h"

#define BASE 0x7e000000ull
#define GIB (1ull << 30)
#define KIB 1024ull
/* What the rest of an area of 64 KiB + 2 KiB for each CPU leaves, as docs/contract.md says. */
#define LEDGER_ENTRIES(ncpus)                                                                      \
	(((64 + 2 * (ncpus)) / 4 * 4 * KIB - 48 * KIB - 128 - 1732 * (ncpus)) / 64)

static struct acpi_cpu cpus[BATON_X86_64_CPUS_MAX + 1];
static uint8_t image[BATON_RESIDENT_MAX];
static uint8_t *area;
static size_t size;

static const struct resident_entries entries = {0, 0x158, 0x178, 0x1d1, 0x1e8, 0x200, 0x817};

static struct area_plan plan_of(size_t ncpus, uint64_t map_end, bool gigabyte_pages)
{
	for (size_t i = 0; i <= BATON_X86_64_CPUS_MAX; i++)
		cpus[i] = (struct acpi_cpu){.apic_id = 3 * i + 1, .uid = 1000 + i, .flags = 1};
	return (struct area_plan){
		.cpus = cpus,
		.ncpus = ncpus,
		.boot_apic_id = cpus[0].apic_id,
		.map_end = map_end,
		.gigabyte_pages = gigabyte_pages,
		.wait = BATON_WAIT_HLT,
		.tsc_per_us = 2400,
	};
}

static void install(const struct area_plan *plan)
{
	for (size_t i = 0; i < sizeof(image); i++)
		image[i] = (uint8_t)(i * 7 + 1);
	memcpy(image + RESIDENT_ENTRIES, &entries, sizeof(entries));
	size = install_size(plan);
	assert_int_not_equal(size, 0);
	area = aligned_alloc(4096, size);
	memset(area, 0xee, size); /* what is not written shows */
	install_area(area, BASE, plan, image);
}

static int remove_area(void **state)
{
	(void)state;
	free(area);
	area = NULL;
	return 0;
}

/* What @virtual maps to, walking from @root with @levels levels; all mapped pages are writable. */
static uint64_t walk(uint64_t root, int levels, uint64_t virtual)
{
	for (int level = levels; level; level--) {
		int shift = 12 + 9 * (level - 1);
		uint64_t entry;

		assert_in_range(root, BASE, BASE + size - 4096);
		entry = ((uint64_t *)(area + (root - BASE)))[virtual >> shift & 511];
		if ((entry & 3) != 3)
			return UINT64_MAX;
		if (level <= 3 && (entry & 0x80)) {
			uint64_t mask = (1ull << shift) - 1;

			assert_int_equal(entry & mask & ~0xffull, 0);
			return (entry & ~mask) | (virtual & mask);
		}
		root = entry & 0x000ffffffffff000;
	}
	return root | (virtual & 4095);
}

static void check_map(uint64_t end)
{
	const uint64_t probes[] = {0,		0x1000,	 0x9f000,	  BASE,	      0xfee00000,
				   4 * GIB - 1, 4 * GIB, end / 2 + 12345, end - 4096, end - 1};

	for (size_t i = 0; i < sizeof(probes) / sizeof(probes[0]); i++) {
		if (probes[i] >= end)
			continue;
		assert_int_equal(walk(BASE + BATON_AREA_PML4, 4, probes[i]), probes[i]);
		assert_int_equal(walk(BASE + BATON_AREA_PML5, 5, probes[i]), probes[i]);
	}
	assert_int_equal(walk(BASE + BATON_AREA_PML4, 4, end), UINT64_MAX);
	assert_int_equal(walk(BASE + BATON_AREA_PML4, 4, 1ull << 47), UINT64_MAX);
	assert_int_equal(((struct baton_area *)area)->map_end, end);
}

static void identity_map(void **state)
{
	const struct {
		uint64_t asked, mapped;
	} cases[] = {
		{1, 4 * GIB},
		{4 * GIB, 4 * GIB},
		{4 * GIB + 1, 5 * GIB},
		{512 * GIB, 512 * GIB},
		{512 * GIB + 4096, 513 * GIB},
		{1500 * GIB, 1500 * GIB},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (int gigabyte_pages = 0; gigabyte_pages < 2; gigabyte_pages++) {
			struct area_plan plan = plan_of(2, cases[i].asked, gigabyte_pages);

			install(&plan);
			check_map(cases[i].mapped);
			remove_area(NULL);
		}
	}
}

static void impossible_plans(void **state)
{
	struct area_plan plan = plan_of(0, GIB, true);

	(void)state;
	assert_int_equal(install_size(&plan), 0);
	plan = plan_of(BATON_X86_64_CPUS_MAX + 1, GIB, true);
	assert_int_equal(install_size(&plan), 0);
	plan = plan_of(SIZE_MAX / 2, GIB, true);
	assert_int_equal(install_size(&plan), 0);
	plan = plan_of(1, (128ull << 40) + 1, true);
	assert_int_equal(install_size(&plan), 0);
	plan = plan_of(1, UINT64_MAX, false);
	assert_int_equal(install_size(&plan), 0);
	plan = plan_of(BATON_X86_64_CPUS_MAX, 128ull << 40, true);
	assert_int_not_equal(install_size(&plan), 0);
}

/* 64 KiB and 2 KiB per CPU, with 1 GiB pages and up to 512 GiB of memory. */
static void size_limit(void **state)
{
	(void)state;
	for (size_t n = 1; n <= BATON_X86_64_CPUS_MAX; n++) {
		struct area_plan plan = plan_of(n, 512 * GIB, true);

		assert_in_range(install_size(&plan), 1, 64 * KIB + n * 2 * KIB);
	}
}

static void header(void **state)
{
	struct area_plan plan = plan_of(5, 8 * GIB, true);
	const struct baton_area *a;
	uint32_t words[sizeof(*a) / 4], sum = 0;

	(void)state;
	install(&plan);
	a = (const struct baton_area *)area;
	assert_memory_equal(&a->magic, "BATNAREA", 8);
	assert_int_equal(a->version, BATON_AREA_VERSION);
	assert_int_equal(a->ncpus, 5);
	assert_int_equal(a->slot_size, SLOT_SIZE);
	assert_int_equal(a->size, size);
	assert_int_equal(a->base, BASE);
	assert_int_equal(a->slots % 64, 0);
	assert_int_equal(a->table % 64, 0);
	assert_int_equal(a->tsc_per_us, 2400);
	assert_int_equal(a->wait, BATON_WAIT_HLT);
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(((uint32_t *)(area + a->apic_ids))[i], 3 * i + 1);
	memcpy(words, a, sizeof(*a));
	for (size_t i = 0; i < sizeof(words) / 4; i++)
		sum += words[i];
	assert_int_equal(sum, 0);
	assert_memory_equal(area + BATON_AREA_RESIDENT, image, sizeof(image));
	for (size_t i = 0; i < BATON_MAILBOX_SIZE; i++)
		assert_int_equal(area[BATON_AREA_MAILBOX + i], 0);
}

/* Every gate: 64-bit interrupt gate, the slot's code segment, the right handler and stack. */
static void idt(void **state)
{
	struct area_plan plan = plan_of(2, GIB, true);

	(void)state;
	install(&plan);
	for (unsigned vector = 0; vector < 256; vector++) {
		const uint8_t *gate = area + BATON_AREA_IDT + 16 * vector;
		uint64_t handler = (uint64_t)gate[0] | gate[1] << 8 | (uint64_t)gate[6] << 16 |
				   (uint64_t)gate[7] << 24 | (uint64_t)gate[8] << 32;
		uint32_t offset = handler - BASE - BATON_AREA_RESIDENT;
		unsigned ist = gate[4];

		assert_int_equal(gate[2] | gate[3] << 8, SELECTOR_CODE);
		assert_int_equal(gate[5], 0x8e);
		if (vector == 2) {
			assert_int_equal(offset, entries.nmi);
			assert_int_equal(ist, IST_NMI);
		} else if (vector == 18) {
			assert_int_equal(offset, entries.machine_check);
			assert_int_equal(ist, IST_MACHINE_CHECK);
		} else if (vector == 20) {
			assert_int_equal(offset, entries.virtualization);
			assert_int_equal(ist, IST_FAULT);
		} else if (vector < 32) {
			assert_int_equal(offset, entries.fault);
			assert_int_equal(ist, IST_FAULT);
		} else {
			assert_int_equal(offset, entries.interrupt);
			assert_int_equal(ist, 0);
		}
	}
}

static void slots(void **state)
{
	struct area_plan plan = plan_of(3, GIB, true);
	const struct baton_area *a;

	(void)state;
	install(&plan);
	a = (const struct baton_area *)area;
	for (size_t i = 0; i < 3; i++) {
		const struct slot *slot = (const struct slot *)(area + a->slots) + i;
		uint64_t at = BASE + a->slots + i * sizeof(*slot);
		uint64_t low = slot->gdt[SELECTOR_TSS / 8], high = slot->gdt[SELECTOR_TSS / 8 + 1];
		uint64_t tss = (low >> 16 & 0xffffff) | (low >> 56) << 24 | high << 32;

		assert_int_equal(slot->gdtr.base, at);
		assert_int_equal(slot->gdtr.limit, 47);
		assert_int_equal(slot->idtr.base, BASE + BATON_AREA_IDT);
		assert_int_equal(slot->idtr.limit, 4095);
		assert_int_equal(slot->gdt[0], 0);
		assert_int_equal(slot->gdt[SELECTOR_CODE / 8] >> 40 & 0x609f,
				 0x209b); /* L, not D */
		assert_int_equal(slot->gdt[SELECTOR_DATA / 8] >> 40 & 0x9f, 0x93);
		assert_int_equal(slot->gdt[SELECTOR_CODE32 / 8] >> 40 & 0x609f, 0x409b); /* D */
		assert_int_equal(tss, at + offsetof(struct slot, tss));
		assert_int_equal(low >> 40 & 0xff, 0x89);
		assert_int_equal(low & 0xffff, 103);
		assert_int_equal(slot->area, BASE);
		assert_int_equal(slot->record,
				 BASE + a->table + offsetof(struct baton_table, cpu) + 128 * i);
		assert_int_equal(slot->number, i);
		assert_int_equal(slot->timer_rate, 0);
		/* Above each stack of a trap is the slot's own address. */
		for (size_t ist = 0; ist < 3; ist++) {
			uint64_t top = slot->tss.ist[ist];

			assert_in_range(top, at, at + sizeof(*slot) - 16);
			assert_int_equal(top % 16, 0);
			assert_int_equal(*(uint64_t *)(area + (top - BASE)), at);
		}
	}
}

/* In a TD the boot CPU has its slot from the start; no other CPU has. */
static void boot_vcpu(void **state)
{
	struct area_plan plan = plan_of(3, GIB, true);
	const struct slot *slot;

	(void)state;
	plan.boot_apic_id = plan.cpus[1].apic_id;
	plan.boot_vcpu = 7;
	install(&plan);
	slot = (const struct slot *)(area + ((const struct baton_area *)area)->slots);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(slot[i].vcpu, i == 1 ? 7 : 0);
}

static void table(void **state)
{
	struct area_plan plan = plan_of(3, GIB, true);
	const struct baton_table *t;
	uint8_t sum = 0;

	(void)state;
	install(&plan);
	t = (const struct baton_table *)(area + ((struct baton_area *)area)->table);
	assert_memory_equal(t->acpi_header, BATON_TABLE_SIGNATURE, 4);
	assert_null(acpi_check_table((const struct acpi_header *)t, "BATN"));
	assert_int_equal(t->record_size, 128);
	assert_int_equal(((const struct acpi_header *)t)->length,
			 128 + 3 * 128 + LEDGER_ENTRIES(3) * 64);
	assert_int_equal(t->wait, baton_count_of(BATON_WAIT_HLT));
	assert_int_equal(t->entries_written, baton_count_of(0));
	assert_int_equal(t->ncpus, 3);
	assert_int_equal(t->boot_apic_id, 1);
	assert_int_equal(t->flags, BATON_TABLE_BROADCAST);
	assert_int_equal(t->mailbox, BASE + BATON_AREA_MAILBOX);
	assert_int_equal(t->reset_vector, BASE + BATON_AREA_RESIDENT);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(t->cpu[i].apic_id, 3 * i + 1);
		assert_int_equal(t->cpu[i].acpi_uid, 1000 + i);
		assert_true(baton_count_valid(t->cpu[i].state));
		assert_int_equal(baton_count_value(t->cpu[i].state),
				 i ? BATON_CPU_COLLECTING : BATON_CPU_RELEASED);
		assert_true(baton_count_valid(t->cpu[i].drained));
		assert_int_equal(baton_count_value(t->cpu[i].returns), 0);
		assert_int_equal(t->cpu[i].wakes, baton_count_of(0));
		assert_int_equal(t->cpu[i].listens, baton_count_of(0));
		assert_int_equal(t->cpu[i].tsc_per_us, baton_count_of(2400));
		assert_int_equal(t->cpu[i].origin, baton_count_of(BATON_ORIGIN_NOWHERE));
		for (size_t n = 0; n < sizeof(t->cpu[i].reserved) / sizeof(baton_count); n++)
			assert_int_equal(t->cpu[i].reserved[n], baton_count_of(0));
	}

	/* The table's counts change, its checksum does not. */
	for (uint32_t n = 0; n < 70000; n += 33)
		((struct baton_table *)t)->held = baton_count_of(n);
	((struct baton_table *)t)->cpu[2].nmis += 5 * BATON_COUNT_ONE;
	assert_int_equal(baton_count_value(t->cpu[2].nmis), 5);
	assert_true(baton_count_valid(t->cpu[2].nmis));
	for (size_t i = 0; i < ((const struct acpi_header *)t)->length; i++)
		sum += ((const uint8_t *)t)[i];
	assert_int_equal(sum, 0);
}

/* Empty: no entry is whole, and each has what keeps the checksum when it is written. */
static void ledger(void **state)
{
	struct area_plan plan = plan_of(5, GIB, true);
	const struct baton_table *t;
	const struct baton_entry *entry;

	(void)state;
	install(&plan);
	t = (const struct baton_table *)(area + ((struct baton_area *)area)->table);
	entry = baton_ledger(t);
	assert_int_equal(LEDGER_ENTRIES(5), 246);
	assert_int_equal(baton_ledger_size(t), LEDGER_ENTRIES(5));
	assert_ptr_equal(entry, (const uint8_t *)t + 128 + 5 * 128);
	assert_int_equal((uintptr_t)entry % 64, 0);
	for (size_t i = 0; i < LEDGER_ENTRIES(5); i++) {
		assert_false(baton_entry_whole(&entry[i]));
		assert_int_equal(entry[i].sequence, baton_count_of(0));
		assert_int_equal(entry[i].time, ~entry[i].not_time);
		assert_int_equal(entry[i].vector, ~entry[i].not_vector);
		assert_int_equal(entry[i].what, ~entry[i].not_what);
		assert_true(baton_count_valid(entry[i].check));
	}
}

static uint32_t room_of(size_t ncpus, uint64_t map_end, bool gigabyte_pages)
{
	struct area_plan plan = plan_of(ncpus, map_end, gigabyte_pages);
	const struct baton_area *a;
	uint32_t room;

	install(&plan);
	a = (const struct baton_area *)area;
	room = baton_ledger_size((const struct baton_table *)(area + a->table));
	remove_area(NULL);
	return room;
}

/* Of each CPU but the first: four entries from the firmware on, two from kernel to kernel. */
static void ledger_room(void **state)
{
	(void)state;
	for (size_t n = 1; n <= 64; n++)
		assert_in_range(room_of(n, GIB, true), (n - 1) * (4 + 2 * 2), UINT32_MAX);
	assert_int_equal(room_of(64, 1500 * GIB, false), room_of(64, GIB, true));
}

/* What the held CPUs share: nobody is in, each CPU has a line of its own. */
static void shared(void **state)
{
	struct area_plan plan = plan_of(7, GIB, true);
	const struct baton_area *a;
	const struct baton_table *t;
	const struct shared *shared;
	const struct line *line;

	(void)state;
	install(&plan);
	a = (const struct baton_area *)area;
	t = (const struct baton_table *)(area + a->table);
	shared = (const struct shared *)(area + AREA_SHARED);
	assert_in_range(AREA_SHARED, sizeof(*a), BATON_AREA_MAILBOX - sizeof(*shared));
	assert_int_equal((uintptr_t)shared->mailbox, BASE + BATON_AREA_MAILBOX);
	assert_int_equal(shared->ncpus, 7);
	assert_int_equal(shared->listener, LINE_NONE);
	/* Behind the ledger, before the slots, and no two on one cache line. */
	line = (const struct line *)(area + ((uintptr_t)shared->line - BASE));
	assert_int_equal((uintptr_t)shared->line % 64, 0);
	assert_ptr_equal(line, (const uint8_t *)t + ((const struct acpi_header *)t)->length);
	assert_ptr_equal(line + 7, area + a->slots);
	for (size_t i = 0; i < 7; i++) {
		assert_int_equal(line[i].state, LINE_AWAY);
		assert_int_equal(line[i].apic_id, 3 * i + 1);
		assert_int_equal(line[i].avoid, 0); /* the processor has no siblings */
		assert_int_equal(line[i].wakes, 0);
	}
}

/* The threads of the boot CPU's core are avoided, and no others. */
static void siblings(void **state)
{
	/* APIC IDs are 1, 4, 7, 10, 13, 16, 19. */
	static const struct {
		uint32_t smt_bits, boot;
		unsigned avoided; /* bit i: cpus[i] */
	} cases[] = {
		{0, 1, 0},
		{1, 1, 1 << 0},
		{1, 10, 1 << 3},
		{2, 4, 1 << 1 | 1 << 2},
		{3, 4, 1 << 0 | 1 << 1 | 1 << 2},
		{3, 10, 1 << 3 | 1 << 4},
		{5, 19, 0x7f},
	};

	(void)state;
	for (size_t n = 0; n < sizeof(cases) / sizeof(cases[0]); n++) {
		struct area_plan plan = plan_of(7, GIB, true);
		const struct line *line;

		plan.smt_bits = cases[n].smt_bits;
		plan.boot_apic_id = cases[n].boot;
		install(&plan);
		line = (const struct line *)(area + ((struct baton_area *)area)->slots) - 7;
		for (unsigned i = 0; i < 7; i++)
			assert_int_equal(line[i].avoid, cases[n].avoided >> i & 1);
		remove_area(NULL);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(impossible_plans),
		cmocka_unit_test(size_limit),
		cmocka_unit_test(identity_map),
		cmocka_unit_test_teardown(header, remove_area),
		cmocka_unit_test_teardown(idt, remove_area),
		cmocka_unit_test_teardown(slots, remove_area),
		cmocka_unit_test_teardown(boot_vcpu, remove_area),
		cmocka_unit_test_teardown(table, remove_area),
		cmocka_unit_test_teardown(ledger, remove_area),
		cmocka_unit_test_teardown(ledger_room, remove_area),
		cmocka_unit_test_teardown(shared, remove_area),
		cmocka_unit_test(siblings),
	};

	return cmocka_run_group_tests_name("install", tests, NULL, NULL);
}
