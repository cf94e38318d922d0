/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The checks, in the order in which main.c runs them.  Each leaves all CPUs
 * returned where there is a way back, and up where there is none.
 */
#ifndef PROBE_X86_64_CHECKS_H
#define PROBE_X86_64_CHECKS_H

#include <stdbool.h>

/* Why CPUs can't be woken a second time, or NULL; or why not again and again. */
const char *cpus_no_way_back(void);
const char *cpus_no_repeats(void);

/* check_wake.c: all CPUs come, in every order, and come again. */
void check_wake_first(void);
void check_wake_vectors(void);
void check_wake_return(void);
void check_wake_orders(void);
void check_wake_one_by_one(void);
void check_wake_rounds(void);
void check_wake_times(void);

/* check_state.c: the registers of the CPUs as they came in check_wake_first(). */
void check_state(void);

/* check_commands.c: what the mailbox takes, and what it must not. */
void check_commands(void);

/* check_held.c: held CPUs survive NMIs and touch nothing. */
void check_held(void);

/* check_batn.c: the BATN table and the area; what it counts. */
void check_batn_table(void);
void check_batn_counts(void);

/* check_stop.c: all at once, in and out. */
void check_stop_broadcast(void);
void check_stop_all(void);
void check_stop_crash(void);

/* linux.c: nobody is left in this kernel; then another one, if one was given along. */
void linux_check_handover(void);
void linux_check(void);
void linux_start(void); /* returns if there is none */

#endif /* PROBE_X86_64_CHECKS_H */
