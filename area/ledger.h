/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#ifndef AREA_LEDGER_H
#define AREA_LEDGER_H

#include <baton/table.h>

/*
 * Write an entry to the ledger behind @table.
 * Any number of CPUs at once; never waits, not even for a CPU that has stopped
 * in the middle of an entry: it overwrites the oldest one.  Returns the entry.
 */
struct baton_entry *ledger_write(struct baton_table *table, uint64_t time, uint64_t vector,
				 uint64_t what);

#endif /* AREA_LEDGER_H */
