/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * What a kernel meets: the state of its exception level when it gets a CPU, and
 * the answers to its calls.  All run on that CPU, at the resident's level.
 */
#ifndef RESIDENT_ARM64_KERNEL_H
#define RESIDENT_ARM64_KERNEL_H

#include <stdint.h>
#include "area/arm64/slot.h"

/*
 * Bring all registers that decide what the kernel's level may do to what Linux's
 * Documentation/arch/arm64/booting asks for, whatever the last kernel left.
 */
void kernel_prepare(struct slot *slot);

/* Answer a PSCI or SMCCC call: arguments and results in @frame. */
void kernel_call(struct slot *slot, struct frame *frame);

/* Enter the kernel.  In doors.S. */
_Noreturn void leave(uint64_t entry, uint64_t context);

/* Hold this CPU until it is started.  In hold.c. */
_Noreturn void hold(struct slot *slot);

/* Empty the branch predictor of a Cortex-A57 or A72, as Arm advises for them. */
void kernel_forget_branches(void);

/* Board power: do not return if the board can do it. */
void power_off(uint64_t registers);
void power_reset(uint64_t registers);

#endif /* RESIDENT_ARM64_KERNEL_H */
