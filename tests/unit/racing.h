/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The frame of test_racing.c and test_racing_arm64.c, each of which is one program: libbaton
 * with threads for CPUs.  The first CPUS of them are held and run code of a resident, the
 * others are CPUs of the kernel that boot and kill the first at the same time.  Of those that
 * race for one CPU one wins, and no CPU is with the kernel twice.
 *
 * A test defines what differs: arch_leave(), arch_exit_build(), baton_port_flush(), and what
 * the threads do.
 */
#ifndef TESTS_UNIT_RACING_H
#define TESTS_UNIT_RACING_H

#include "unit.h"

#include <baton/cpus.h>
#include <baton/port.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <time.h>

#include "libbaton/method.h"

#define CPUS 4	  /* that are held at first */
#define CALLERS 3 /* CPUs of the kernel that fetch them */
#define VECTOR 0x1234567890abc000

static struct baton_cpu cpus[CPUS + CALLERS];
static struct baton_machine machine;
static unsigned inside[CPUS]; /* how many threads are that CPU, in the kernel: 0 or 1 */
static unsigned wins, refusals, kills, done;
static __thread uint64_t self;
static __thread jmp_buf left;

/* The kernel, and what it would have of libbaton/machine.c and the architecture's cpu.c. */

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

void baton_port_print(const char *line)
{
	print_message("%s\n", line);
}

int arch_prepare(struct baton_machine *m)
{
	m->vector = m->start.vector;
	return 0;
}

void arch_unblock_nmi(void)
{
}

void arch_quiet(struct baton_machine *m)
{
	(void)m;
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

/* The calling CPU is with the kernel no more: back to where it was in racing_visit(). */
static _Noreturn void racing_leave(void)
{
	__atomic_fetch_sub(&inside[self], 1, __ATOMIC_SEQ_CST);
	longjmp(left, 1);
}

/* The calling CPU, just released, is with the kernel for a moment. */
static void racing_visit(void)
{
	struct baton_cpu *cpu = baton_enter(&machine);

	assert_non_null(cpu);
	assert_int_equal(__atomic_fetch_add(&inside[self], 1, __ATOMIC_SEQ_CST), 0);
	assert_int_equal(baton_online(&machine, cpu), 0);
	for (uint64_t i = 0; i < self; i++)
		sched_yield();
	if (!setjmp(left))
		assert_int_equal(baton_die(&machine), 0);
}

static void racing_set_up(enum baton_method method)
{
	machine = (struct baton_machine){.cpu = cpus, .ncpus = CPUS + CALLERS, .method = method};
	wins = refusals = kills = done = 0;
	for (unsigned i = 0; i < CPUS + CALLERS; i++)
		cpus[i] = (struct baton_cpu){.id = i,
					     .state = i < CPUS ? BATON_OFFLINE : BATON_ONLINE};
}

/*
 * Run all threads to the end of the callers, then take back the CPUs that are still up:
 * @count is called for each.  Each boot must have been followed by one proof of return.
 */
static void racing_run(const struct baton_pages *pages, void *(*cpu_thread)(void *),
		       void *(*caller_thread)(void *), void (*count)(unsigned cpu))
{
	const struct baton_start start = {.vector = VECTOR};
	pthread_t threads[CPUS + CALLERS];

	assert_int_equal(baton_prepare(&machine, &start), 0);
	assert_int_equal(baton_exit_build(&machine, pages), 0);
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
			count(i);
		}
	}
	__atomic_store_n(&done, 1, __ATOMIC_RELEASE);
	for (unsigned i = 0; i < CPUS; i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(wins, kills);
	assert_int_equal(machine.strays, 0);
	print_message("# %u boots, %u refused\n", wins, refusals);
}

#endif /* TESTS_UNIT_RACING_H */
