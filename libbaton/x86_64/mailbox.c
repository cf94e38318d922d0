/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The kernel's side of the wakeup mailbox: docs/contract.md, section 3.  One
 * command at a time; machine->busy says that a CPU of this kernel is in here.
 */
#include "x86.h"
#include <baton/mailbox.h>
#include <baton/table.h>

static void flush(struct baton_machine *machine)
{
	/* Command, ID and vector: 16 bytes, on one cache line. */
	baton_port_flush(machine->mailbox, 16);
}

static uint16_t command(struct baton_machine *machine)
{
	flush(machine);
	/* Acquire: an acknowledgement shows all that the CPU has done before it. */
	return __atomic_load_n(&machine->mailbox->command, __ATOMIC_ACQUIRE);
}

/* Take back a TEST; false if it has been answered after all. */
static bool withdraw_test(struct baton_machine *machine)
{
	uint16_t seen = BATON_COMMAND_TEST;
	/* Acquire, if it fails: that is the acknowledgement. */
	bool withdrawn =
		__atomic_compare_exchange_n(&machine->mailbox->command, &seen, BATON_COMMAND_NOOP,
					    false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);

	flush(machine);
	return withdrawn;
}

/* All CPUs that a broadcast was for have acknowledged it. */
static void all_acknowledged(struct baton_machine *machine)
{
	for (uint32_t i = 0; i < machine->ncpus; i++)
		life_change(&machine->cpu[i], BATON_WAKING, BATON_COMING);
}

/*
 * Whether the mailbox is free: a request that was given up may have been
 * acknowledged meanwhile.  One that this kernel knows nothing of is an earlier
 * kernel's; a TEST changes nothing, and Linux leaves them behind.
 */
static int settle(struct baton_machine *machine)
{
	uint16_t seen = command(machine);
	bool ours = machine->live || machine->live_all;

	if (!ours && seen == BATON_COMMAND_TEST) {
		withdraw_test(machine);
		return 0;
	}
	if (seen != BATON_COMMAND_NOOP)
		return BATON_E_LIVE;
	if (machine->live)
		life_change(machine->live, BATON_WAKING, BATON_COMING);
	if (machine->live_all)
		all_acknowledged(machine);
	machine->live = NULL;
	machine->live_all = 0;
	return 0;
}

static void give(struct baton_machine *machine)
{
	/* Pairs with take(): the next CPU in here sees what this one knew of the mailbox. */
	__atomic_store_n(&machine->busy, 0, __ATOMIC_RELEASE);
}

static int take(struct baton_machine *machine)
{
	int error;

	if (__atomic_exchange_n(&machine->busy, 1, __ATOMIC_ACQUIRE))
		return BATON_E_BUSY;
	error = settle(machine);
	if (error)
		give(machine);
	return error;
}

static void mailbox_settle(struct baton_machine *machine, struct baton_cpu *cpu)
{
	(void)cpu;
	if (!take(machine))
		give(machine);
}

static void send(struct baton_machine *machine, uint16_t what, uint32_t apic_id, uint64_t vector)
{
	volatile struct baton_mailbox *mailbox = machine->mailbox;

	__atomic_store_n(&mailbox->apic_id, apic_id, __ATOMIC_RELAXED);
	__atomic_store_n(&mailbox->wakeup_vector, vector, __ATOMIC_RELAXED);
	flush(machine);
	/* Whoever sees the command sees the CPU and the vector that it is meant for. */
	__atomic_store_n(&mailbox->command, what, __ATOMIC_RELEASE);
	flush(machine);
}

static bool acknowledged(struct baton_machine *machine, const struct baton_cpu *cpu)
{
	(void)cpu;
	return command(machine) == BATON_COMMAND_NOOP;
}

static int mailbox_boot(struct baton_machine *machine, struct baton_cpu *cpu)
{
	int error = take(machine);

	if (error)
		return error;
	if (!life_change(cpu, BATON_OFFLINE, BATON_WAKING)) {
		give(machine);
		return BATON_E_STATE;
	}
	cpu->since_us = baton_port_time_us();
	send(machine, BATON_COMMAND_WAKEUP, (uint32_t)cpu->id, machine->vector);
	if (wait_acknowledged(machine, cpu, acknowledged)) {
		/* It may be further by now. */
		life_change(cpu, BATON_WAKING, BATON_COMING);
	} else {
		machine->live = cpu;
		error = BATON_E_STOPPED;
	}
	give(machine);
	return error;
}

/* Whether a broadcast would release those that are OFFLINE, all of them, and no other. */
static int check_all(struct baton_machine *machine)
{
	int offline = 0;

	for (uint32_t i = 0; i < machine->ncpus; i++) {
		uint32_t state = baton_state(&machine->cpu[i]);

		if (state != BATON_OFFLINE && state != BATON_ENTERED && state != BATON_ONLINE)
			return BATON_E_STATE;
		offline += state == BATON_OFFLINE;
	}
	return baton_held(machine) == offline ? 0 : BATON_E_STATE;
}

static int mailbox_release_all(struct baton_machine *machine)
{
	uint64_t now = baton_port_time_us();
	int error;

	if (!machine->table || !(machine->table->flags & BATON_TABLE_BROADCAST) ||
	    machine->listed > machine->ncpus)
		return BATON_E_NOT_SUPPORTED;
	error = take(machine);
	if (error)
		return error;
	error = check_all(machine);
	if (error) {
		give(machine);
		return error;
	}
	for (uint32_t i = 0; i < machine->ncpus; i++)
		if (life_change(&machine->cpu[i], BATON_OFFLINE, BATON_WAKING))
			machine->cpu[i].since_us = now;
	send(machine, BATON_COMMAND_RELEASE_ALL, BATON_APIC_ID_ALL, machine->vector);
	if (wait_acknowledged(machine, NULL, acknowledged)) {
		all_acknowledged(machine);
	} else {
		machine->live_all = 1;
		error = BATON_E_STOPPED;
	}
	give(machine);
	return error;
}

static int mailbox_can_disable(const struct baton_machine *machine, const struct baton_cpu *cpu)
{
	(void)cpu;
	if (machine->method != BATON_MAILBOX_V1)
		return BATON_E_NO_RETURN;
	return machine->exit.root ? 0 : BATON_E_NOT_PREPARED;
}

static int mailbox_exit_build(struct baton_machine *machine)
{
	return machine->method == BATON_MAILBOX_V1 ? arch_exit_build(machine) : 0;
}

static int mailbox_kill(struct baton_machine *machine, struct baton_cpu *cpu, uint64_t timeout_us)
{
	bool held;
	int error;

	if (machine->method != BATON_MAILBOX_V1)
		return BATON_E_NO_RETURN;
	error = take(machine);
	if (error)
		return error;
	send(machine, BATON_COMMAND_TEST, (uint32_t)cpu->id, 0);
	held = wait_at_most(machine, cpu, timeout_us, acknowledged);
	if (!held)
		held = !withdraw_test(machine);
	give(machine);
	if (!held)
		return BATON_E_NOT_RETURNED;
	return life_change(cpu, BATON_LEAVING, BATON_OFFLINE) ? 0 : BATON_E_STATE;
}

void mailbox_ops(struct baton_machine *machine)
{
	machine->ops.boot = mailbox_boot;
	machine->ops.release_all = mailbox_release_all;
	machine->ops.settle = mailbox_settle;
	machine->ops.can_disable = mailbox_can_disable;
	machine->ops.exit_build = mailbox_exit_build;
	machine->ops.die = arch_leave;
	machine->ops.kill = mailbox_kill;
	machine->ops.invalidate = find_invalidate;
}
