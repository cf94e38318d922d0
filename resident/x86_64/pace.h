/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* How often the listener looks at a mailbox that is quiet.  Pure arithmetic. */
#ifndef RESIDENT_X86_64_PACE_H
#define RESIDENT_X86_64_PACE_H

#include <stdbool.h>
#include <stdint.h>

/* For so long after the mailbox was last busy, the listener does not sleep. */
#define PACE_HOT_US 20000u

/*
 * How long the listener sleeps until its next look, by a timer; 0: not at all.
 * @idle_us: since the last command, or since @all_held changed;
 * @all_held: every CPU is held, so that a kernel is to begin, and to wake CPUs;
 * @access_us: what an access to the timer takes.
 */
uint32_t pace_sleep_us(uint64_t idle_us, bool all_held, uint32_t access_us);

#endif /* RESIDENT_X86_64_PACE_H */
