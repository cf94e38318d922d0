/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The linear address of a memory access, which VMX reports and SVM does not: it is computed
 * from the instruction.  64-bit mode only.
 */
#ifndef TESTS_TDX_DECODE_H
#define TESTS_TDX_DECODE_H

#include <stdint.h>

struct vcpu;

/*
 * The linear address by which the instruction at RIP got to @gpa; 0 if the one that is
 * computed does not lead there by the TD's page tables.
 */
uint64_t decode_linear(struct vcpu *vcpu, uint64_t gpa);

#endif /* TESTS_TDX_DECODE_H */
