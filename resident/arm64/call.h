/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* The PSCI and SMCCC calls that a kernel makes: Arm DEN0022 (PSCI 1.1), DEN0028 (SMCCC 1.1). */
#ifndef RESIDENT_ARM64_CALL_H
#define RESIDENT_ARM64_CALL_H

#include "entry.h"

/*
 * Answer the call whose arguments are in @frame, and put its results there.  Runs on the CPU
 * that calls, on its slot stack.  Does not return from CPU_OFF.
 */
void call_answer(struct slot *slot, struct entry_frame *frame);

#endif /* RESIDENT_ARM64_CALL_H */
