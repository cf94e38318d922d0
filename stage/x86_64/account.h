/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* After the collection: leave out what is missing, record how it went, and print it. */
#ifndef STAGE_X86_64_ACCOUNT_H
#define STAGE_X86_64_ACCOUNT_H

#include "collect.h"

/*
 * @held is what collect() has returned, @started the time-stamp counter when it
 * was called.  Each missing CPU is disabled in the published MADT; if none
 * is held although some should be, the tables that were there before are
 * published again (tables.h).  Then the BATN table is final.
 */
void account(const struct collection *c, uint32_t held, uint64_t started);

/* Write the checksum of @table, while held CPUs may be counting in it. */
void account_checksum(struct baton_table *table);

#endif /* STAGE_X86_64_ACCOUNT_H */
