/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * What libbaton's own files share: the methods, the changes of a CPU's state, and waiting. Resolved
 * at link time.
 */
#ifndef LIBBATON_METHOD_H
#define LIBBATON_METHOD_H

#include "arch.h"

/* All of it is linked together: no address comes from a global offset table. */
#pragma GCC visibility push(hidden)

/* In life.c.  True if @cpu was in state @from, and now is in @to. */
bool life_change(struct baton_cpu *cpu, uint32_t from, uint32_t to);

/* The calling CPU, which is LEAVING, leaves; or it halts, if there is no way back. */
_Noreturn void life_leave(struct baton_machine *machine, struct baton_cpu *cpu);

/*
 * In wait.c.  Until whoever holds @cpu (NULL: all) has @acknowledged a request: for ever, since
 * it may be performed at any time; false: the caller of libbaton has enough.
 */
bool wait_acknowledged(struct baton_machine *machine, const struct baton_cpu *cpu,
		       bool (*acknowledged)(struct baton_machine *machine,
					    const struct baton_cpu *cpu));

/* Until @done, or false after @timeout_us. */
bool wait_at_most(struct baton_machine *machine, const struct baton_cpu *cpu, uint64_t timeout_us,
		  bool (*done)(struct baton_machine *machine, const struct baton_cpu *cpu));

/* In report.c: a wait has taken @waited_us.  False: it is to be given up. */
bool report_waiting(struct baton_machine *machine, const struct baton_cpu *cpu, uint64_t waited_us);

#pragma GCC visibility pop

#endif /* LIBBATON_METHOD_H */
