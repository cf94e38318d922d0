/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#ifndef TESTS_TDX_EXITS_H
#define TESTS_TDX_EXITS_H

struct vcpu;

/* What the module and the host do about the exit that @vcpu has just made. */
void exits_handle(struct vcpu *vcpu);

#endif /* TESTS_TDX_EXITS_H */
