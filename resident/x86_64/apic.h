/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* The local APIC of a held CPU.  Both run on that CPU, interrupts off, IDT loaded. */
#ifndef RESIDENT_APIC_H
#define RESIDENT_APIC_H

#include <stdint.h>

/* Mask every local interrupt source and software-disable the APIC. */
void apic_quiet(uint64_t map_end);

/*
 * Take whatever interrupts the last owner left latched in IRR and ISR, as INIT
 * would have cleared them: a kernel that starts this CPU by mailbox would get
 * them as its own.  Returns how many.  Leaves the APIC as apic_quiet() does.
 */
uint32_t apic_drain(uint64_t map_end);

#endif /* RESIDENT_APIC_H */
