/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * libbaton with threads for CPUs: held ones run the resident's mailbox.c, and
 * several CPUs of the kernel boot, stop and prove all of them at the same time.
 * Whatever happens, of those who race for one CPU one wins, and no CPU is with
 * the kernel twice.
 */
#include "unit.h"

#include <baton/cpus.h>
#include <baton/mailbox.h>
#include <baton/port.h>
#include "resident/x86_64/mailbox.h"
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <time.h>

#include "libbaton/x86_64/x86.h"

#define CPUS 4	  /* that are held at first */
#define CALLERS 3 /* CPUs of the kernel that fetch them */
#define ROUNDS 2000
#define VECTOR 0x1234567890abc000
#define RESET_VECTOR 0x3fb02000

static struct baton_mailbox mailbox __attribute__((aligned(4096)));
static struct baton_cpu cpus[CPUS + CALLERS];
static struct baton_machine machine = {.cpu = cpus, .ncpus = CPUS + CALLERS};
static unsigned inside[CPUS]; /* how many threads are that CPU, in the kernel: 0 or 1 */
static unsigned wins, refusals, kills, done;
static __thread uint64_t self;
static __thread jmp_buf left;

/* The kernel, and what it would have of libbaton/machine.c and kernel/x86_64/cpu.c. */

uint64_t baton_port_cpu_id(void)
{
	return self;
}

struct baton_cpu *baton_cpu_by_id(struct baton_machine *m, uint64_t id)
{
	return &m->cpu[id];
}

struct baton_cpu *baton_this_cpu(struct baton_machine *m)
{
	return &m->cpu[self];
}

int baton_held(const struct baton_machine *m)
{
	(void)m;
	return BATON_E_NOT_SUPPORTED;
}

uint64_t baton_port_time_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

void baton_port_relax(void)
{
	sched_yield();
}

void baton_port_flush(const volatile void *pointer, size_t length)
{
	(void)pointer;
	(void)length;
}

void baton_port_print(const char *line)
{
	print_message("%s\n", line);
}

int arch_prepare(struct baton_machine *m)
{
	m->vector = m->start.vector;
	return 0;
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

void arch_unblock_nmi(void)
{
}

void arch_quiet(struct baton_machine *m)
{
	(void)m;
}

void arch_leave(struct baton_machine *m, struct baton_cpu *cpu)
{
	(void)m;
	(void)cpu;
	__atomic_fetch_sub(&inside[self], 1, __ATOMIC_SEQ_CST);
	longjmp(left, 1);
}

void arch_halt(void)
{
	abort();
}

uint64_t arch_interrupts_off(void)
{
	return 0;
}

void arch_interrupts_restore(uint64_t flags)
{
	(void)flags;
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
	while (wait_for_wakeup()) {
		struct baton_cpu *cpu = baton_enter(&machine);

		assert_non_null(cpu);
		assert_int_equal(__atomic_fetch_add(&inside[self], 1, __ATOMIC_SEQ_CST), 0);
		assert_int_equal(baton_online(&machine, cpu), 0);
		for (uint64_t i = 0; i < self; i++)
			sched_yield();
		if (!setjmp(left))
			assert_int_equal(baton_die(&machine), 0);
	}
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

static void callers_race(void **state)
{
	const struct baton_start start = {.vector = VECTOR};
	const struct baton_pages none = {0};
	pthread_t threads[CPUS + CALLERS];

	(void)state;
	for (unsigned i = 0; i < CPUS + CALLERS; i++) {
		cpus[i].id = i;
		cpus[i].state = i < CPUS ? BATON_OFFLINE : BATON_ONLINE;
	}
	machine.method = BATON_MAILBOX_V1;
	machine.reset_vector = RESET_VECTOR;
	machine.mailbox = &mailbox;
	mailbox_ops(&machine);
	assert_int_equal(baton_prepare(&machine, &start), 0);
	assert_int_equal(baton_exit_build(&machine, &none), 0);
	for (uintptr_t i = 0; i < CPUS + CALLERS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL,
						i < CPUS ? cpu_thread : caller_thread, (void *)i),
				 0);
	for (unsigned i = CPUS; i < CPUS + CALLERS; i++)
		pthread_join(threads[i], NULL);
	/* Those that are still up, or on their way back. */
	self = CPUS;
	for (unsigned i = 0; i < CPUS; i++) {
		while (baton_state(&cpus[i]) != BATON_LEAVING &&
		       baton_state(&cpus[i]) != BATON_OFFLINE)
			sched_yield();
		if (baton_state(&cpus[i]) == BATON_LEAVING) {
			assert_int_equal(baton_kill(&machine, &cpus[i], 60 * BATON_KILL_US), 0);
			kills++;
		}
	}
	__atomic_store_n(&done, 1, __ATOMIC_RELEASE);
	for (unsigned i = 0; i < CPUS; i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(wins, kills);
	assert_true(wins >= CPUS);
	assert_int_equal(machine.strays, 0);
	assert_int_equal(mailbox.command, 0);
	print_message("# %u boots, %u refused\n", wins, refusals);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(callers_race),
	};

	return cmocka_run_group_tests_name("racing", tests, NULL, NULL);
}
