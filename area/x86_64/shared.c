/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "shared.h"

bool shared_woken(struct shared *shared, uint32_t waker, uint32_t target)
{
	struct line *line = &shared->line[target];

	if (shared_swap(&line->state, LINE_WAKING + waker, LINE_WOKEN))
		return true;
	/* It has been removed, and can't have used the role that it may have been given. */
	shared_swap(&shared->listener, target, waker);
	shared_store(&line->state, LINE_AWAY);
	return false;
}

void shared_complete_wakes(struct shared *shared, uint32_t self, uint32_t waker)
{
	for (uint32_t i = 0; i < shared->ncpus; i++) {
		uint32_t state = shared_load(&shared->line[i].state);

		if ((state & ~LINE_LOST) != LINE_WAKING + waker)
			continue;
		if (state < LINE_LOST)
			shared_wake(shared, self, i);
		shared_woken(shared, waker, i);
	}
}

/* False if another CPU is waking @lost: that one sees it, and makes it LINE_AWAY. */
static bool take_away(struct shared *shared, uint32_t lost)
{
	uint32_t *state = &shared->line[lost].state, seen;

	/* Only a CPU that wakes it changes its state meanwhile: twice at most. */
	do {
		seen = shared_load(state);
		if (seen >= LINE_LOST)
			return false;
	} while (!shared_swap(state, seen, seen < LINE_WAKING ? LINE_AWAY : seen | LINE_LOST));
	return seen < LINE_WAKING;
}

void shared_remove(struct shared *shared, uint32_t self, uint32_t lost)
{
	bool away = take_away(shared, lost), nobody;

	/* No other CPU completes these. */
	shared_complete_wakes(shared, self, lost);
	if (!away)
		return;
	/*
	 * Nobody wakes those that wait if it was the listener, or had just given up the role
	 * and was to look who waits: pass_on().  All must look.
	 */
	nobody = shared_load(&shared->listener) == LINE_NONE;
	while (shared_swap(&shared->listener, lost, LINE_NONE) || nobody) {
		nobody = false;
		for (uint32_t i = 0; i < shared->ncpus; i++)
			shared_swap(&shared->line[i].state, LINE_WAITING, LINE_WAKING + lost);
		/* The role comes back if one of these has taken it, and is removed just now. */
		shared_complete_wakes(shared, self, lost);
	}
}
