/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* clang-format off */
/*
 * How long the listener sleeps: resident/x86_64/pace.h.
 *
 * Sources: resident/x86_64/pace.c
 * Proof: pace
 * Quick: pace
 * Mutant: pace resident/x86_64/pace.c s/idle_us < PACE_HOT_US/idle_us <= PACE_HOT_US/
 * Mutant: pace resident/x86_64/pace.c s/access_us < COLD_PERIOD_US \/ accesses/access_us < COLD_PERIOD_US/
 * Mutant: pace resident/x86_64/pace.c s/us < floor ? floor : us/us/
 * Mutant: pace resident/x86_64/pace.c s/BEGIN_PERIOD_US 750/BEGIN_PERIOD_US 1750/
 */
/* clang-format on */
#include "proof.h"
#include "resident/x86_64/pace.h"

void proof_pace(void)
{
	uint64_t idle_us = any64();
	bool all_held = any();
	uint32_t access_us = any32();
	uint32_t us = pace_sleep_us(idle_us, all_held, access_us);

	PROVE("not at all while the mailbox was just busy, and else always",
	      !us == (idle_us < PACE_HOT_US));
	PROVE("50 ms at most", us <= 50000);
	if (!us)
		return;
	PROVE("three accesses take a tenth of it, or a quarter, but where 10 ms are not enough",
	      us >= 10000 - 31 || us / (all_held ? 9 : 32) >= access_us);
	if (access_us < 80)
		PROVE("below 1 ms while a kernel may begin",
		      !all_held || idle_us >= 120000000 || us < 1000);
	if (access_us < 300)
		PROVE("10 ms at most for ten seconds", idle_us >= 10000000 || us <= 10000);
}
