/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * baton's own: the BATN table, the area, and what a kernel relies on in them
 * (docs/contract.md, sections 8 and 9; docs/contract-arm64.md, section 6).
 */
#include <baton/reader.h>
#include "checks.h"
#include "memory.h"

#define COPY_TRIES 10

typedef unsigned long long ull;

static const struct check table_check = {"batn", "the BATN table is whole", checks_batn_spec};
static const struct check area_check = {"area", checks_area_what, checks_area_spec};
static const struct check counts_check = {
	"batn-counts", "the BATN table counts every release and return", checks_batn_spec};

const volatile struct baton_table *check_batn;

/* Word by word: on arm64 the area is mapped as Device memory. */
static void copy(void *to, const volatile void *from, size_t length)
{
	const volatile uint32_t *word = from;

	for (size_t i = 0; i < length / sizeof(*word); i++)
		((uint32_t *)to)[i] = word[i];
}

/* A table that is written to can be torn in a copy: more than one is taken. */
static const char *check_copies(const volatile struct baton_table *table, uint64_t room)
{
	uint32_t length = *(const volatile uint32_t *)&table->acpi_header[4];
	const char *error = "its length is beyond the end of the area";
	struct baton_table *to;

	if (length > room || length % 4)
		return error;
	to = (struct baton_table *)memory_take(length, PAGE_SIZE, 0, UINT64_MAX);
	if (!to)
		return "there is no memory for a copy of it";
	for (int i = 0; i < COPY_TRIES && error; i++) {
		copy(to, table, length);
		error = baton_table_check(to, length);
	}
	return error;
}

void check_batn_table(void)
{
	const volatile struct baton_table *table = NULL;
	uint64_t room = 0;
	const char *none = checks_find_batn(&table, &room), *error;

	check_batn = NULL;
	tap_begin(&table_check);
	if (none) {
		tap_skip(none);
		tap_skipped(&area_check, "no BATN table");
		return;
	}
	error = !table ? "the device tree does not name its address"
		: (uintptr_t)table % checks_batn_alignment ? "its address is not aligned"
							   : check_copies(table, room);
	if (error) {
		tap_fault("%s", error);
		tap_skipped(&area_check, "no BATN table");
		return;
	}
	if (!(table->flags & BATON_TABLE_COMPLETE))
		tap_fault("the collection is not over");
	if (table->missing)
		tap_remark("%u CPUs are missing", table->missing);
	check_batn = table;
	tap_begin(&area_check);
	checks_area();
	tap_end();
}

void check_batn_same(const char *what, uint64_t found, uint64_t wanted)
{
	if (found != wanted)
		tap_fault("%s: 0x%llx instead of 0x%llx", what, (ull)found, (ull)wanted);
}

const volatile struct baton_cpu_record *check_batn_record(const struct cpu *cpu)
{
	const volatile uint8_t *records = (const volatile uint8_t *)check_batn->cpu;

	for (uint32_t i = 0; i < check_batn->ncpus; i++) {
		const volatile struct baton_cpu_record *record =
			(const volatile void *)(records + (size_t)i * check_batn->record_size);

		if (record->apic_id == cpu->record_id)
			return record;
	}
	return NULL;
}

/* What a kernel sees of one CPU in the BATN table. */
struct seen {
	uint32_t state, releases, returns, tests, held, entries;
};

static struct seen look_at(const struct cpu *cpu)
{
	const volatile struct baton_cpu_record *r = check_batn_record(cpu);

	if (!r)
		return (struct seen){0};
	return (struct seen){
		/* The resident writes the state last. */
		.state = baton_count_value(__atomic_load_n(&r->state, __ATOMIC_ACQUIRE)),
		.releases = baton_count_value(r->releases),
		.returns = baton_count_value(r->returns),
		.tests = baton_count_value(r->tests),
		.held = cpus_held_count(),
		.entries = baton_count_value(check_batn->entries_written),
	};
}

static void expect(const struct cpu *cpu, const char *what, uint32_t found, uint32_t wanted)
{
	if (found != wanted)
		tap_fault("%s: %s %u instead of %u", cpu->name, what, found, wanted);
}

static void count_one(struct cpu *cpu)
{
	struct seen before = look_at(cpu), now;

	expect(cpu, "state", before.state, BATON_CPU_HELD);
	cpus_wake(cpu);
	now = look_at(cpu);
	expect(cpu, "when it is up: state", now.state, BATON_CPU_RELEASED);
	expect(cpu, "when it is up: releases", now.releases, before.releases + 1);
	expect(cpu, "when it is up: held CPUs", now.held, before.held - 1);
	expect(cpu, "when it is up: ledger entries", now.entries, before.entries + 1);
	cpus_return(cpu);
	now = look_at(cpu);
	expect(cpu, "when it is back: state", now.state, BATON_CPU_HELD);
	expect(cpu, "when it is back: returns", now.returns, before.returns + 1);
	expect(cpu, "when it is back: tests", now.tests, before.tests + checks_tests_per_return);
	expect(cpu, "when it is back: held CPUs", now.held, before.held);
	expect(cpu, "when it is back: ledger entries", now.entries,
	       before.entries + 2 + checks_tests_per_return);
}

void check_batn_counts(void)
{
	tap_begin(&counts_check);
	if (!check_batn || cpus_no_repeats()) {
		tap_skip(check_batn ? cpus_no_repeats() : "no BATN table");
		return;
	}
	for (uint32_t i = 0; i < cpus_count; i++)
		if (!check_batn_record(&cpus[i]))
			tap_fault("%s has no record", cpus[i].name);
	expect(&cpus[0], "state", look_at(&cpus[0]).state, BATON_CPU_RELEASED);
	expect(&cpus[0], "held CPUs", cpus_held_count(), cpus_count - 1);
	for (uint32_t i = 1; i < cpus_count; i++)
		count_one(&cpus[i]);
	tap_end();
}
