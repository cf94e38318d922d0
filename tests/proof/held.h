/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* The number of held CPUs in BATN, which other CPUs change between any two accesses. */
#ifndef TESTS_PROOF_HELD_H
#define TESTS_PROOF_HELD_H

#include "proof.h"
#include <baton/table.h>

/* Whatever it is when this CPU looks, which had @state, and has added @by_us since. */
static inline void held_by_others(struct baton_table *table, baton_count state, int64_t by_us)
{
	table->held = baton_count_of(any32());
	ASSUME_CONTRACT("section 9: the number of CPUs that are HELD, of 4096 at most",
			baton_count_value(table->held) <= 4096);
	if (baton_count_value(state) == BATON_CPU_HELD && !by_us)
		ASSUME_CONTRACT("this one is among them", baton_count_value(table->held));
}

#endif /* TESTS_PROOF_HELD_H */
