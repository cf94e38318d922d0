/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * Reading a copy of the BATN table (table.h; docs/contract.md, section 9).
 * Part of libbaton; freestanding, no allocation.  The table is hostile until
 * checked: its writer may be another version, or no resident at all.
 *
 * The table is live, so a copy can be torn where the resident was just writing.  If
 * the check refuses a copy, the reader takes another, a few times, before it
 * reports the reason.
 *
 * Callers: any code with a C stack and a copy of its own that nobody else writes.
 */
#ifndef BATON_READER_H
#define BATON_READER_H

#include <stddef.h>
#include <stdint.h>

#include <baton/table.h>

/* No table is longer than this. */
#define BATON_TABLE_MAX (16u << 20)

/*
 * Check the copy of @size bytes at @table, which is 8-byte aligned.  Checked are
 * signature, length of at most @size, checksum, version, size and number of records,
 * every count.  Returns NULL if the copy is good, else the reason.  States, events and
 * flags may be others than those of table.h.
 */
const char *baton_table_check(const struct baton_table *table, size_t size);

/* All functions below are for a copy that has passed. */

/* Record @index, below table->ncpus: records may be larger than struct baton_cpu_record. */
const struct baton_cpu_record *baton_table_record(const struct baton_table *table, uint32_t index);

/* The number of entries that the ledger has room for; may be 0. */
uint32_t baton_table_room(const struct baton_table *table);

/*
 * The numbers of the entries that the ledger can still have: from the first up to,
 * and without, the end.  Compare them by != alone: they begin anew at 2^32.
 */
uint32_t baton_table_first_entry(const struct baton_table *table);
uint32_t baton_table_end_of_entries(const struct baton_table *table);

struct baton_event {
	uint32_t sequence; /* 1 for the first ever written */
	uint32_t apic_id;
	uint32_t what; /* BATON_EVENT_..., or one that is not known */
	uint32_t nmis; /* survived by the CPU so far, modulo 4096 */
	uint32_t machine_checks;
	uint64_t time;	 /* time-stamp counter of the CPU */
	uint64_t vector; /* of a release; of a collection BATON_ORIGIN_...; else 0 */
};

enum baton_entry_is {
	BATON_ENTRY_WHOLE,
	BATON_ENTRY_LOST, /* another is in its place: overwritten, or not yet written */
	BATON_ENTRY_TORN, /* being written, or damaged */
};

/*
 * Read entry @number of all that were ever written, from 0 on.  If it is whole, all of
 * *event is filled in; else its sequence alone.
 */
enum baton_entry_is baton_table_entry(const struct baton_table *table, uint32_t number,
				      struct baton_event *event);

#endif /* BATON_READER_H */
