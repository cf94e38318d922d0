/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * What a hostile or overloaded host may do to a TD, by option: README.md has their list.  It
 * can delay, refuse and disturb; it can't change what the TDX module does.  Each is called on
 * the CPU itself.
 */
#ifndef TESTS_TDX_MISBEHAVE_H
#define TESTS_TDX_MISBEHAVE_H

#include <stdbool.h>
#include <stdint.h>

struct vcpu;

/* From now on it misbehaves, or does not.  From the start it does, unless it is to wait. */
void misbehave_begin(bool begin);

/* Before the CPU enters the TD for the first time. */
void misbehave_start(struct vcpu *vcpu);

/* After each exit: stalls at random, stray interrupts and NMIs. */
void misbehave_exit(struct vcpu *vcpu);

/* Before the host answers a TDVMCALL of @function. */
void misbehave_vmcall(struct vcpu *vcpu, uint64_t function);

/* Whether the host refuses it. */
bool misbehave_refuses(struct vcpu *vcpu, uint64_t function);

/* Whether TDG.VP.VMCALL<HLT> sleeps at all. */
bool misbehave_sleeps(void);

/* It has slept. */
void misbehave_woken(struct vcpu *vcpu);

#endif /* TESTS_TDX_MISBEHAVE_H */
