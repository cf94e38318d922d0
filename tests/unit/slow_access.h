/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * A time that goes on by each access to a device that is not there: accesses may be slow, as
 * where each is an exit to a hypervisor, or stall the CPU for long.  Included by the tests that
 * include a source with such accesses.
 */
#ifndef TESTS_UNIT_SLOW_ACCESS_H
#define TESTS_UNIT_SLOW_ACCESS_H

#include <stdint.h>

#define TSC_PER_US 2000u

static struct {
	uint64_t ns;
	uint32_t access_ns, jitter_ns; /* of each access */
	uint32_t stall_every;	       /* one access in so many stalls ... */
	uint32_t stall_ns;	       /* ... for so long */
	uint32_t random;
} slow_access;

static uint32_t chance(uint32_t range)
{
	slow_access.random = slow_access.random * 1664525 + 1013904223;
	return range ? (slow_access.random >> 8) % range : 0;
}

/* Half of an access passes before it takes effect, more or less. */
static void pass(void)
{
	uint32_t ns = slow_access.access_ns + chance(slow_access.jitter_ns);

	slow_access.ns += ns / 2 + chance(ns / 4 + 1);
}

/* One time in @every. */
static void stall(uint32_t every)
{
	if (slow_access.stall_every && chance(every) == 0)
		slow_access.ns += slow_access.stall_ns;
}

static uint64_t rdtsc(void)
{
	slow_access.ns += 10;
	return slow_access.ns * TSC_PER_US / 1000;
}

#endif /* TESTS_UNIT_SLOW_ACCESS_H */
