/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* What libbaton's arm64 files share; the privileged ones among them are in cpu.c alone. */
#ifndef LIBBATON_ARM64_ARM64_H
#define LIBBATON_ARM64_ARM64_H

#include "libbaton/method.h"
#include "idmap.h"

#pragma GCC visibility push(hidden)

/* machine->psci_conduit */
#define PSCI_CALL_HVC 1
#define PSCI_CALL_SMC 2

/*
 * In psci.c and spin_table.c: each fills in machine->ops, field by field: a constant table of
 * addresses would have to be relocated at run time.
 */
void psci_ops(struct baton_machine *machine);
void spin_table_ops(struct baton_machine *machine);

/*
 * In psci.c: whether PSCI of 0.2 or later answers, by machine->psci_conduit; marks the CPU
 * that can't be turned off.
 */
int psci_check(struct baton_machine *machine);

/* In entry.S: libbaton's own entry, X0 = machine, on the kernel's page tables. */
void baton_entry(void);
_Noreturn void baton_run(struct baton_machine *machine, struct baton_cpu *cpu);

/*
 * In leave.S: interrupts off; if @root is not 0, TTBR0 = @root; then on to @code, which is
 * mapped there at its physical address: idmap_leave, with @return_address.
 */
_Noreturn void baton_leave(uint64_t return_address, uint64_t root, uint64_t code);

/* The level that the kernel runs at: 1 or 2. */
unsigned arm64_level(void);

/* What a CPU needs of this one's system registers; false: the MMU is off. */
bool arm64_read_registers(struct idmap_data *data);

/*
 * A call of the firmware or hypervisor, by @conduit: SMCCC 1.0 (Arm DEN0028).  All that was
 * stored before is visible to a CPU that it starts.  Returns X0.
 */
uint64_t arm64_call(uint32_t conduit, uint64_t function, uint64_t a, uint64_t b, uint64_t c);

/* Wake CPUs that wait for an event; all that was stored before is visible to them. */
void arm64_send_event(void);

/* Drop what instruction caches have, on all CPUs: code was written, and flushed. */
void arm64_drop_instructions(void);

#pragma GCC visibility pop

#endif /* LIBBATON_ARM64_ARM64_H */
