/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * #VE as a TDX module injects it: TDX module base specification, "Virtualization exception
 * (#VE)".  While the information of the last one is unread, the TD gets a #DF instead.
 */
#ifndef TESTS_TDX_VE_H
#define TESTS_TDX_VE_H

#include <stdint.h>

struct vcpu;

/* A #VE for @reason (enum table_reason), of an instruction of @length bytes. */
void ve_inject(struct vcpu *vcpu, uint32_t reason, uint64_t qualification, uint32_t length);

/* One for an access to @gpa, which has its shared bit; @gla is its linear address. */
void ve_inject_memory(struct vcpu *vcpu, uint64_t qualification, uint64_t gla, uint64_t gpa);

#endif /* TESTS_TDX_VE_H */
