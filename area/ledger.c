/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "ledger.h"

static void put(uint64_t *field, uint64_t value)
{
	__atomic_store_n(field, value, __ATOMIC_RELAXED);
}

struct baton_entry *ledger_write(struct baton_table *table, uint64_t time, uint64_t vector,
				 uint64_t what)
{
	/* Each writer has a number of its own, so that two meet in an entry only after a whole
	 * round. */
	uint32_t n = baton_count_value(
		__atomic_fetch_add(&table->entries_written, BATON_COUNT_ONE, __ATOMIC_RELAXED));
	struct baton_entry *entry = &baton_ledger(table)[n % baton_ledger_size(table)];
	uint32_t sequence = n + 1 ? n + 1 : 1; /* 0 is for an entry that is not whole */

	if (n == UINT32_MAX) /* the carry has gone astray into the complement */
		__atomic_fetch_add(&table->entries_written, baton_count_of(0), __ATOMIC_RELAXED);
	put(&entry->sequence, baton_count_of(0));
	/* Pairs with the reader's second look at sequence: it sees 0, or nothing of what follows.
	 */
	__atomic_thread_fence(__ATOMIC_RELEASE);
	put(&entry->time, time);
	put(&entry->not_time, ~time);
	put(&entry->vector, vector);
	put(&entry->not_vector, ~vector);
	put(&entry->what, what);
	put(&entry->not_what, ~what);
	put(&entry->check, baton_count_of(baton_entry_check(sequence, time, vector, what)));
	__atomic_store_n(&entry->sequence, baton_count_of(sequence), __ATOMIC_RELEASE);
	return entry;
}
