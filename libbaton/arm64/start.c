/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* Where CPUs start and leave: the identity-mapped page, and the C side of libbaton's own entry. */
#include "arm64.h"
#include <baton/string.h>

int arch_prepare(struct baton_machine *machine)
{
	const struct baton_start *start = &machine->start;
	struct idmap_data data = {
		.ttbr0 = start->root, .vector = start->vector, .argument = start->argument};
	uint8_t *page;

	if (start->vector % 4)
		return BATON_E_ARGUMENT;
	if (!start->page) {
		machine->vector = start->vector;
		return 0;
	}
	if (start->page % IDMAP_SIZE || !start->root || !arm64_read_registers(&data))
		return BATON_E_ARGUMENT;
	if (!data.vector) {
		data.vector = (uintptr_t)baton_entry;
		data.argument = (uintptr_t)machine;
	}
	page = baton_port_map(start->page, IDMAP_SIZE, BATON_MEMORY_NORMAL);
	if (!page)
		return BATON_E_MAP;
	memcpy(page, idmap_page, IDMAP_SIZE);
	memcpy(page + IDMAP_DATA, &data, sizeof(data));
	/* It is read, and executed, with caches off: it must be in memory before any release. */
	baton_port_flush(page, IDMAP_SIZE);
	arm64_drop_instructions();
	baton_port_unmap(page, IDMAP_SIZE);
	machine->vector = start->page + IDMAP_ENTER;
	return 0;
}

int arch_exit_build(struct baton_machine *machine)
{
	if (machine->vector && machine->start.page) {
		machine->exit.root = machine->start.root;
		machine->exit.code = machine->start.page + IDMAP_LEAVE;
		return 0;
	}
	/* No page, and none is needed if libbaton itself is at its physical address. */
	if (baton_port_physical(idmap_leave) != (uintptr_t)idmap_leave)
		return BATON_E_NOT_PREPARED;
	machine->exit.code = (uintptr_t)idmap_leave;
	return 0;
}

void baton_run(struct baton_machine *machine, struct baton_cpu *cpu)
{
	machine->start.run(machine, cpu);
	baton_die(machine);
	arch_halt();
}
