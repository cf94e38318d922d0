/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* The power states of CPUs, with threads for CPUs. */
#include "unit.h"

#include <pthread.h>
#include <sched.h>
#include <string.h>

#include <baton/psci.h>
#include "resident/arm64/psci.h"

#define CPUS 4
#define ROUNDS 2000
#define ENTRY 0x80000ull
#define AREA 0x300000ull

static struct psci_cpu cpu[CPUS];
static struct psci psci;
static uint32_t held[CPUS], released[CPUS], woken[CPUS];
static uint32_t rounds;

void psci_port_held(struct psci *p, uint32_t self)
{
	assert_ptr_equal(p, &psci);
	assert_int_not_equal(cpu[self].state, PSCI_STATE_OFF);
	__atomic_fetch_add(&held[self], 1, __ATOMIC_RELAXED);
}

void psci_port_released(struct psci *p, uint32_t self, uint64_t entry)
{
	assert_ptr_equal(p, &psci);
	assert_int_equal(entry % 4, 0);
	assert_int_not_equal(cpu[self].state, PSCI_STATE_ON);
	__atomic_fetch_add(&released[self], 1, __ATOMIC_RELAXED);
}

void psci_port_sleep(struct psci *p, uint32_t self)
{
	(void)p;
	(void)self;
	sched_yield();
}

void psci_port_wake(struct psci *p, uint32_t target)
{
	(void)p;
	__atomic_fetch_add(&woken[target], 1, __ATOMIC_RELAXED);
}

/* CPU 0 is on, the others are off; MPIDRs as of two clusters. */
static int set_up(void **state)
{
	(void)state;
	memset(cpu, 0, sizeof(cpu));
	memset(held, 0, sizeof(held));
	memset(released, 0, sizeof(released));
	memset(woken, 0, sizeof(woken));
	for (uint32_t i = 0; i < CPUS; i++) {
		cpu[i].mpidr = (i / 2) << 8 | i % 2;
		cpu[i].state = i ? PSCI_STATE_OFF : PSCI_STATE_ON;
	}
	psci = (struct psci){.cpu = cpu, .ncpus = CPUS, .area = AREA, .area_end = AREA + 0x20000};
	return 0;
}

static void start_takes_an_off_cpu(void **state)
{
	(void)state;
	assert_int_equal(psci_cpu_on(&psci, 0x100, ENTRY, 7), PSCI_SUCCESS);
	assert_int_equal(cpu[2].state, PSCI_STATE_PENDING);
	assert_int_equal(cpu[2].entry, ENTRY);
	assert_int_equal(cpu[2].context, 7);
	assert_int_equal(woken[2], 1);
	assert_int_equal(psci_affinity_info(&psci, 0x100, 0), PSCI_AFFINITY_ON_PENDING);
	assert_int_equal(psci_cpu_on(&psci, 0x100, ENTRY, 8), PSCI_ON_PENDING);
	assert_int_equal(cpu[2].context, 7);
}

static void start_refuses(void **state)
{
	(void)state;
	assert_int_equal(psci_cpu_on(&psci, 0, ENTRY, 0), PSCI_ALREADY_ON);
	assert_int_equal(psci_cpu_on(&psci, 0x200, ENTRY, 0), PSCI_INVALID_PARAMETERS);
	assert_int_equal(psci_cpu_on(&psci, 0x10000000100, ENTRY, 0), PSCI_INVALID_PARAMETERS);
	assert_int_equal(psci_cpu_on(&psci, 1, ENTRY + 2, 0), PSCI_INVALID_ADDRESS);
	assert_int_equal(psci_cpu_on(&psci, 1, AREA, 0), PSCI_INVALID_ADDRESS);
	assert_int_equal(psci_cpu_on(&psci, 1, AREA + 0x1fffc, 0), PSCI_INVALID_ADDRESS);
	assert_int_equal(cpu[1].state, PSCI_STATE_OFF);
	assert_int_equal(psci_cpu_on(&psci, 1, AREA + 0x20000, 0), PSCI_SUCCESS);
	cpu[3].state = PSCI_STATE_MISSING;
	assert_int_equal(psci_cpu_on(&psci, 0x101, ENTRY, 0), PSCI_INTERNAL_FAILURE);
	assert_int_equal(cpu[3].state, PSCI_STATE_MISSING);
}

static void affinity_info_tells(void **state)
{
	(void)state;
	assert_int_equal(psci_affinity_info(&psci, 0, 0), PSCI_AFFINITY_ON);
	assert_int_equal(psci_affinity_info(&psci, 1, 0), PSCI_AFFINITY_OFF);
	assert_int_equal(psci_affinity_info(&psci, 1, 1), PSCI_INVALID_PARAMETERS);
	assert_int_equal(psci_affinity_info(&psci, 5, 0), PSCI_INVALID_PARAMETERS);
	cpu[3].state = PSCI_STATE_MISSING;
	assert_int_equal(psci_affinity_info(&psci, 0x101, 0), PSCI_AFFINITY_OFF);
	cpu[3].state = PSCI_STATE_CLAIMED;
	assert_int_equal(psci_affinity_info(&psci, 0x101, 0), PSCI_AFFINITY_ON_PENDING);
}

/* One target goes off again and again; it must go where its one starter has sent it. */
static uint64_t winner[ROUNDS]; /* the context of the starter that was told SUCCESS */
static uint64_t came[ROUNDS];

static void *target(void *nothing)
{
	(void)nothing;
	for (uint32_t round = 0; round < ROUNDS; round++) {
		uint64_t entry;

		psci_hold(&psci, 1, &entry, &came[round]);
		assert_int_equal(entry, ENTRY + 4 * came[round]);
		/* On, until every starter has seen it and gone on to the next round. */
		while (__atomic_load_n(&rounds, __ATOMIC_ACQUIRE) < (round + 1) * 2)
			sched_yield();
	}
	return NULL;
}

static void *starter(void *number)
{
	uint64_t me = (uintptr_t)number;

	for (uint32_t round = 0; round < ROUNDS; round++) {
		uint64_t context = round * 2 + me;
		int32_t answer;

		/* An answer of this round: the target may still be on from the last. */
		do {
			answer = psci_cpu_on(&psci, 1, ENTRY + 4 * context, context);
			if (answer == PSCI_SUCCESS)
				__atomic_fetch_add(&winner[round], context + 1, __ATOMIC_RELAXED);
			assert_true(answer == PSCI_SUCCESS || answer == PSCI_ON_PENDING ||
				    answer == PSCI_ALREADY_ON);
			sched_yield();
		} while (__atomic_load_n(&released[1], __ATOMIC_ACQUIRE) <= round);
		__atomic_fetch_add(&rounds, 1, __ATOMIC_RELEASE);
		while (__atomic_load_n(&rounds, __ATOMIC_ACQUIRE) < (round + 1) * 2)
			sched_yield();
	}
	return NULL;
}

static void racing_starters_have_one_winner(void **state)
{
	pthread_t thread[3];

	(void)state;
	cpu[1].state = PSCI_STATE_ON;
	rounds = 0;
	memset(winner, 0, sizeof(winner));
	assert_int_equal(pthread_create(&thread[0], NULL, target, NULL), 0);
	assert_int_equal(pthread_create(&thread[1], NULL, starter, (void *)0), 0);
	assert_int_equal(pthread_create(&thread[2], NULL, starter, (void *)1), 0);
	for (int i = 0; i < 3; i++)
		assert_int_equal(pthread_join(thread[i], NULL), 0);
	assert_int_equal(held[1], ROUNDS);
	assert_int_equal(released[1], ROUNDS);
	for (uint32_t round = 0; round < ROUNDS; round++)
		assert_int_equal(winner[round], came[round] + 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(start_takes_an_off_cpu, set_up),
		cmocka_unit_test_setup(start_refuses, set_up),
		cmocka_unit_test_setup(affinity_info_tells, set_up),
		cmocka_unit_test_setup(racing_starters_have_one_winner, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
