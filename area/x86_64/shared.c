/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "shared.h"

void shared_complete_wakes(struct shared *shared, uint32_t self, uint32_t waker)
{
	for (uint32_t i = 0; i < shared->ncpus; i++)
		if (shared_load(&shared->line[i].state) == LINE_WAKING + waker) {
			shared_wake(shared, self, i);
			shared_store(&shared->line[i].state, LINE_WOKEN);
		}
}

void shared_remove(struct shared *shared, uint32_t self, uint32_t lost)
{
	shared_store(&shared->line[lost].state, LINE_AWAY);
	/* Nobody wakes them any more if it was the listener: all that wait must look. */
	if (shared_swap(&shared->listener, lost, LINE_NONE))
		for (uint32_t i = 0; i < shared->ncpus; i++)
			shared_swap(&shared->line[i].state, LINE_WAITING, LINE_WAKING + lost);
	/* No other CPU completes these wakes, nor those that it was in the middle of. */
	shared_complete_wakes(shared, self, lost);
}
