/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The local APIC of a held CPU.  All of these run on that CPU, interrupts off,
 * IDT loaded, and do nothing if the APIC is not usable.
 */
#ifndef RESIDENT_X86_64_APIC_H
#define RESIDENT_X86_64_APIC_H

#include <stdint.h>
#include <baton/x86_64/cpu.h>
#include "area/x86_64/shared.h"

/*
 * Mask every local source but the timer, which is set up and stopped, and let in nothing
 * but VECTOR_WAKE and VECTOR_TIMER.
 */
void apic_hold(const struct apic *apic);

/* Sleep until one of them comes, or any NMI; returns with it ended. */
void apic_sleep(const struct apic *apic);

/*
 * How many ticks the APIC's timer has in a millisecond, after apic_hold(): measured in a
 * tenth of one, or in up to 51 ms where an access to the APIC takes long.  Slow
 * accesses make the result coarser, by up to an eighth.  0: it can't be measured.
 * @*access_us: how long an access takes.
 */
uint32_t apic_timer_rate(const struct apic *apic, uint32_t tsc_per_us, uint32_t *access_us);

/* Have VECTOR_TIMER come once, after @ticks, and not by an earlier call.  One access. */
void apic_set_timer(const struct apic *apic, uint32_t ticks);

/*
 * Take whatever interrupts the last owner left latched in IRR and ISR, as INIT
 * would have cleared them: a kernel that starts this CPU by mailbox would get
 * them as its own.  Returns how many, those two not counted.  Leaves the APIC
 * software-disabled, all local sources masked.
 */
uint32_t apic_drain(const struct apic *apic);

#endif /* RESIDENT_X86_64_APIC_H */
