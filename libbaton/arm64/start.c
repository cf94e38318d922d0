/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* Where CPUs start and leave: the identity-mapped page, and the C side of libbaton's own entry. */
#include "arm64.h"
#include <baton/string.h>

/* Whether any CPU but the calling one is in such a state: BATON_CPU_... */
static bool any_other(const struct baton_machine *machine, uint32_t flag)
{
	for (uint32_t i = 1; i < machine->ncpus; i++)
		if (__atomic_load_n(&machine->cpu[i].flags, __ATOMIC_RELAXED) & flag)
			return true;
	return false;
}

/*
 * Whether CPUs that share a release word can come by @page.  Those that are in a pen already
 * stay where they are.
 */
static int check_pen(const struct baton_machine *machine, uint64_t page)
{
	if (!any_other(machine, BATON_CPU_SHARED))
		return 0;
	if (any_other(machine, BATON_CPU_PENNED) && machine->pen_page != page)
		return BATON_E_STATE;
	if (!page)
		return BATON_E_ARGUMENT;
	return machine->ncpus > IDMAP_GATES_MAX ? BATON_E_NOT_SUPPORTED : 0;
}

/* The gates in @page, which stays mapped: baton_boot() opens them. */
static void make_gates(struct baton_machine *machine, uint8_t *page)
{
	uint64_t *gates = (uint64_t *)(page + IDMAP_GATES);

	for (uint32_t i = 1; i < machine->ncpus; i++)
		if (machine->cpu[i].flags & BATON_CPU_SHARED)
			gates[i] = machine->cpu[i].id | 1ull << GATE_USED;
	if (machine->gates)
		baton_port_unmap((uint8_t *)machine->gates - IDMAP_GATES, IDMAP_SIZE);
	machine->gates = gates;
	machine->pen_page = machine->start.page;
}

int arch_prepare(struct baton_machine *machine)
{
	const struct baton_start *start = &machine->start;
	bool pen = any_other(machine, BATON_CPU_SHARED);
	int error = check_pen(machine, start->page);
	struct idmap_data data = {
		.ttbr0 = start->root, .vector = start->vector, .argument = start->argument};
	uint8_t *page;

	if (start->vector % 4)
		return BATON_E_ARGUMENT;
	if (error)
		return error;
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
	if (pen)
		make_gates(machine, page);
	/* It is read, and executed, with caches off: it must be in memory before any release. */
	baton_port_flush(page, IDMAP_SIZE);
	arm64_drop_instructions();
	if (!pen)
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
