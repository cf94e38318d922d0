/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * cli/report/timeline.c: the kernel that runs, which is known by the time for which it has run,
 * where the order of events does not show it.  All else of it: tests/cli/test_report.
 */
#include "unit.h"

#include <string.h>

#include <baton/table.h>

#include "area/ledger.h"
#include "cli/report/timeline.h"

#define NCPUS 3
#define ROOM 32
#define MS 1000000ull /* ticks, at 1000 a us */
#define VECTOR 0x9a000

static struct {
	struct baton_table table;
	struct baton_cpu_record cpu[NCPUS];
	struct baton_entry entry[ROOM];
} batn;

static void event(uint64_t ms, uint32_t cpu, uint32_t what)
{
	ledger_write(&batn.table, ms * MS, what == BATON_EVENT_RELEASE ? VECTOR : 0,
		     baton_what(cpu, what, 0, 0));
}

static void each(uint64_t ms, uint32_t what)
{
	for (uint32_t cpu = 1; cpu < NCPUS; cpu++)
		event(ms + cpu, cpu, what);
}

static void all_offline(uint64_t ms)
{
	for (uint32_t cpu = 1; cpu < NCPUS; cpu++) {
		event(ms + 10 * cpu, cpu, BATON_EVENT_RETURN);
		event(ms + 10 * cpu + 1, cpu, BATON_EVENT_TEST);
	}
}

/* The firmware's CPUs are taken at 10 s, put offline at 30 s, and taken again at 40 s. */
static int set_up(void **state)
{
	(void)state;
	memset(&batn, 0, sizeof(batn));
	batn.table.ncpus = NCPUS;
	batn.table.record_size = BATON_CPU_RECORD_SIZE;
	batn.table.mailbox = 0x1000;
	batn.table.entries_written = baton_count_of(0);
	((uint32_t *)batn.table.acpi_header)[1] = sizeof(batn);
	for (uint32_t i = 0; i < NCPUS; i++) {
		baton_count *counts = (void *)((uint8_t *)&batn.cpu[i] + BATON_RECORD_STATE);

		for (size_t k = 0; k < (sizeof(batn.cpu[i]) - BATON_RECORD_STATE) / sizeof(*counts);
		     k++)
			counts[k] = baton_count_of(0);
		batn.cpu[i].apic_id = i;
		batn.cpu[i].tsc_per_us = baton_count_of(1000);
		batn.cpu[i].tests = baton_count_of(i > 0);
		batn.cpu[i].state = baton_count_of(BATON_CPU_RELEASED);
	}
	each(1000, BATON_EVENT_RETURN);
	each(2000, BATON_EVENT_TEST);
	each(10000, BATON_EVENT_RELEASE);
	all_offline(30000);
	each(40000, BATON_EVENT_RELEASE);
	return 0;
}

/* At @now_ms, by a kernel that has run for @up_ms, so many kernels are seen. */
static void sees(unsigned kernels, uint64_t now_ms, uint64_t up_ms)
{
	struct timeline t;

	timeline_make(&t, &batn.table, now_ms * MS, up_ms * 1000);
	assert_int_equal(t.nkernels, kernels);
	assert_int_equal(t.nhandovers, kernels);
	assert_int_equal(t.handovers[kernels - 1].proven, NCPUS - 1);
	assert_int_equal(t.handovers[kernels - 1].away, 0);
	timeline_free(&t);
}

static void by_its_time(void **state)
{
	(void)state;
	sees(1, 60000, 0); /* not known: they were offline */
	sees(2, 60000, 25000);
	sees(1, 60000, 50500); /* it is the first one, which has them online again */
}

/* It counts from a moment before it takes the first CPU; or its clock was slow at first. */
static void by_its_time_nearly(void **state)
{
	(void)state;
	sees(2, 60000, 20100);
	sees(2, 60000, 19000);
	sees(2, 60000, 29900);
	sees(1, 60000, 15000); /* nothing is near to that moment */
}

/* The rate is a measured one: after a month, the moment is an hour or more. */
static void not_after_a_month(void **state)
{
	const uint64_t month = 30ull * 86400000;

	(void)state;
	sees(1, 35000 + month, month);
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(by_its_time),
		TEST(by_its_time_nearly),
		TEST(not_after_a_month),
	};

	return cmocka_run_group_tests_name("timeline", tests, NULL, NULL);
}
