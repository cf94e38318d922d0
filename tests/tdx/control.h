/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* The TD's control registers: TDX module base specification, "CR handling". */
#ifndef TESTS_TDX_CONTROL_H
#define TESTS_TDX_CONTROL_H

struct vcpu;

/* The first state: CR0 and CR4 as a TD sees them, and EFER so that TCG bears it. */
void control_start(struct vcpu *vcpu);

/* An exit by MOV to CR0 or CR4, CLTS or LMSW: done, or an exception injected. */
void control_exit(struct vcpu *vcpu);

#endif /* TESTS_TDX_CONTROL_H */
