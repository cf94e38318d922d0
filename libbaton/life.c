/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* The life of a CPU, whatever the method: in the order in which it happens. */
#include "method.h"

/*
 * Acquire: whoever takes a CPU over sees what was done with it in the state before (since_us, its
 * stack and page tables).  Release: whoever takes it over next sees what this CPU has done.
 * Relaxed if the change is refused: nothing of the CPU's is used then.
 */
bool life_change(struct baton_cpu *cpu, uint32_t from, uint32_t to)
{
	return __atomic_compare_exchange_n(&cpu->state, &from, to, false, __ATOMIC_ACQ_REL,
					   __ATOMIC_RELAXED);
}

uint32_t baton_state(const struct baton_cpu *cpu)
{
	/* Acquire: promised to the kernel, see <baton/cpus.h>. */
	return __atomic_load_n(&cpu->state, __ATOMIC_ACQUIRE);
}

int baton_prepare(struct baton_machine *machine, const struct baton_start *start)
{
	struct baton_start before = machine->start;
	int error;

	if (machine->method == BATON_NO_METHOD)
		return BATON_E_NOT_PREPARED;
	if (!start->vector && (!start->run || !start->page))
		return BATON_E_ARGUMENT;
	machine->start = *start;
	error = arch_prepare(machine);
	if (error)
		machine->start = before;
	return error;
}

/* Whether @cpu has the stack that libbaton's own entry would give it. */
static bool has_stack(const struct baton_machine *machine, const struct baton_cpu *cpu)
{
	return machine->start.vector || (cpu->stack && (uintptr_t)cpu->stack % 16 == 0);
}

int baton_boot(struct baton_machine *machine, struct baton_cpu *cpu)
{
	if (!machine->vector)
		return BATON_E_NOT_PREPARED;
	if (baton_state(cpu) != BATON_OFFLINE)
		return BATON_E_STATE;
	if (!has_stack(machine, cpu))
		return BATON_E_ARGUMENT;
	return machine->ops.boot(machine, cpu);
}

int baton_release_all(struct baton_machine *machine)
{
	if (!machine->vector)
		return BATON_E_NOT_PREPARED;
	for (uint32_t i = 0; i < machine->ncpus; i++)
		if (baton_state(&machine->cpu[i]) == BATON_OFFLINE &&
		    !has_stack(machine, &machine->cpu[i]))
			return BATON_E_ARGUMENT;
	return machine->ops.release_all(machine);
}

struct baton_cpu *baton_enter(struct baton_machine *machine)
{
	struct baton_cpu *cpu = baton_this_cpu(machine);

	/* Whoever booted it may see the acknowledgement, and say COMING, at any time. */
	if (cpu && (life_change(cpu, BATON_WAKING, BATON_ENTERED) ||
		    life_change(cpu, BATON_COMING, BATON_ENTERED)))
		return cpu;
	__atomic_fetch_add(&machine->strays, 1, __ATOMIC_RELAXED);
	return NULL;
}

int baton_online(struct baton_machine *machine, struct baton_cpu *cpu)
{
	(void)machine;
	if (baton_state(cpu) != BATON_ENTERED)
		return BATON_E_STATE;
	arch_unblock_nmi();
	return life_change(cpu, BATON_ENTERED, BATON_ONLINE) ? 0 : BATON_E_STATE;
}

static int how_far(uint32_t state)
{
	switch (state) {
	case BATON_WAKING:
		return BATON_E_NOT_ACKNOWLEDGED;
	case BATON_COMING:
		return BATON_E_NOT_ENTERED;
	case BATON_ENTERED:
		return BATON_E_NOT_UP;
	default:
		return BATON_E_STATE;
	}
}

int baton_alive(struct baton_machine *machine, struct baton_cpu *cpu, uint64_t timeout_us)
{
	uint64_t start = baton_port_time_us();

	if (!timeout_us)
		timeout_us = BATON_ALIVE_US;
	for (;;) {
		/* The time first: a caller that was itself delayed looks once more. */
		bool late = baton_port_time_us() - start >= timeout_us;
		uint32_t state;

		if (baton_state(cpu) == BATON_WAKING)
			machine->ops.settle(machine, cpu);
		state = baton_state(cpu);
		if (state == BATON_ONLINE)
			return 0;
		if (late || state == BATON_OFFLINE || state == BATON_LEAVING)
			return how_far(state);
		baton_port_relax();
	}
}

int baton_can_disable(const struct baton_machine *machine, const struct baton_cpu *cpu)
{
	if (machine->method == BATON_NO_METHOD)
		return BATON_E_NOT_PREPARED;
	return machine->ops.can_disable(machine, cpu);
}

int baton_exit_build(struct baton_machine *machine, const struct baton_pages *pages)
{
	int error;

	if (machine->method == BATON_NO_METHOD)
		return BATON_E_NOT_PREPARED;
	if (machine->exit.root || machine->exit.code)
		return BATON_E_STATE;
	if (pages)
		machine->exit.source = *pages;
	error = machine->ops.exit_build(machine);
	if (error)
		baton_exit_release(machine);
	return error;
}

void baton_exit_release(struct baton_machine *machine)
{
	machine->exit.root = 0;
	machine->exit.code = 0;
	while (machine->exit.npages) {
		uint32_t i = --machine->exit.npages;

		machine->exit.source.free(machine->exit.source.context, machine->exit.pages[i].page,
					  machine->exit.pages[i].physical);
	}
}

void life_leave(struct baton_machine *machine, struct baton_cpu *cpu)
{
	if (machine->quiet)
		machine->quiet(machine, cpu);
	arch_quiet(machine);
	if (!baton_can_disable(machine, cpu))
		machine->ops.die(machine, cpu);
	arch_halt();
}

int baton_die(struct baton_machine *machine)
{
	struct baton_cpu *cpu = baton_this_cpu(machine);
	uint64_t flags;
	int error;

	if (!cpu)
		return BATON_E_STATE;
	error = baton_can_disable(machine, cpu);
	if (error)
		return error;
	flags = arch_interrupts_off();
	cpu->since_us = baton_port_time_us();
	if (life_change(cpu, BATON_ONLINE, BATON_LEAVING) ||
	    life_change(cpu, BATON_ENTERED, BATON_LEAVING))
		life_leave(machine, cpu);
	arch_interrupts_restore(flags);
	return BATON_E_STATE;
}

int baton_kill(struct baton_machine *machine, struct baton_cpu *cpu, uint64_t timeout_us)
{
	if (machine->method == BATON_NO_METHOD)
		return BATON_E_NO_RETURN;
	if (baton_state(cpu) != BATON_LEAVING)
		return BATON_E_STATE;
	return machine->ops.kill(machine, cpu, timeout_us ? timeout_us : BATON_KILL_US);
}

int baton_invalidate_for_next_kernel(struct baton_machine *machine)
{
	if (machine->method == BATON_NO_METHOD || !machine->ops.invalidate)
		return BATON_E_NOT_SUPPORTED;
	return machine->ops.invalidate(machine);
}
