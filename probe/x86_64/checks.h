/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* The checks that only x86-64 has. */
#ifndef PROBE_X86_64_CHECKS_H
#define PROBE_X86_64_CHECKS_H

#include "probe/checks.h"

/* check_commands.c: what the mailbox takes, and what it must not. */
void check_commands(void);

/* check_state.c: a page table that @cpu came on, in memory that a kernel takes for its own, or 0.
 */
uint64_t check_state_loose_table(const struct cpu *cpu);

/* check_stop.c: all at once, in and out. */
void check_stop_broadcast(void);
void check_stop_all(void);
void check_stop_crash(void);

/* linux.c: no CPU is left in this kernel; then another one, if one was given along. */
void linux_check_handover(void);
void linux_check(void);
void linux_start(void); /* returns if there is none */

#endif /* PROBE_X86_64_CHECKS_H */
