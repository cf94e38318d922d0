/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* TDCALL: TDX module ABI specification, chapter "ABI reference: guest-side (TDCALL)". */
#ifndef TESTS_TDX_TDCALL_H
#define TESTS_TDX_TDCALL_H

struct vcpu;

#define TDCALL_LENGTH 4

/* The TD has executed TDCALL.  Done, or an exception injected. */
void tdcall_exit(struct vcpu *vcpu);

#endif /* TESTS_TDX_TDCALL_H */
