/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* How fast the time-stamp counter counts, where there is no firmware to ask. */
#ifndef LIB_X86_64_CLOCK_H
#define LIB_X86_64_CLOCK_H

#include <stdint.h>

/*
 * Ticks of the time-stamp counter per microsecond: as the processor or
 * the hypervisor reports it, else measured for a millisecond by the ACPI PM timer
 * at I/O port @pm_timer (0: there is none), else by the PIT.  Where accesses to these are
 * slow, it takes longer, and is right to an eighth.  0 if nothing counts.
 */
uint64_t clock_tsc_per_us(uint16_t pm_timer);

#endif /* LIB_X86_64_CLOCK_H */
