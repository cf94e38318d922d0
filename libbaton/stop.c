/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* All CPUs leave at once: for the next kernel, or in a crash. */
#include "method.h"

static uint32_t load(const uint32_t *word)
{
	return __atomic_load_n(word, __ATOMIC_ACQUIRE);
}

/* Whether any CPU but @self is with the kernel. */
static bool any_here(struct baton_machine *machine, const struct baton_cpu *self)
{
	for (uint32_t i = 0; i < machine->ncpus; i++) {
		uint32_t state = baton_state(&machine->cpu[i]);

		if (&machine->cpu[i] != self && (state == BATON_ONLINE || state == BATON_ENTERED))
			return true;
	}
	return false;
}

/* Whether a CPU can be interrupted at all by interrupt(). */
static bool can_interrupt(const struct baton_machine *machine)
{
	return machine->nmi || arch_has_nmi();
}

static void interrupt(struct baton_machine *machine, struct baton_cpu *cpu)
{
	if (machine->nmi)
		machine->nmi(machine, cpu);
	else
		arch_send_nmi(machine, cpu);
}

static void tell_all(struct baton_machine *machine, const struct baton_cpu *self)
{
	for (uint32_t i = 0; i < machine->ncpus; i++) {
		struct baton_cpu *cpu = &machine->cpu[i];

		if (cpu == self || baton_state(cpu) != BATON_ONLINE)
			continue;
		if (machine->stop)
			machine->stop(machine, cpu);
		else
			interrupt(machine, cpu);
	}
}

/* Prove of all that are LEAVING that they have left; a second in all for those that have not. */
static void prove_all(struct baton_machine *machine)
{
	uint64_t start = baton_port_time_us();

	for (uint32_t i = 0; i < machine->ncpus; i++) {
		uint64_t spent = baton_port_time_us() - start;

		if (baton_state(&machine->cpu[i]) == BATON_LEAVING)
			baton_kill(machine, &machine->cpu[i],
				   spent < BATON_KILL_US ? BATON_KILL_US - spent : 1);
	}
}

int baton_stop_all(struct baton_machine *machine, uint64_t timeout_us)
{
	struct baton_cpu *self = baton_this_cpu(machine);
	uint64_t start = baton_port_time_us();
	int left = 0;
	int error;

	if (!self)
		return BATON_E_STATE;
	if (!machine->stop && !can_interrupt(machine))
		return BATON_E_NOT_SUPPORTED;
	for (uint32_t i = 0; i < machine->ncpus; i++) {
		if (&machine->cpu[i] == self || baton_state(&machine->cpu[i]) == BATON_OFFLINE)
			continue;
		error = baton_can_disable(machine, &machine->cpu[i]);
		if (error)
			return error;
	}
	if (__atomic_exchange_n(&machine->stopping, 1, __ATOMIC_ACQ_REL))
		return BATON_E_BUSY;
	if (!timeout_us)
		timeout_us = BATON_STOP_US;
	tell_all(machine, self);
	while (any_here(machine, self) && baton_port_time_us() - start < timeout_us)
		baton_port_relax();
	prove_all(machine);
	for (uint32_t i = 0; i < machine->ncpus; i++)
		left += &machine->cpu[i] != self && baton_state(&machine->cpu[i]) != BATON_OFFLINE;
	__atomic_store_n(&machine->stopping, 0, __ATOMIC_RELEASE);
	return left;
}

int baton_crash_stop(struct baton_machine *machine, uint64_t timeout_us)
{
	struct baton_cpu *self = baton_this_cpu(machine);
	uint64_t start = baton_port_time_us();
	uint32_t asked = 0;

	if (!can_interrupt(machine))
		return BATON_E_NOT_SUPPORTED;
	if (__atomic_exchange_n(&machine->crashing, 1, __ATOMIC_ACQ_REL))
		return BATON_E_CRASHING;
	if (!timeout_us)
		timeout_us = BATON_CRASH_US;
	for (uint32_t i = 0; i < machine->ncpus; i++) {
		struct baton_cpu *cpu = &machine->cpu[i];

		/* One on its way would take the NMI where nobody survives it. */
		if (cpu == self || baton_state(cpu) != BATON_ONLINE)
			continue;
		__atomic_store_n(&cpu->crash, BATON_CRASH_ASKED, __ATOMIC_RELEASE);
		interrupt(machine, cpu);
		asked++;
	}
	while (load(&machine->answered) < asked && baton_port_time_us() - start < timeout_us)
		baton_port_relax();
	return (int)(asked - load(&machine->answered));
}

/* For the kernel that writes the dump. */
static void save_registers(struct baton_cpu *cpu, const struct baton_registers *registers)
{
	if (!cpu->registers)
		return;
	if (registers)
		*cpu->registers = *registers;
	arch_read_registers(cpu->registers);
}

bool baton_nmi(struct baton_machine *machine, const struct baton_registers *registers)
{
	struct baton_cpu *cpu = baton_this_cpu(machine);
	bool stop = load(&machine->stopping) && !machine->stop;

	if (!cpu)
		return false;
	if (load(&cpu->crash) == BATON_CRASH_ASKED) {
		save_registers(cpu, registers);
		__atomic_store_n(&cpu->state, BATON_LEAVING, __ATOMIC_RELEASE);
		__atomic_store_n(&cpu->crash, BATON_CRASH_ANSWERED, __ATOMIC_RELEASE);
		__atomic_fetch_add(&machine->answered, 1, __ATOMIC_ACQ_REL);
	} else if (!stop || !life_change(cpu, BATON_ONLINE, BATON_LEAVING)) {
		return false;
	}
	life_leave(machine, cpu);
}
