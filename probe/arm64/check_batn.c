/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* baton's own: the area and the BATN table in it (docs/contract-arm64.md, section 6). */
#include <baton/reader.h>
#include <baton/string.h>
#include "probe/memory.h"
#include "probe/tap.h"
#include "checks.h"

#define COPY_TRIES 10
#define SPEC CONTRACT_SPEC "6; contract, 9"

typedef unsigned long long ull;

const volatile struct baton_table *check_batn;

static void copy(void *to, const volatile void *from, size_t length)
{
	const volatile uint32_t *word = from;

	for (size_t i = 0; i < length / sizeof(*word); i++)
		((uint32_t *)to)[i] = word[i];
}

static uint32_t length_of(const volatile struct baton_table *table)
{
	return *(const volatile uint32_t *)&table->acpi_header[4];
}

/* A table that is written to can be torn in a copy: more than one is taken. */
static const char *check_copies(const volatile struct baton_table *table)
{
	uint32_t length = length_of(table);
	struct baton_table *at;
	const char *error = "its length is beyond the end of the area";

	if (length > tree.area + tree.area_size - tree.table || length % 4)
		return error;
	at = (struct baton_table *)memory_take(length, PAGE_SIZE, 0, UINT64_MAX);
	if (!at)
		return "there is no memory for a copy of it";
	for (int i = 0; i < COPY_TRIES && error; i++) {
		copy(at, table, length);
		error = baton_table_check(at, length);
	}
	return error;
}

static void look_at_area(const volatile struct baton_table *table)
{
	if (table->area != tree.area || table->area_size != tree.area_size)
		tap_fault("the table says area 0x%llx, 0x%x bytes; the tree 0x%llx, 0x%llx",
			  (ull)table->area, table->area_size, (ull)tree.area, (ull)tree.area_size);
	if (tree.area % PAGE_SIZE || tree.area_size % PAGE_SIZE ||
	    !tree_reserves(tree.area, tree.area + tree.area_size, true))
		tap_fault("the area is not in pages of its own that are no-map");
	if (memory_type(tree.area, tree.area + tree.area_size) != MEMORY_RESERVED)
		tap_fault("the area is %s",
			  memory_type_name(memory_type(tree.area, tree.area + tree.area_size)));
}

void check_batn_table(void)
{
	static const struct check table_check = {"batn", "the BATN table is whole", SPEC};
	static const struct check area_check = {
		"area", "the area is where table and tree say, and reserved",
		CONTRACT_SPEC "1, 6, 8"};
	const volatile struct baton_table *table = (const volatile struct baton_table *)tree.table;
	const char *error;

	tap_begin(&table_check);
	if (!tree.area) {
		tap_skip("there is none: this is not baton's resident");
		tap_skipped(&area_check, "no BATN table");
		return;
	}
	error = tree.table % PAGE_SIZE ? "it is not page-aligned"
		: !tree.table	       ? "the tree does not say where it is"
				       : check_copies(table);
	if (error) {
		tap_fault("%s", error);
		tap_skipped(&area_check, "no BATN table");
		return;
	}
	if (!(table->flags & BATON_TABLE_COMPLETE))
		tap_fault("the collection is not over");
	check_batn = table;
	tap_begin(&area_check);
	look_at_area(table);
	tap_end();
}

/* What a kernel sees of one CPU in the BATN table. */

/* The MPIDR as section 6 packs it. */
static uint32_t record_id(const struct cpu *cpu)
{
	return (uint32_t)(cpu->mpidr >> 8 & 0xff000000) | (uint32_t)(cpu->mpidr & 0xffffff);
}

static const volatile struct baton_cpu_record *record_of(const struct cpu *cpu)
{
	for (uint32_t i = 0; i < check_batn->ncpus; i++)
		if (check_batn->cpu[i].apic_id == record_id(cpu))
			return &check_batn->cpu[i];
	return NULL;
}

struct seen {
	uint32_t state, releases, returns, held, entries;
};

static struct seen look_at(const struct cpu *cpu)
{
	const volatile struct baton_cpu_record *r = record_of(cpu);

	if (!r)
		return (struct seen){0};
	return (struct seen){
		.state = baton_count_value(r->state),
		.releases = baton_count_value(r->releases),
		.returns = baton_count_value(r->returns),
		.held = baton_count_value(check_batn->held),
		.entries = baton_count_value(check_batn->entries_written),
	};
}

static void expect(const struct cpu *cpu, const char *what, uint32_t found, uint32_t wanted)
{
	if (found != wanted)
		tap_fault("CPU 0x%llx: %s %u instead of %u", (ull)cpu->mpidr, what, found, wanted);
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
	expect(cpu, "when it is back: held CPUs", now.held, before.held);
	expect(cpu, "when it is back: ledger entries", now.entries, before.entries + 2);
}

void check_batn_counts(void)
{
	static const struct check check = {"batn-counts",
					   "the BATN table counts every release and return", SPEC};

	tap_begin(&check);
	if (!check_batn || cpus_no_way_back()) {
		tap_skip(check_batn ? cpus_no_way_back() : "no BATN table");
		return;
	}
	for (uint32_t i = 0; i < cpus_count; i++)
		if (!record_of(&cpus[i]))
			tap_fault("CPU 0x%llx has no record", (ull)cpus[i].mpidr);
	expect(&cpus[0], "state", look_at(&cpus[0]).state, BATON_CPU_RELEASED);
	expect(&cpus[0], "held CPUs", look_at(&cpus[0]).held, cpus_count - 1);
	for (uint32_t i = 1; i < cpus_count; i++)
		count_one(&cpus[i]);
	tap_end();
}
