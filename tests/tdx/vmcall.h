/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* TDG.VP.VMCALL: Guest-Host Communication Interface (GHCI) 1.0 for TDX, chapter 3. */
#ifndef TESTS_TDX_VMCALL_H
#define TESTS_TDX_VMCALL_H

struct vcpu;

/* The TD asks the host: answer, as KVM and QEMU would. */
void vmcall(struct vcpu *vcpu);

#endif /* TESTS_TDX_VMCALL_H */
