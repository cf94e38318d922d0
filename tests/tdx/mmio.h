/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* Accesses to memory that the nested page tables do not map. */
#ifndef TESTS_TDX_MMIO_H
#define TESTS_TDX_MMIO_H

#include <stdbool.h>
#include <stdint.h>

struct vcpu;

/* An exit by a nested page fault: a #VE for devices; the TD's end for what a TD must not do. */
void mmio_exit(struct vcpu *vcpu);

/*
 * The host's answer to TDG.VP.VMCALL<#VE.RequestMMIO>: @size is 1, 2, 4 or 8.  False, if that is
 * no place for devices.
 */
bool mmio_host_read(uint64_t gpa, unsigned size, uint64_t *value);
bool mmio_host_write(uint64_t gpa, unsigned size, uint64_t value);

#endif /* TESTS_TDX_MMIO_H */
