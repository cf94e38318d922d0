/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * PSCI: Arm DEN0022, 0.2 and later, section 5.  The firmware holds the CPUs; what it answers
 * is the acknowledgement, and AFFINITY_INFO the proof.
 */
#include "arm64.h"
#include <baton/psci.h>

static int32_t call(struct baton_machine *machine, uint32_t function, uint64_t a, uint64_t b,
		    uint64_t c)
{
	return (int32_t)arm64_call(machine->psci_conduit, function, a, b, c);
}

/* Section 5.9: a trusted OS that can't migrate keeps its CPU from being turned off. */
static void mark_trusted_os(struct baton_machine *machine)
{
	int32_t type = call(machine, PSCI_MIGRATE_INFO_TYPE, 0, 0, 0);
	struct baton_cpu *cpu;

	if (type != PSCI_MIGRATE_CAPABLE && type != PSCI_MIGRATE_NOT_CAPABLE)
		return;
	cpu = baton_cpu_by_id(machine, arm64_call(machine->psci_conduit,
						  PSCI_MIGRATE_INFO_UP_CPU | PSCI_64, 0, 0, 0) &
					       MPIDR_AFFINITY);
	if (cpu)
		cpu->flags |= BATON_CPU_TRUSTED_OS;
}

int psci_check(struct baton_machine *machine)
{
	if (call(machine, PSCI_VERSION, 0, 0, 0) < PSCI_VERSION_0_2)
		return BATON_E_PSCI;
	mark_trusted_os(machine);
	return 0;
}

static int error_of(int32_t answer)
{
	switch (answer) {
	case PSCI_SUCCESS:
		return 0;
	case PSCI_ALREADY_ON:
		return BATON_E_STATE;
	case PSCI_ON_PENDING:
		return BATON_E_LIVE;
	default:
		return BATON_E_REFUSED;
	}
}

static int psci_boot(struct baton_machine *machine, struct baton_cpu *cpu)
{
	int error;

	if (!life_change(cpu, BATON_OFFLINE, BATON_WAKING))
		return BATON_E_STATE;
	cpu->since_us = baton_port_time_us();
	error = error_of(call(machine, PSCI_CPU_ON | PSCI_64, cpu->id, machine->vector,
			      machine->start.argument));
	/* It may be further by now; or it does not come, by this call. */
	life_change(cpu, BATON_WAKING, error ? BATON_OFFLINE : BATON_COMING);
	return error;
}

static int psci_release_all(struct baton_machine *machine)
{
	int error = 0;

	for (uint32_t i = 0; i < machine->ncpus; i++) {
		int of_this = 0;

		if (baton_state(&machine->cpu[i]) == BATON_OFFLINE)
			of_this = psci_boot(machine, &machine->cpu[i]);
		if (!error)
			error = of_this;
	}
	return error;
}

/* Nothing stays unacknowledged: CPU_ON has been answered, or has not returned yet. */
static void psci_settle(struct baton_machine *machine, struct baton_cpu *cpu)
{
	(void)machine;
	(void)cpu;
}

static int psci_can_disable(const struct baton_machine *machine, const struct baton_cpu *cpu)
{
	(void)machine;
	return cpu->flags & BATON_CPU_TRUSTED_OS ? BATON_E_NO_RETURN : 0;
}

static int psci_exit_build(struct baton_machine *machine)
{
	(void)machine;
	return 0;
}

/* If it is refused, this returns, and the CPU halts: not proven to have left. */
static void psci_die(struct baton_machine *machine, struct baton_cpu *cpu)
{
	(void)cpu;
	call(machine, PSCI_CPU_OFF, 0, 0, 0);
}

static bool is_off(struct baton_machine *machine, const struct baton_cpu *cpu)
{
	return call(machine, PSCI_AFFINITY_INFO | PSCI_64, cpu->id, 0, 0) == PSCI_AFFINITY_OFF;
}

static int psci_kill(struct baton_machine *machine, struct baton_cpu *cpu, uint64_t timeout_us)
{
	if (!wait_at_most(machine, cpu, timeout_us, is_off))
		return BATON_E_NOT_RETURNED;
	return life_change(cpu, BATON_LEAVING, BATON_OFFLINE) ? 0 : BATON_E_STATE;
}

void psci_ops(struct baton_machine *machine)
{
	machine->ops.boot = psci_boot;
	machine->ops.release_all = psci_release_all;
	machine->ops.settle = psci_settle;
	machine->ops.can_disable = psci_can_disable;
	machine->ops.exit_build = psci_exit_build;
	machine->ops.die = psci_die;
	machine->ops.kill = psci_kill;
	machine->ops.invalidate = NULL;
}
