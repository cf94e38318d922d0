/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The checks, in the order in which main.c runs them.  Each leaves all CPUs returned where
 * there is a way back, and up where there is none.
 *
 * What all architectures check is in check_*.c of this folder.  An architecture has checks of
 * its own, and the words of the common ones: its checks.c.
 */
#ifndef PROBE_CHECKS_H
#define PROBE_CHECKS_H

#include <baton/table.h>
#include "cpus.h"
#include "tap.h"

/* check_batn.c: the BATN table and the area; what it counts. */
void check_batn_table(void);
void check_batn_counts(void);

/* The BATN table of baton's resident, or NULL: then only what others promise is checked. */
extern const volatile struct baton_table *check_batn;

/* The record of @cpu in it, or NULL. */
const volatile struct baton_cpu_record *check_batn_record(const struct cpu *cpu);

/* "What" is 0x1 instead of 0x2, if it is. */
void check_batn_same(const char *what, uint64_t found, uint64_t wanted);

/* check_wake.c: all CPUs come, in every order, and come again. */
void check_wake_before_fill(void); /* begins what check_wake_first() ends */
void check_wake_first(void);
void check_wake_orders(void);
void check_wake_one_by_one(void);
void check_wake_rounds(void);
void check_wake_times(void);

/* check_held.c: held CPUs touch nothing. */
void check_held(void);

/* The operations of an architecture. */

/* Find the CPUs, and check the tables in which they are.  Returns false if it ends here. */
bool checks_find(void);

/* What is run instead of the checks, by mode=.  Returns false if there is no such mode. */
bool checks_bench(void);

/* Why there is no BATN table, or NULL and where it should be, with @room bytes for it. */
const char *checks_find_batn(const volatile struct baton_table **table, uint64_t *room);

/* The area of check_batn is where it should be, and reserved. */
void checks_area(void);

/* Before memory is filled: wake CPUs, to see whether they survive it.  There are some. */
void checks_before_fill(void);

/* As many of the CPUs, the boot CPU included, are woken first. */
uint32_t checks_first_batch(void);

/* The registers of the CPUs as they came in check_wake_first(). */
void checks_state(void);

/* All CPUs go back; and what is looked at then. */
void checks_return(void);

/* What can be asked for, and what must be refused; all CPUs at once; libbaton. */
void checks_commands(void);

/*
 * Disturb the CPUs that are held: by NMIs or events.  @why: there is no CPU to disturb.  The
 * kernel's memory for them is overwritten.
 */
void checks_disturb(const char *why);

/* Why there are no CPUs to be checked that hold still, or NULL. */
const char *checks_nothing_held(void);

/* After check_held(). */
void checks_last(void);

/* The sections that ask for what the common checks check, and words that differ. */
extern const char checks_wake_spec[], checks_return_spec[], checks_rounds_spec[];
extern const char checks_batn_spec[], checks_area_spec[], checks_held_spec[];
extern const char checks_first_what[], checks_area_what[], checks_return_time_what[];

/* Of the BATN table's address, in bytes. */
extern const uint32_t checks_batn_alignment;

/* TESTs that a return takes: each has an entry in the ledger. */
extern const uint32_t checks_tests_per_return;

#endif /* PROBE_CHECKS_H */
