/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The TD's x2APIC on the machine's xAPIC: QEMU 7.2 has no other with TCG.  MSR 0x800 + n is the
 * register at 16 * n of the page, but for ID, LDR, ICR and SELF_IPI (Intel SDM volume 3,
 * "x2APIC register address space").  Each CPU has its own; call it on that CPU.
 */
#ifndef TESTS_TDX_TDAPIC_H
#define TESTS_TDX_TDAPIC_H

#include <stdbool.h>
#include <stdint.h>

#define APIC_MSR_FIRST 0x800u
#define APIC_MSR_LAST 0x83fu

/* The xAPIC's ID of this CPU. */
uint32_t tdapic_id(void);

/* Logical IDs as an x2APIC has them, for CPUs 0 to 7. */
void tdapic_start(void);

uint64_t tdapic_read(uint32_t msr);

/* False if the host drops it: INIT and SIPI, which a TD can't send. */
bool tdapic_write(uint32_t msr, uint64_t value);

/* Send CPU @id an interrupt with @vector, as the host may at any time; with 2, an NMI. */
void tdapic_send(uint32_t id, uint32_t vector);

/* The simulator's own use of the timer, while the TD does not use this APIC: slice.c. */
void tdapic_timer_start(uint32_t vector, uint32_t us);
void tdapic_timer_stop(void);
void tdapic_end_of_interrupt(void);
bool tdapic_is_only_pending(uint32_t vector);
bool tdapic_is_any_pending(void);

/* The registers that were used for it, as after reset. */
void tdapic_reset(void);

#endif /* TESTS_TDX_TDAPIC_H */
