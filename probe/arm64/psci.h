/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* The calls of PSCI, as directly as can be: they are what is being checked. */
#ifndef PROBE_ARM64_PSCI_H
#define PROBE_ARM64_PSCI_H

#include <baton/psci.h>
#include <stdbool.h>
#include <stdint.h>

#define PSCI_TRAPPED INT64_MIN /* the call raised an exception: no PSCI is there */

extern bool psci_by_smc; /* else by HVC */

/* The answer, sign-extended from 32 bits: DEN0022, 5.2.2. */
int64_t psci(uint32_t function, uint64_t a, uint64_t b, uint64_t c);

/* "SUCCESS" ...; never NULL. */
const char *psci_name(int64_t answer);

#endif /* PROBE_ARM64_PSCI_H */
