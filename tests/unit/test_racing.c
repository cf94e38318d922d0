/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * libbaton with threads for CPUs: held ones run the resident's mailbox.c, and
 * several CPUs of the kernel boot and stop all of them at the same time.
 */
#include "racing.h"

#include <baton/mailbox.h>
#include "resident/x86_64/mailbox.h"

#include "libbaton/x86_64/x86.h"

#define ROUNDS 2000
#define RESET_VECTOR 0x3fb02000

static struct baton_mailbox mailbox __attribute__((aligned(4096)));

int baton_held(const struct baton_machine *m)
{
	(void)m;
	return BATON_E_NOT_SUPPORTED;
}

void baton_port_flush(const volatile void *pointer, size_t length)
{
	(void)pointer;
	(void)length;
}

int arch_exit_build(struct baton_machine *m)
{
	m->exit.root = 1;
	return 0;
}

int find_invalidate(struct baton_machine *m)
{
	(void)m;
	abort();
}

void arch_leave(struct baton_machine *m, struct baton_cpu *cpu)
{
	(void)m;
	(void)cpu;
	racing_leave();
}

/* A CPU: held, released to the kernel, up for a moment, and back again. */

static bool wait_for_wakeup(void)
{
	while (!__atomic_load_n(&done, __ATOMIC_ACQUIRE)) {
		uint64_t vector = 0;
		unsigned command = mailbox_command(&mailbox, (uint32_t)self, &vector);

		if (command && mailbox_acknowledge(&mailbox, command, (uint32_t)self) &&
		    command == BATON_COMMAND_WAKEUP) {
			assert_int_equal(vector, VECTOR);
			return true;
		}
		sched_yield();
	}
	return false;
}

static void *cpu_thread(void *number)
{
	self = (uintptr_t)number;
	while (wait_for_wakeup())
		racing_visit();
	return NULL;
}

/* One of those that race: it tries all CPUs, in whatever state they are. */
static void *caller_thread(void *number)
{
	self = (uintptr_t)number;
	for (unsigned round = 0; round < ROUNDS; round++) {
		struct baton_cpu *cpu = &cpus[(round + self) % CPUS];
		int error;

		while ((error = baton_boot(&machine, cpu)) == BATON_E_BUSY)
			sched_yield();
		if (!error)
			__atomic_fetch_add(&wins, 1, __ATOMIC_RELAXED);
		else
			__atomic_fetch_add(&refusals, error == BATON_E_STATE, __ATOMIC_RELAXED);
		if (!error || error == BATON_E_STATE)
			while ((error = baton_kill(&machine, cpu, 0)) == BATON_E_BUSY)
				sched_yield();
		if (!error)
			__atomic_fetch_add(&kills, 1, __ATOMIC_RELAXED);
	}
	return NULL;
}

static void count_kill(unsigned cpu)
{
	(void)cpu;
	kills++;
}

static void callers_race(void **state)
{
	const struct baton_pages none = {0};

	(void)state;
	racing_set_up(BATON_MAILBOX_V1);
	machine.reset_vector = RESET_VECTOR;
	machine.mailbox = &mailbox;
	mailbox_ops(&machine);
	racing_run(&none, cpu_thread, caller_thread, count_kill);
	assert_true(wins >= CPUS);
	assert_int_equal(mailbox.command, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(callers_race),
	};

	return cmocka_run_group_tests_name("racing", tests, NULL, NULL);
}
