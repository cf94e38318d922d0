/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * INIT and SIPI: Intel SDM volume 3, "Multiple-processor (MP) initialization".
 * Nobody holds the CPUs: one that leaves halts, and INIT is what proves it gone.
 * There is no acknowledgement; a CPU is COMING as soon as it is sent for.
 */
#include "x86.h"
#include <baton/x86_64/cpu.h>

#define INIT_US 10000u
#define SIPI_US 200u
#define SETTLE_US 1000u /* until an INIT that was sent has been taken, and more */

static void delay(uint64_t us)
{
	for (uint64_t start = baton_port_time_us(); baton_port_time_us() - start < us;)
		baton_port_relax();
}

static void delay_after_init(const struct baton_machine *machine)
{
	uint32_t delays = machine->start.delays;

	if (delays == BATON_DELAYS_ARCHITECTURAL ||
	    (delays == BATON_DELAYS_NEEDED && x86_needs_init_delay()))
		delay(INIT_US);
}

/* Send @command to @only, or, if it is NULL, to all that are COMING. */
static void send(struct baton_machine *machine, const struct baton_cpu *only, uint32_t command)
{
	if (only) {
		x86_send(machine, only->id, command);
		return;
	}
	for (uint32_t i = 0; i < machine->ncpus; i++)
		if (baton_state(&machine->cpu[i]) == BATON_COMING)
			x86_send(machine, machine->cpu[i].id, command);
}

/* Whether @only, or any, is still COMING. */
static bool coming(struct baton_machine *machine, const struct baton_cpu *only)
{
	if (only)
		return baton_state(only) == BATON_COMING;
	for (uint32_t i = 0; i < machine->ncpus; i++)
		if (baton_state(&machine->cpu[i]) == BATON_COMING)
			return true;
	return false;
}

/*
 * The first SIPI may be lost: a second one does no harm to a CPU that runs.  With
 * the architectural delays it is sent in any case, as the specification has it.
 */
static void start(struct baton_machine *machine, const struct baton_cpu *only)
{
	uint32_t sipi = ICR_STARTUP | (uint32_t)(machine->vector >> 12);
	uint64_t begin;

	send(machine, only, ICR_INIT);
	delay_after_init(machine);
	send(machine, only, sipi);
	if (machine->start.delays == BATON_DELAYS_ARCHITECTURAL) {
		delay(SIPI_US);
		send(machine, only, sipi);
		delay(SIPI_US);
		return;
	}
	for (begin = baton_port_time_us(); baton_port_time_us() - begin < SIPI_US;) {
		if (!coming(machine, only))
			return;
		baton_port_relax();
	}
	send(machine, only, sipi);
}

static int sipi_boot(struct baton_machine *machine, struct baton_cpu *cpu)
{
	if (cpu->flags & BATON_CPU_BSP)
		return BATON_E_NO_RETURN;
	if (!life_change(cpu, BATON_OFFLINE, BATON_COMING))
		return BATON_E_STATE;
	cpu->since_us = baton_port_time_us();
	start(machine, cpu);
	return 0;
}

static int sipi_release_all(struct baton_machine *machine)
{
	uint64_t now = baton_port_time_us();

	for (uint32_t i = 0; i < machine->ncpus; i++) {
		struct baton_cpu *cpu = &machine->cpu[i];

		if (!(cpu->flags & BATON_CPU_BSP) && life_change(cpu, BATON_OFFLINE, BATON_COMING))
			cpu->since_us = now;
	}
	start(machine, NULL);
	return 0;
}

static void sipi_settle(struct baton_machine *machine, struct baton_cpu *cpu)
{
	(void)machine;
	(void)cpu;
}

static int sipi_can_disable(const struct baton_machine *machine, const struct baton_cpu *cpu)
{
	(void)machine;
	return cpu->flags & BATON_CPU_BSP ? BATON_E_NO_RETURN : 0;
}

static int sipi_exit_build(struct baton_machine *machine)
{
	(void)machine;
	return 0;
}

static void sipi_die(struct baton_machine *machine, struct baton_cpu *cpu)
{
	(void)machine;
	(void)cpu;
	arch_halt();
}

static int sipi_kill(struct baton_machine *machine, struct baton_cpu *cpu, uint64_t timeout_us)
{
	(void)timeout_us;
	x86_send(machine, cpu->id, ICR_INIT);
	delay(SETTLE_US);
	return life_change(cpu, BATON_LEAVING, BATON_OFFLINE) ? 0 : BATON_E_STATE;
}

/*
 * The bootstrap processor is the calling one, or, in a kernel that was started on
 * another after a crash, most likely the first that the MADT lists.
 */
static void mark_bsp(struct baton_machine *machine)
{
	uint32_t bsp = x86_is_bsp() ? 0 : 1;

	if (bsp < machine->ncpus)
		machine->cpu[bsp].flags |= BATON_CPU_BSP;
}

void sipi_ops(struct baton_machine *machine)
{
	mark_bsp(machine);
	machine->ops.boot = sipi_boot;
	machine->ops.release_all = sipi_release_all;
	machine->ops.settle = sipi_settle;
	machine->ops.can_disable = sipi_can_disable;
	machine->ops.exit_build = sipi_exit_build;
	machine->ops.die = sipi_die;
	machine->ops.kill = sipi_kill;
	machine->ops.invalidate = NULL;
}
