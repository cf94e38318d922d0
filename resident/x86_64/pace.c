/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "pace.h"

#define MS 1000u
#define SECOND (1000 * MS)

/* After the time of PACE_HOT_US, the listener sleeps, less and less often interrupted. */
#define WARM_US SECOND
#define WARM_PERIOD_US MS
#define COLD_US (10 * SECOND)
#define COLD_PERIOD_US (10 * MS)
#define IDLE_PERIOD_US (50 * MS)

/* A kernel that begins does so for so long; its first WAKEUP waits less than 1 ms. */
#define BEGIN_US (120 * SECOND)
#define BEGIN_PERIOD_US 750

/*
 * Three accesses for each sleep, each of which may be an exit to a hypervisor.  A sleep is at
 * least as long as so many: they take at most a tenth of the time, or, for the two
 * minutes in which a kernel may begin, a quarter.
 */
#define SLEEP_ACCESSES 32
#define BEGIN_ACCESSES 9

static uint32_t usual(uint64_t idle_us)
{
	if (idle_us < WARM_US)
		return WARM_PERIOD_US;
	return idle_us < COLD_US ? COLD_PERIOD_US : IDLE_PERIOD_US;
}

uint32_t pace_sleep_us(uint64_t idle_us, bool all_held, uint32_t access_us)
{
	bool begins = all_held && idle_us < BEGIN_US;
	uint32_t us = begins ? BEGIN_PERIOD_US : usual(idle_us);
	uint32_t accesses = begins ? BEGIN_ACCESSES : SLEEP_ACCESSES;
	uint32_t floor =
		access_us < COLD_PERIOD_US / accesses ? access_us * accesses : COLD_PERIOD_US;

	if (idle_us < PACE_HOT_US)
		return 0;
	return us < floor ? floor : us;
}
