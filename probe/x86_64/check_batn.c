/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * baton's own: the BATN table, the area, and what a kernel relies on in them
 * (docs/contract.md, sections 8 and 9).
 */
#include <baton/x86_64/area.h>
#include <baton/mailbox.h>
#include <baton/reader.h>
#include <baton/string.h>
#include "probe/memory.h"
#include "probe/tap.h"
#include "checks.h"
#include "cpus.h"
#include "tables.h"

#define COPY_TRIES 10
#define BELOW_4G (1ull << 32)

typedef unsigned long long ull;

static const struct check table_check = {"batn", "the BATN table is whole", "contract, 9"};
static const struct check area_check = {"area", "the area is where the BATN table and the MADT say",
					"contract, 8"};
static const struct check counts_check = {
	"batn-counts", "the BATN table counts every release and return", "contract, 9"};

/* A table that is written to can be torn in a copy: more than one is taken. */
static const char *check_copies(struct baton_table *copy, uint32_t length)
{
	const char *error = NULL;

	for (int i = 0; i < COPY_TRIES; i++) {
		memcpy(copy, check_batn, length);
		error = baton_table_check(copy, length);
		if (!error)
			break;
	}
	return error;
}

static void examine_table(void)
{
	uint32_t length;
	struct baton_table *copy;
	const char *error;

	memcpy(&length, &check_batn->acpi_header[4], sizeof(length));
	copy = (struct baton_table *)memory_take(length, PAGE_SIZE, 0, UINT64_MAX);
	if (!copy) {
		tap_fault("no memory for a copy of %u bytes", length);
		return;
	}
	error = check_copies(copy, length);
	if (error) {
		tap_fault("%s", error);
		check_batn = NULL;
		return;
	}
	if (!(check_batn->flags & BATON_TABLE_COMPLETE))
		tap_fault("the collection is not over");
	if (check_batn->missing)
		tap_remark("%u CPUs are missing", check_batn->missing);
}

static uint32_t header_sum(const struct baton_area *area)
{
	const uint32_t *words = (const uint32_t *)area;
	uint32_t sum = 0;

	for (size_t i = 0; i < sizeof(*area) / sizeof(*words); i++)
		sum += words[i];
	return sum;
}

static void same(const char *what, uint64_t found, uint64_t wanted)
{
	if (found != wanted)
		tap_fault("%s: 0x%llx instead of 0x%llx", what, (ull)found, (ull)wanted);
}

static void examine_area(void)
{
	const struct baton_area *area = (const struct baton_area *)check_batn->area;
	enum memory_type type =
		memory_type(check_batn->area, check_batn->area + check_batn->area_size);

	if (check_batn->area % PAGE_SIZE || check_batn->area_size % PAGE_SIZE ||
	    !check_batn->area_size || check_batn->area + check_batn->area_size > BELOW_4G ||
	    type != MEMORY_RESERVED) {
		tap_fault("0x%llx, 0x%x bytes: %s", (ull)check_batn->area, check_batn->area_size,
			  memory_type_name(type));
		return;
	}
	same("magic", area->magic, BATON_AREA_MAGIC);
	same("version", area->version, BATON_AREA_VERSION);
	same("sum of the header", header_sum(area), 0);
	same("base", area->base, check_batn->area);
	same("size", area->size, check_batn->area_size);
	same("cpus_count", area->ncpus, check_batn->ncpus);
	same("map_end", area->map_end, check_batn->map_end);
	same("table", area->base + area->table, (uintptr_t)check_batn);
	same("mailbox of the BATN table", check_batn->mailbox,
	     check_batn->area + BATON_AREA_MAILBOX);
	same("reset vector of the BATN table", check_batn->reset_vector,
	     check_batn->area + BATON_AREA_RESIDENT);
	if (tables_wakeup) {
		same("mailbox of the MADT", tables_wakeup->mailbox, check_batn->mailbox);
		same("reset vector of the MADT", tables_wakeup->reset_vector,
		     check_batn->reset_vector);
	}
}

void check_batn_table(void)
{
	tap_begin(&table_check);
	if (!check_batn) {
		tap_skip("there is none: this is not baton's resident");
		tap_skipped(&area_check, "no BATN table");
		return;
	}
	examine_table();
	tap_begin(&area_check);
	if (!check_batn) {
		tap_skip("no BATN table");
		return;
	}
	examine_area();
	tap_end();
}

/* What a kernel sees of one CPU in the BATN table. */
struct seen {
	uint32_t state, releases, returns, tests;
};

static const struct baton_cpu_record *record_of(const struct cpu *cpu)
{
	for (uint32_t i = 0; i < check_batn->ncpus; i++) {
		const struct baton_cpu_record *record = baton_table_record(check_batn, i);

		if (record->apic_id == cpu->apic_id)
			return record;
	}
	return NULL;
}

static struct seen look_at(const struct cpu *cpu)
{
	const struct baton_cpu_record *r = record_of(cpu);

	if (!r)
		return (struct seen){0};
	return (struct seen){
		.state = baton_count_value(__atomic_load_n(&r->state, __ATOMIC_ACQUIRE)),
		.releases = baton_count_value(r->releases),
		.returns = baton_count_value(r->returns),
		.tests = baton_count_value(r->tests),
	};
}

static void expect(const struct cpu *cpu, const char *what, uint32_t found, uint32_t wanted)
{
	if (found != wanted)
		tap_fault("APIC ID 0x%x: %s %u instead of %u", cpu->apic_id, what, found, wanted);
}

static void count_one(struct cpu *cpu)
{
	struct seen before = look_at(cpu), now;
	int held = baton_held(cpus_machine);

	expect(cpu, "state", before.state, BATON_CPU_HELD);
	cpus_wake(cpu);
	now = look_at(cpu);
	expect(cpu, "when it is up: state", now.state, BATON_CPU_RELEASED);
	expect(cpu, "when it is up: releases", now.releases, before.releases + 1);
	expect(cpu, "when it is up: held CPUs", (uint32_t)baton_held(cpus_machine),
	       (uint32_t)held - 1);
	cpus_return_begin(cpu);
	cpus_return_end(cpu);
	now = look_at(cpu);
	expect(cpu, "when it is back: state", now.state, BATON_CPU_HELD);
	expect(cpu, "when it is back: returns", now.returns, before.returns + 1);
	expect(cpu, "when it is back: tests", now.tests, before.tests + 1);
	expect(cpu, "when it is back: held CPUs", (uint32_t)baton_held(cpus_machine),
	       (uint32_t)held);
}

void check_batn_counts(void)
{
	tap_begin(&counts_check);
	if (!check_batn || cpus_no_repeats()) {
		tap_skip(check_batn ? cpus_no_repeats() : "no BATN table");
		return;
	}
	for (uint32_t i = 0; i < cpus_count; i++)
		if (!record_of(&cpus[i]))
			tap_fault("APIC ID 0x%x has no record", cpus[i].apic_id);
	expect(&cpus[0], "state", look_at(&cpus[0]).state, BATON_CPU_RELEASED);
	if ((uint32_t)baton_held(cpus_machine) != cpus_count - 1)
		tap_fault("%u CPUs are held, and %u should be", (uint32_t)baton_held(cpus_machine),
			  cpus_count - 1);
	for (uint32_t i = 1; i < cpus_count; i++)
		count_one(&cpus[i]);
	tap_end();
}
