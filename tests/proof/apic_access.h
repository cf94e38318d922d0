/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* Included in front of resident/x86_64/apic.c: the harness is the local APIC, and the clock. */
#ifndef TESTS_PROOF_APIC_ACCESS_H
#define TESTS_PROOF_APIC_ACCESS_H

#include <baton/x86_64/cpu.h>

uint32_t proof_apic_read(const struct apic *apic, uint32_t offset);
void proof_apic_write(const struct apic *apic, uint32_t offset, uint32_t value);
uint64_t proof_rdtsc(void);

#define apic_read(apic, offset) proof_apic_read(apic, offset)
#define apic_write(apic, offset, value) proof_apic_write(apic, offset, value)
#define rdtsc() proof_rdtsc()

#endif /* TESTS_PROOF_APIC_ACCESS_H */
