/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* Included in front of resident/x86_64/apic.c: the harness is the clock. */
#ifndef TESTS_PROOF_APIC_ACCESS_H
#define TESTS_PROOF_APIC_ACCESS_H

#include <baton/x86_64/cpu.h>

uint64_t proof_rdtsc(void);

#define rdtsc() proof_rdtsc()

#endif /* TESTS_PROOF_APIC_ACCESS_H */
