/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The checks, in the order in which main.c runs them.  Each leaves all CPUs
 * returned where there is a way back, and up where there is none.
 */
#ifndef PROBE_ARM64_CHECKS_H
#define PROBE_ARM64_CHECKS_H

#include <baton/table.h>
#include "cpus.h"

#define PSCI_SPEC "DEN0022, "
#define BINDING_SPEC "arm/cpus.yaml"
#define BOOT_SPEC "arm64/booting"
#define CONTRACT_SPEC "contract-arm64, "

/* The BATN table of baton's resident, or NULL: then only what others promise is asked for. */
extern const volatile struct baton_table *check_batn;

/* Why CPUs can't be woken a second time, or NULL. */
const char *cpus_no_way_back(void);

/* check_tree.c: what the device tree says.  The way in which CPUs come. */
enum way check_tree(void);

/* check_batn.c: the BATN table and the area; what it counts. */
void check_batn_table(void);
void check_batn_counts(void);

/* check_wake.c: all CPUs come, in every order, and come again. */
void check_wake_first(void);
void check_wake_return(void);
void check_wake_orders(void);
void check_wake_one_by_one(void);
void check_wake_boot_cpu(void);
void check_wake_rounds(void);
void check_wake_times(void);

/* check_state.c: the registers of the CPUs, as they came the last time. */
void check_state(void);
void check_state_again(void);

/* check_psci.c, check_release.c: what can be asked for, and what must be refused. */
void check_psci(void);
void check_release(void);

/* check_libbaton.c: a kernel on libbaton has it easier. */
void check_libbaton(const void *fdt);

/* check_held.c: held CPUs touch nothing, and nothing touches the area. */
void check_held(void);
void check_held_area(void);

#endif /* PROBE_ARM64_CHECKS_H */
