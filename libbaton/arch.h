/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * What an architecture has to have: the same functions in x86_64/ and arm64/, resolved at link
 * time.
 */
#ifndef LIBBATON_ARCH_H
#define LIBBATON_ARCH_H

#include <baton/cpus.h>
#include <baton/port.h>

#pragma GCC visibility push(hidden)

/* x86-64: once, first, on the CPU that the kernel has started on: maps machine->apic. */
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

#endif /* LIBBATON_ARCH_H */
