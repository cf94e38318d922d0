/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* The one TD of the machine. */
#ifndef TESTS_TDX_TD_H
#define TESTS_TDX_TD_H

#include <stdint.h>
#include "vcpu.h"

/* TCG has 40 physical address bits, and 40 is its GPAW: real modules have 48 and 52. */
#define TD_GPAW 40
#define TD_SHARED (1ull << (TD_GPAW - 1))

/* TDX module base specification, "TD attributes": #VE for pending pages is off. */
#define TD_ATTRIBUTES (1ull << 28)

#define TD_RTMRS 4
#define TD_RTMR_SIZE 48

/* TDCS.TD_CTLS, which the TD may write. */
#define TD_CTLS_PENDING_VE_DISABLE 1ull
#define TD_CTLS_ENUM_TOPOLOGY 2ull

struct td {
	uint32_t cpus;
	uint32_t tsc_mhz;
	uint64_t hob; /* guest-physical */
	uint64_t controls;
	uint8_t rtmr[TD_RTMRS][TD_RTMR_SIZE];
	struct vcpu vcpus[CPUS_MAX];
};

extern struct td td;

/* Busy, after the TSC's rate is known. */
void td_wait_us(uint64_t us);

#endif /* TESTS_TDX_TD_H */
