/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * Reading a copy of the BATN table (table.h; docs/contract.md, section 9).
 * Part of libbaton; freestanding, no allocation.  The table is hostile until
 * checked: whoever wrote it may be another version, or no resident at all.
 *
 * The table is live, so a copy of it can be torn where it was written to just
 * then.  A reader that is refused a copy takes another, a few times, before it
 * believes the reason.
 *
 * Callers: anyone with a C stack and a copy of their own that nobody writes to.
 */
#ifndef BATON_READER_H
#define BATON_READER_H

#include <stddef.h>
#include <stdint.h>

#include <baton/table.h>

/* No table is longer than this. */
#define BATON_TABLE_MAX (16u << 20)

/*
 * Check the copy of @size bytes at @table, which is 8-byte aligned: signature,
 * length of at most @size, checksum, version, size and number of records, every
 * count.  NULL if it is good, else why not.  States, events and flags may be
 * others than table.h names.
 */
const char *baton_table_check(const struct baton_table *table, size_t size);

/* What follows is for a copy that has passed. */

/* Record @index, below table->ncpus: records may be larger than struct baton_cpu_record. */
const struct baton_cpu_record *baton_table_record(const struct baton_table *table, uint32_t index);

/* Entries that the ledger has room for; may be 0. */
uint32_t baton_table_room(const struct baton_table *table);

/*
 * Numbers of the entries that the ledger can still have: from the first up to,
 * and without, the last.  They are compared by != alone: they begin anew at 2^32.
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
	uint64_t vector; /* physical address; of a release, else 0 */
};

enum baton_entry_is {
	BATON_ENTRY_WHOLE,
	BATON_ENTRY_LOST, /* another stands in its place: overwritten, or not yet written */
	BATON_ENTRY_TORN, /* being written, or spoilt */
};

/*
 * Entry @number of all that were ever written, from 0 on.  Only if it is whole,
 * all of *event is filled in; else its sequence alone.
 */
enum baton_entry_is baton_table_entry(const struct baton_table *table, uint32_t number,
				      struct baton_event *event);

#endif /* BATON_READER_H */
