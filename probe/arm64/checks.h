/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* The checks that only arm64 has. */
#ifndef PROBE_ARM64_CHECKS_H
#define PROBE_ARM64_CHECKS_H

#include "probe/checks.h"
#include "cpus.h"

#define PSCI_SPEC "DEN0022, "
#define BINDING_SPEC "arm/cpus.yaml"
#define BOOT_SPEC "arm64/booting"
#define CONTRACT_SPEC "contract-arm64, "

/* check_tree.c: what the device tree has.  Returns the way in which CPUs come. */
enum way check_tree(void);

/* check_state.c: the registers of the CPUs, as they came the last time. */
void check_state_again(void);

/* check_psci.c, check_release.c: what can be asked for, and what must be refused. */
void check_psci(void);
void check_release(void);

/* check_libbaton.c: the same CPUs by libbaton. */
void check_libbaton(void);

#endif /* PROBE_ARM64_CHECKS_H */
