/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* The TD's MSRs: what the module emulates, and what the host does for it. */
#ifndef TESTS_TDX_MSR_H
#define TESTS_TDX_MSR_H

#include <stdbool.h>
#include <stdint.h>

struct vcpu;

/* Whether access that the table calls native must exit, since the machine has it not so. */
bool msr_is_simulated(uint32_t msr);

/* An exit by RDMSR or WRMSR: done, or an exception injected. */
void msr_exit(struct vcpu *vcpu, bool write);

/* The host's answer to TDG.VP.VMCALL<RDMSR> and <WRMSR>; false: refused. */
bool msr_host_read(struct vcpu *vcpu, uint32_t msr, uint64_t *value);
bool msr_host_write(struct vcpu *vcpu, uint32_t msr, uint64_t value);

#endif /* TESTS_TDX_MSR_H */
