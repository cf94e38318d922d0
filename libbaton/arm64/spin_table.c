/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The spin-table, plain and with a way back: docs/contract-arm64.md.  Each CPU that can return
 * has its own release word, which it clears, and a held word, which only whoever holds it
 * writes.  Others may share a release word: the first that is booted brings them all into the
 * pen of the kernel's page, idmap.h, where each has a gate.  Between a look at one word and at
 * the other the order matters:
 *
 *	on release	held = 0, then release = 0
 *	on refusal	release = 0, held stays 1
 *	on return	release = 0, then held = 1
 */
#include "arm64.h"

#define HELD 1

static bool returnable(const struct baton_cpu *cpu)
{
	return cpu->release && cpu->held && cpu->return_address;
}

/* What is there now, whatever the cache of this CPU has. */
static uint64_t look(const volatile uint64_t *word)
{
	/* Ends with DSB SY: what is looked at next is looked at later. */
	baton_port_flush(word, sizeof(*word));
	return __atomic_load_n(word, __ATOMIC_ACQUIRE);
}

static bool is_held(struct baton_machine *machine, const struct baton_cpu *cpu)
{
	(void)machine;
	return look(cpu->held) == HELD && !look(cpu->release);
}

static bool is_penned(const struct baton_cpu *cpu)
{
	return __atomic_load_n(&cpu->flags, __ATOMIC_ACQUIRE) & BATON_CPU_PENNED;
}

/*
 * 0 if the CPU waits for its release word to be written, or in the pen for its gate.  The flag
 * is looked at after the word: whoever brings CPUs into the pen writes it before.
 */
static int check_waits(const struct baton_cpu *cpu)
{
	if (!cpu->release)
		return BATON_E_NO_RETURN;
	if (!returnable(cpu))
		return look(cpu->release) && !is_penned(cpu) ? BATON_E_NO_RETURN : 0;
	if (look(cpu->held) != HELD)
		return BATON_E_NOT_RETURNED;
	return look(cpu->release) ? BATON_E_LIVE : 0;
}

/* What the CPU will read is visible before the word is; no stale line will overwrite it. */
static void write_word(volatile uint64_t *word, uint64_t value)
{
	baton_port_flush(word, sizeof(*word));
	__atomic_store_n(word, value, __ATOMIC_RELEASE);
	/* It is read with the caches off, or through a map without. */
	baton_port_flush(word, sizeof(*word));
}

/*
 * Have all CPUs that share the word of @cpu leave for the pen.  Two callers may do it at a
 * time: they write the same.
 */
static void fill_pen(struct baton_machine *machine, const struct baton_cpu *cpu)
{
	for (uint32_t i = 0; i < machine->ncpus; i++)
		if (machine->cpu[i].release_address == cpu->release_address)
			__atomic_fetch_or(&machine->cpu[i].flags, BATON_CPU_PENNED,
					  __ATOMIC_RELEASE);
	write_word(cpu->release, machine->pen_page + IDMAP_PEN);
}

/* Write its release word, or open its gate; the event is still to be sent. */
static int request(struct baton_machine *machine, struct baton_cpu *cpu)
{
	int error = check_waits(cpu);

	if (error)
		return error;
	if (!life_change(cpu, BATON_OFFLINE, BATON_WAKING))
		return BATON_E_STATE;
	cpu->since_us = baton_port_time_us();
	if (!(cpu->flags & BATON_CPU_SHARED)) {
		write_word(cpu->release, machine->vector);
		return 0;
	}
	write_word(&machine->gates[cpu - machine->cpu],
		   cpu->id | 1ull << GATE_USED | 1ull << GATE_OPEN);
	if (!is_penned(cpu))
		fill_pen(machine, cpu);
	return 0;
}

/* Whether a request does not stand any more: it has been performed, or refused. */
static bool answered(struct baton_machine *machine, const struct baton_cpu *cpu)
{
	(void)machine;
	return baton_state(cpu) != BATON_WAKING || !look(cpu->release);
}

/*
 * Whether one that does not stand was refused.  A CPU that was released, and has come back
 * since, is held, too; but it is not WAKING any more.
 */
static bool refused(struct baton_cpu *cpu)
{
	return look(cpu->held) == HELD && life_change(cpu, BATON_WAKING, BATON_OFFLINE);
}

static void spin_settle(struct baton_machine *machine, struct baton_cpu *cpu)
{
	if (returnable(cpu) && answered(machine, cpu) && !refused(cpu))
		life_change(cpu, BATON_WAKING, BATON_COMING);
}

/* After the event. */
static int conclude(struct baton_machine *machine, struct baton_cpu *cpu)
{
	if (returnable(cpu)) {
		if (!wait_acknowledged(machine, cpu, answered))
			return BATON_E_STOPPED;
		if (refused(cpu))
			return BATON_E_REFUSED;
	}
	/* It may be further by now. */
	life_change(cpu, BATON_WAKING, BATON_COMING);
	return 0;
}

static int spin_boot(struct baton_machine *machine, struct baton_cpu *cpu)
{
	int error = request(machine, cpu);

	if (error)
		return error;
	arm64_send_event();
	return conclude(machine, cpu);
}

static int spin_release_all(struct baton_machine *machine)
{
	int error = 0;

	for (uint32_t i = 0; i < machine->ncpus; i++) {
		int of_this = 0;

		if (baton_state(&machine->cpu[i]) == BATON_OFFLINE)
			of_this = request(machine, &machine->cpu[i]);
		if (!error)
			error = of_this;
	}
	arm64_send_event();
	for (uint32_t i = 0; i < machine->ncpus; i++) {
		int of_this = 0;

		if (baton_state(&machine->cpu[i]) == BATON_WAKING)
			of_this = conclude(machine, &machine->cpu[i]);
		if (!error)
			error = of_this;
	}
	return error;
}

static int spin_can_disable(const struct baton_machine *machine, const struct baton_cpu *cpu)
{
	if (!returnable(cpu))
		return BATON_E_NO_RETURN;
	return machine->exit.code ? 0 : BATON_E_NOT_PREPARED;
}

static int spin_exit_build(struct baton_machine *machine)
{
	return machine->method == BATON_SPIN_TABLE_RETURN ? arch_exit_build(machine) : 0;
}

static int spin_kill(struct baton_machine *machine, struct baton_cpu *cpu, uint64_t timeout_us)
{
	if (!returnable(cpu))
		return BATON_E_NO_RETURN;
	if (!wait_at_most(machine, cpu, timeout_us, is_held))
		return BATON_E_NOT_RETURNED;
	return life_change(cpu, BATON_LEAVING, BATON_OFFLINE) ? 0 : BATON_E_STATE;
}

void spin_table_ops(struct baton_machine *machine)
{
	machine->ops.boot = spin_boot;
	machine->ops.release_all = spin_release_all;
	machine->ops.settle = spin_settle;
	machine->ops.can_disable = spin_can_disable;
	machine->ops.exit_build = spin_exit_build;
	machine->ops.die = arch_leave;
	machine->ops.kill = spin_kill;
	machine->ops.invalidate = NULL;
}
