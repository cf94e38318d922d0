/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The resident's exception level, and the kernel's below it: el2.c and el3.c.  All run on
 * the CPU in question, at the resident's level, on its slot stack.
 */
#ifndef RESIDENT_ARM64_LEVEL_H
#define RESIDENT_ARM64_LEVEL_H

#include "entry.h"

/*
 * Bring all registers that decide what the kernel's level may do to what Linux's
 * Documentation/arch/arm64/booting asks for, whatever the last kernel left.
 */
void level_prepare(struct slot *slot);

/*
 * Handle a synchronous exception from the kernel, whose registers are in @frame: a PSCI or
 * SMCCC call, or what else that level traps.  Called from psci_entry.S, which goes back
 * to the kernel with the registers that are then in @frame.
 */
void level_call(struct entry_frame *frame);

/* Empty the branch predictor of a Cortex-A57 or A72, as Arm advises for them. */
void level_forget_branches(void);

#endif /* RESIDENT_ARM64_LEVEL_H */
