/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* What libbaton's x86-64 files share; the privileged ones among them are in cpu.c alone. */
#ifndef LIBBATON_X86_64_X86_H
#define LIBBATON_X86_64_X86_H

#include "libbaton/method.h"

#pragma GCC visibility push(hidden)

/* Called from, or calling, assembly: the same registers for every target. */
#define ASM_ABI __attribute__((sysv_abi))

/*
 * In mailbox.c and sipi.c: each fills in machine->ops, field by field: a constant table of
 * addresses would have to be relocated at run time.
 */
void mailbox_ops(struct baton_machine *machine);
void sipi_ops(struct baton_machine *machine);

#define X86_APIC_SIZE 4096 /* of the page at machine->apic */

/* In leave.S: the code that is at the same address before and after, and its length. */
extern const uint8_t baton_leave_code[];
#define BATON_LEAVE_SIZE 64
_Noreturn ASM_ABI void baton_leave(uint64_t reset_vector, uint64_t root);

/* In entry.S: libbaton's own entry, RDI = machine. */
void baton_entry(void);
_Noreturn ASM_ABI void baton_run(struct baton_machine *machine, struct baton_cpu *cpu);

/*
 * In find.c, an operation of the mailbox: set its address in the MADT to 0, so that the next
 * kernel does not wait for CPUs that can't come.
 */
int find_invalidate(struct baton_machine *machine);

/* CR4 of this CPU. */
uint64_t x86_cr4(void);

/* Whether pages may be marked not executable: EFER.NXE of this CPU. */
bool x86_no_execute(void);

/* Whether this CPU is the bootstrap processor, which INIT resets to the firmware. */
bool x86_is_bsp(void);

/* Whether this processor needs 10 ms after INIT. */
bool x86_needs_init_delay(void);

/* In apic.c.  Send @command (ICR_... of <baton/x86_64/cpu.h>) to the CPU @apic_id. */
void x86_send(struct baton_machine *machine, uint64_t apic_id, uint32_t command);

/* In apic.c.  Disable the local APIC of this CPU, by software. */
void x86_apic_off(struct baton_machine *machine);

#pragma GCC visibility pop

#endif /* LIBBATON_X86_64_X86_H */
