/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* Where CPUs start: the trampoline, and the C side of libbaton's own entry. */
#include "x86.h"
#include "lib/x86_64/trampoline.h"
#include <baton/x86_64/registers.h>

/* Paging levels as in the caller's page tables; and SSE, since its code may use that. */
#define CR4_CALLERS (CR4_LA57 | CR4_OSFXSR | CR4_OSXMMEXCPT)

#define BELOW_1M 0x100000u
#define BELOW_4G 0x100000000u

/* Without a trampoline the mailbox takes CPUs to the vector itself. */
static bool sound(const struct baton_machine *machine)
{
	const struct baton_start *start = &machine->start;

	if (!start->page)
		return machine->method != BATON_INIT_SIPI;
	return start->page % TRAMPOLINE_SIZE == 0 && start->root && start->root < BELOW_4G &&
	       start->page < (machine->method == BATON_INIT_SIPI ? BELOW_1M : BELOW_4G);
}

int arch_prepare(struct baton_machine *machine)
{
	const struct baton_start *start = &machine->start;
	uint32_t cr4 = CR4_PAE | CR4_MCE | ((uint32_t)x86_cr4() & CR4_CALLERS);
	uint32_t efer = EFER_LME | (x86_no_execute() ? EFER_NXE : 0);
	uint64_t vector = start->vector, argument = start->argument;
	void *page;

	if (!sound(machine))
		return BATON_E_ARGUMENT;
	if (!start->page) {
		machine->vector = vector;
		return 0;
	}
	if (!vector) {
		vector = (uintptr_t)baton_entry;
		argument = (uintptr_t)machine;
	}
	page = baton_port_map(start->page, TRAMPOLINE_SIZE, BATON_MEMORY_NORMAL);
	if (!page)
		return BATON_E_MAP;
	trampoline_write(page, (uint32_t)start->page, (uint32_t)start->root, cr4, efer, vector,
			 argument);
	baton_port_flush(page, TRAMPOLINE_SIZE);
	baton_port_unmap(page, TRAMPOLINE_SIZE);
	machine->vector =
		start->page + (machine->method == BATON_INIT_SIPI ? TRAMPOLINE_16 : TRAMPOLINE_64);
	return 0;
}

void baton_run(struct baton_machine *machine, struct baton_cpu *cpu)
{
	machine->start.run(machine, cpu);
	baton_die(machine);
	arch_halt();
}
