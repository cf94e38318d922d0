/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * Bringing the secondary CPUs into a freshly installed area, and making sure
 * that they are there.
 */
#ifndef STAGE_COLLECT_H
#define STAGE_COLLECT_H

#include <baton/area.h>
#include <stdint.h>

/*
 * Send for every CPU of @area that is in state COLLECTING, by INIT and SIPI
 * through the page at @trampoline (below 1 MiB, nobody else's), wait until it
 * is held, and have it answer a TEST command.  A CPU that does not is sent
 * back into wait-for-SIPI, so that it can't turn up later, and left in
 * state MISSING.  Returns how many are held; the table's held count is right.
 *
 * Runs on the boot CPU, interrupts off, with the area and the local APIC
 * mapped at their physical addresses; nobody else may use the mailbox.
 * @tsc_per_us: ticks of the time-stamp counter per microsecond.
 * Takes at most COLLECT_TIMEOUT_US for the arrivals, and TEST_TIMEOUT_US for each
 * CPU that does not answer.
 */
uint32_t collect(struct baton_area *area, void *trampoline, uint64_t tsc_per_us);

#define COLLECT_TIMEOUT_US 1000000u
#define TEST_TIMEOUT_US 100000u

#endif /* STAGE_COLLECT_H */
