/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* CPUID in the TD. */
#ifndef TESTS_TDX_CPUID_H
#define TESTS_TDX_CPUID_H

#include <baton/x86_64/cpu.h>

struct vcpu;

/* An exit by CPUID: done, or a #VE injected. */
void cpuid_exit(struct vcpu *vcpu);

/* The host's answer to TDG.VP.VMCALL<CPUID>: as KVM's. */
struct cpuid cpuid_host(uint32_t leaf, uint32_t subleaf);

#endif /* TESTS_TDX_CPUID_H */
