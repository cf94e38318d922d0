/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* A CPU's two words of a spin-table that takes it back, with threads for CPUs. */
#include "unit.h"

#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <string.h>

#include "resident/arm64/spintable.h"

#define CPUS 2
#define ROUNDS 5000
#define ENTRY 0x80000ull
#define AREA 0x300000ull
#define AREA_END 0x330000ull

static uint64_t release[CPUS], held[CPUS];
static struct spin_cpu cpu[CPUS];
static struct spin_table table;

/* What has happened, in order, and what the words were at that time. */
static struct step {
	char what; /* h: spintable_port_held, r: released, s: sleep, c: complete */
	uint64_t release, held;
} steps[64];
static unsigned nsteps;

/* What "the kernel" writes when the CPU goes to sleep for the first time, then the second... */
static uint64_t answers[4];
static unsigned sleeps;

static bool threads; /* there are any: the steps are not for comparing */

static uint64_t get(uint64_t *word)
{
	return __atomic_load_n(word, __ATOMIC_SEQ_CST);
}

static void put(uint64_t *word, uint64_t value)
{
	__atomic_store_n(word, value, __ATOMIC_SEQ_CST);
}

static void step(char what)
{
	if (threads)
		return;
	assert_true(nsteps < sizeof(steps) / sizeof(steps[0]));
	steps[nsteps++] = (struct step){what, release[1], held[1]};
}

void spintable_port_held(struct spin_table *t, uint32_t self)
{
	assert_ptr_equal(t, &table);
	assert_int_equal(self, 1);
	step('h');
}

void spintable_port_released(struct spin_table *t, uint32_t self, uint64_t entry)
{
	assert_ptr_equal(t, &table);
	assert_int_equal(self, 1);
	assert_int_equal(entry % 4, 0);
	step('r');
}

void spintable_port_sleep(struct spin_table *t, uint32_t self)
{
	(void)t;
	(void)self;
	step('s');
	if (threads)
		sched_yield();
	else
		release[1] = answers[sleeps++];
}

void spintable_port_complete(void)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	step('c');
}

static int set_up(void **state)
{
	(void)state;
	memset(answers, 0, sizeof(answers));
	nsteps = sleeps = 0;
	threads = false;
	for (uint32_t i = 0; i < CPUS; i++) {
		release[i] = held[i] = 0;
		cpu[i] = (struct spin_cpu){.mpidr = i, .release = &release[i], .held = &held[i]};
	}
	table = (struct spin_table){.cpu = cpu, .ncpus = CPUS, .area = AREA, .area_end = AREA_END};
	return 0;
}

static void check_step(unsigned number, char what, uint64_t release_word, uint64_t held_word)
{
	assert_true(number < nsteps);
	assert_int_equal(steps[number].what, what);
	assert_int_equal(steps[number].release, release_word);
	assert_int_equal(steps[number].held, held_word);
}

/* Each line of it is what the contract says a kernel may rely upon. */
static void words_change_in_order(void **state)
{
	(void)state;
	release[1] = 0xdead0000; /* left by whoever released it last */
	answers[1] = ENTRY;
	assert_int_equal(spintable_hold(&table, 1), ENTRY);
	check_step(0, 'h', 0xdead0000, 0);
	check_step(1, 'c', 0, 0); /* the word is 0 before it is held */
	check_step(2, 's', 0, 1);
	check_step(3, 's', 0, 1); /* woken for nothing */
	check_step(4, 'r', ENTRY, 1);
	check_step(5, 'c', ENTRY, 0); /* not held, before the word is 0 again */
	check_step(6, 'c', 0, 0);
	assert_int_equal(nsteps, 7);
	assert_int_equal(release[0] | held[0], 0);
}

static void refused(uint64_t entry)
{
	set_up(NULL);
	answers[0] = entry;
	answers[2] = ENTRY;
	assert_int_equal(spintable_hold(&table, 1), ENTRY);
	check_step(2, 's', 0, 1);
	check_step(3, 's', 0, 1); /* the word is 0 again, it is still held, nothing is recorded */
	assert_int_equal(sleeps, 3);
}

static void entries_that_can_not_be_are_refused(void **state)
{
	(void)state;
	refused(ENTRY + 1);
	refused(ENTRY + 2);
	refused(AREA);
	refused(AREA_END - 4);
	refused(UINT64_MAX);
	set_up(NULL);
	answers[0] = AREA_END;
	assert_int_equal(spintable_hold(&table, 1), AREA_END);
	assert_int_equal(sleeps, 1);
	set_up(NULL);
	answers[0] = AREA - 4;
	assert_int_equal(spintable_hold(&table, 1), AREA - 4);
	assert_int_equal(sleeps, 1);
}

/* A kernel that looks for 1, writes, and looks for the CPU; every other entry is a bad one. */
static uint64_t came[ROUNDS];
static uint64_t rounds;

static void *target(void *nothing)
{
	(void)nothing;
	for (uint64_t round = 0; round < ROUNDS; round++) {
		came[round] = spintable_hold(&table, 1);
		put(&rounds, round + 1);
	}
	return NULL;
}

static void kernels_get_what_they_ask_for(void **state)
{
	pthread_t thread;

	(void)state;
	threads = true;
	rounds = 0;
	assert_int_equal(pthread_create(&thread, NULL, target, NULL), 0);
	for (uint64_t round = 0; round < ROUNDS; round++) {
		uint64_t entry = ENTRY + 4 * round;

		while (!get(&held[1]))
			sched_yield();
		assert_int_equal(get(&release[1]), 0);
		if (round % 2) {
			put(&release[1], entry + 1);
			while (get(&release[1]))
				sched_yield();
			assert_int_equal(get(&held[1]), 1);
		}
		put(&release[1], entry);
		while (get(&rounds) <= round)
			sched_yield();
		assert_int_equal(came[round], entry);
	}
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(release[1] | held[1], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(words_change_in_order, set_up),
		cmocka_unit_test_setup(entries_that_can_not_be_are_refused, set_up),
		cmocka_unit_test_setup(kernels_get_what_they_ask_for, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
