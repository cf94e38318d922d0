/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * What libbaton's own files share: the methods, the changes of a CPU's state, and
 * what each architecture has to have.  Resolved at link time.
 */
#ifndef LIBBATON_METHOD_H
#define LIBBATON_METHOD_H

#include <baton/cpus.h>
#include <baton/port.h>

/* All of it is linked together: no address comes from a global offset table. */
#pragma GCC visibility push(hidden)

/*
 * Each fills in machine->ops, field by field: a constant table of addresses would
 * have to be relocated at run time.  (Those of arm64 are in arm64/arm64.h.)
 */
void mailbox_ops(struct baton_machine *machine);
void sipi_ops(struct baton_machine *machine);

/* In life.c.  True if @cpu was in state @from, and now is in @to. */
bool cpu_change(struct baton_cpu *cpu, uint32_t from, uint32_t to);

/* The calling CPU, which is LEAVING, leaves; or it halts, if there is no way back. */
_Noreturn void cpu_leave(struct baton_machine *machine, struct baton_cpu *cpu);

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

/*
 * What an architecture has to have; in x86_64/ and arm64/.
 */

/* Once, on the CPU that the kernel has started on, the method known: what the rest needs. */
int arch_find(struct baton_machine *machine);

/*
 * Make ready for CPUs to come to machine->start: sets machine->vector, the physical
 * address at which they come in.  @start is already in machine->start.
 */
int arch_prepare(struct baton_machine *machine);

/* machine->exit: what arch_leave() needs. */
int arch_exit_build(struct baton_machine *machine);

/*
 * Let NMIs in on this CPU: it may have left an earlier kernel from within one, and
 * not everybody ends that who holds it in between.
 */
void arch_unblock_nmi(void);

/* Whether arch_send_nmi() does anything. */
bool arch_has_nmi(void);

/* Send an interrupt to @cpu that it takes whatever it does. */
void arch_send_nmi(struct baton_machine *machine, const struct baton_cpu *cpu);

/* End on this CPU what would go on by itself: interrupts, tracing, virtualization. */
void arch_quiet(struct baton_machine *machine);

/* @cpu, the calling one, goes by the way of arch_exit_build() to whoever is to hold it. */
_Noreturn void arch_leave(struct baton_machine *machine, struct baton_cpu *cpu);

/* Interrupts off, and never again anything else. */
_Noreturn void arch_halt(void);

/* Fill in those of the registers that are control registers. */
void arch_read_registers(struct baton_registers *registers);

/* Interrupts off; and as they were before. */
uint64_t arch_interrupts_off(void);
void arch_interrupts_restore(uint64_t flags);

#pragma GCC visibility pop

#endif /* LIBBATON_METHOD_H */
