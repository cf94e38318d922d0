/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The power states of PSCI on the host: the same C, threads for CPUs, stalls at
 * any access to shared memory, and callers that race to start them.  Every
 * start has a context of its own: each that was answered SUCCESS must arrive, once,
 * at the entry that goes with it, and no other must.
 *
 * Prints TAP.  A hang ends in a message that says where every CPU is.
 */
#define _GNU_SOURCE
#define TEST_NAME "power states under stress"
#define CPUS 3u
#include "frame.h"

#include <baton/psci.h>
#include "resident/arm64/psci.h"

#ifndef HANDOVERS
#define HANDOVERS 1000000
#endif

#define CALLERS 4u
#define ENTRY(context) (8 * (uint64_t)(context))
#define STOP UINT64_MAX

static struct psci_cpu cpu[CPUS];
static struct psci psci = {.cpu = cpu, .ncpus = CPUS};
static uint8_t won[HANDOVERS], came[HANDOVERS];
static uint32_t outside[CPUS]; /* the CPU is with a kernel */
static uint32_t started[CPUS]; /* how often: counted before it is outside */
static uint64_t next, done;

static void report_cpu(uint32_t number)
{
	printf("state %u, context %llu", GET(cpu[number].state),
	       (unsigned long long)GET(cpu[number].context));
}

static uint64_t progress(void)
{
	return GET(next) + GET(done);
}

void psci_port_held(struct psci *p, uint32_t self)
{
	(void)p;
	SET(outside[self], 0);
}

void psci_port_released(struct psci *p, uint32_t self, uint64_t entry)
{
	(void)p;
	(void)entry;
	ADD(started[self]);
	SET(outside[self], 1);
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
	(void)target;
}

static void *live(void *number)
{
	uint32_t self = (uint32_t)(uintptr_t)number;

	seed = self + 1;
	for (;;) {
		uint64_t entry, context;

		psci_hold(&psci, self, &entry, &context);
		if (context == STOP)
			return NULL;
		if (entry != ENTRY(context))
			fail("CPU %u: the entry is not that of context %llu", self,
			     (unsigned long long)context);
		came[context]++;
		ADD(done);
	}
}

/* A CPU that is reported off is not with a kernel, unless it has been started meanwhile. */
static void check_proof(uint32_t target)
{
	uint32_t before = GET(started[target]);

	if (psci_affinity_info(&psci, target, 0) == PSCI_AFFINITY_OFF && GET(outside[target]) &&
	    GET(started[target]) == before)
		fail("CPU %u is reported off, and is with a kernel", target);
}

static void *call(void *number)
{
	uint64_t context;

	seed = 1000 + (uintptr_t)number;
	while ((context = ADD(next)) < HANDOVERS) {
		uint32_t target = random_below(CPUS);
		int32_t answer = psci_cpu_on(&psci, target, ENTRY(context), context);

		if (answer == PSCI_SUCCESS)
			won[context] = 1;
		else if (answer != PSCI_ALREADY_ON && answer != PSCI_ON_PENDING)
			fail("CPU_ON: %d", answer);
		check_proof(target);
		if (random_below(4) == 0)
			sched_yield();
	}
	return NULL;
}

/* No caller is left: start every CPU once more, to its end. */
static void stop(void)
{
	for (uint32_t i = 0; i < CPUS; i++)
		while (psci_cpu_on(&psci, i, 0, STOP) != PSCI_SUCCESS)
			sched_yield();
}

int main(void)
{
	pthread_t target[CPUS], caller[CALLERS], watcher;
	uint64_t starts = 0;

	for (uint32_t i = 0; i < CPUS; i++)
		cpu[i] = (struct psci_cpu){.mpidr = i, .state = PSCI_STATE_ON};
	psci.area = psci.area_end = UINT64_MAX;
	start_threads(&watcher, 1, watch);
	start_threads(target, CPUS, live);
	start_threads(caller, CALLERS, call);
	for (uint32_t i = 0; i < CALLERS; i++)
		pthread_join(caller[i], NULL);
	stop();
	for (uint32_t i = 0; i < CPUS; i++)
		pthread_join(target[i], NULL);
	for (uint32_t i = 0; i < HANDOVERS; i++) {
		if (came[i] != won[i])
			fail("start %u: %u arrived, of %u that were promised", i, came[i], won[i]);
		starts += won[i];
	}
	if (starts < CPUS)
		fail("only %llu starts", (unsigned long long)starts);
	printf("ok 1 - " TEST_NAME ": %llu starts of %d calls\n1..1\n", (unsigned long long)starts,
	       HANDOVERS);
	return 0;
}
