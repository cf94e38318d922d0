/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#ifndef RESIDENT_ARM64_EL2_STATE_H
#define RESIDENT_ARM64_EL2_STATE_H

#include <stdint.h>

/*
 * EL2's registers, but those of address translation: nothing that the processor
 * has is trapped to EL2, counters and timers are as the arm64 boot protocol wants
 * them, whatever the last kernel left.  @hcr: what HCR_EL2 gets beside that; HCR_EL2.E2H
 * becomes 0.  Runs at EL2, or above with EL2 present; an ISB must follow.
 */
void el2_state_prepare(uint64_t hcr);

/* The longest vectors, as ZCR_ELx has it, and all that the processor has of SME, as SMCR_ELx. */
#define VECTOR_LENGTH_MAX 0x1ff
uint64_t el2_state_sme(void);

#endif /* RESIDENT_ARM64_EL2_STATE_H */
