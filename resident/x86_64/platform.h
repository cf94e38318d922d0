/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * What differs between a CPU of a plain machine or guest, bare/, and one of a TDX guest (a
 * TD), tdx/.  Each makes an image of its own; which of them an area has is decided when the
 * area is written.
 */
#ifndef RESIDENT_X86_64_PLATFORM_H
#define RESIDENT_X86_64_PLATFORM_H

#include <baton/x86_64/cpu.h>

/* The local APIC, as the last owner left it; its page is usable below @map_end. */
struct apic platform_apic(uint64_t map_end);

/*
 * A register of the local APIC, by its offset in the page; only if it is usable.  In a TD
 * most are the host's: it may answer anything, and a write may have no effect.
 */
uint32_t platform_apic_read(const struct apic *apic, uint32_t offset);
void platform_apic_write(const struct apic *apic, uint32_t offset, uint32_t value);

/* As apic_send(). */
void platform_apic_send(const struct apic *apic, uint32_t apic_id, uint32_t command);

/*
 * Sleep until an interrupt or an NMI comes: interrupts are off on entry and on return.
 * Returns true if an interrupt came, whose EOI is due.  In a TD it may return at any time.
 */
bool platform_halt(void);

/* Sleep for ever.  Needs no stack. */
_Noreturn void platform_stop(void);

/*
 * Not called by C.  reset.S jumps to platform_identify on the resident's tables, without
 * stack and IDT, rbp = the area.  It jumps to reset_identified with rbx = the CPU's slot, or
 * to platform_stop if there is none, and keeps rbp.
 */
extern const char platform_identify[];

/* Of the IDT, like those of traps.S. */
extern const char platform_machine_check[], platform_interrupt[];

#endif /* RESIDENT_X86_64_PLATFORM_H */
