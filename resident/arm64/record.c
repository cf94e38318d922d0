/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "record.h"
#include <baton/arm64/registers.h>
#include <baton/table.h>
#include "area/ledger.h"

#define LINE_MIN 16 /* bytes: no cache has shorter lines */

static void count(baton_count *n)
{
	__atomic_store_n(n, *n + BATON_COUNT_ONE, __ATOMIC_RELAXED);
}

/*
 * Clean to the point of coherency: a kernel reads the BATN table through a map
 * without caches, since the area is not its memory.
 */
static void clean(const void *start, size_t size)
{
	for (uintptr_t at = (uintptr_t)start; at < (uintptr_t)start + size; at += LINE_MIN)
		__asm__ volatile("dc cvac, %0" : : "r"(at) : "memory");
}

static void record(struct slot *slot, uint32_t event, uint64_t vector)
{
	struct baton_table *table = area_table(slot->area);

	clean(ledger_write(table, read_register(cntpct_el0), vector,
			   baton_what(slot->record->apic_id, event, 0, 0)),
	      sizeof(struct baton_entry));
	clean(slot->record, sizeof(*slot->record));
	clean(table, sizeof(*table));
	__asm__ volatile("dsb sy" ::: "memory"); /* in memory before the state shows it */
}

static void set_state(struct slot *slot, uint32_t state, uint64_t change)
{
	__atomic_store_n(&slot->record->state, baton_count_of(state), __ATOMIC_RELAXED);
	__atomic_fetch_add(&area_table(slot->area)->held, change * BATON_COUNT_ONE,
			   __ATOMIC_RELAXED);
}

void record_return(struct slot *slot)
{
	count(&slot->record->returns);
	set_state(slot, BATON_CPU_HELD, 1);
	record(slot, BATON_EVENT_RETURN, 0);
}

void record_release(struct slot *slot, uint64_t entry)
{
	count(&slot->record->releases);
	set_state(slot, BATON_CPU_RELEASED, -1);
	record(slot, BATON_EVENT_RELEASE, entry);
}

_Noreturn void record_failed(struct slot *slot, uint64_t at)
{
	bool held = baton_count_value(slot->record->state) == BATON_CPU_HELD;

	set_state(slot, BATON_CPU_FAILED, held ? -1 : 0);
	record(slot, BATON_EVENT_FAILED, at);
	for (;;)
		__asm__ volatile("wfe");
}
