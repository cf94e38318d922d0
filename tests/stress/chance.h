/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* What a thread of a stress test leaves to chance: the same in each run, by its seed. */
#ifndef TESTS_STRESS_CHANCE_H
#define TESTS_STRESS_CHANCE_H

#include <sched.h>
#include <stdint.h>
#include "stalls.h"

static __thread uint64_t seed;

static uint32_t random_below(uint32_t limit)
{
	seed = seed * 6364136223846793005 + 1442695040888963407;
	return (uint32_t)(seed >> 33) % limit;
}

/* Before any atomic access of the code under test: see stalls.h. */
void stalls_now(void)
{
	if (!random_below(8))
		sched_yield();
}

#endif /* TESTS_STRESS_CHANCE_H */
