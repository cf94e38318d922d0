/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * #VE in the stage of a TDX guest.  CPUID's leaves of the topology, most MSRs and all I/O
 * ports raise it, and lib/x86_64/tdx.h has the handler.  A wrapped kernel that a Linux loader
 * has started has an IDT of its own (bzimage/entry.S).  Under UEFI the firmware's handler serves
 * up to the end of ExitBootServices, and ve_begin() after that.
 */
#ifndef STAGE_X86_64_VE_H
#define STAGE_X86_64_VE_H

#include <stdint.h>

/*
 * Load a copy of the firmware's IDT, in which #VE is the stage's.  Boot CPU, interrupts off;
 * then I/O ports and the local APIC can be used.
 */
void ve_begin(void);

/* Load the firmware's IDT again.  Interrupts have been off since ve_begin(). */
void ve_end(void);

/*
 * What a #VE leads to that the handler has no answer to: @failed, with its reason and the address
 * of the instruction.  Without one, the stage prints them, and the CPU stops.
 */
void ve_on_failure(void (*failed)(uint64_t reason, uint64_t rip));

#endif /* STAGE_X86_64_VE_H */
