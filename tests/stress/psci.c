/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The power states of PSCI on the host: the same C, threads for CPUs, stalls at
 * any access to shared memory, and callers that race to start them.  Every
 * start has a context of its own: each that was told SUCCESS must arrive, once,
 * at the entry that goes with it, and no other must.
 *
 * Prints TAP.  A hang ends in a message that says where every CPU is.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <baton/psci.h>
#include "resident/arm64/psci.h"
#include "chance.h"

#ifndef HANDOVERS
#define HANDOVERS 1000000
#endif

#define CPUS 3u
#define CALLERS 4u
#define HANG_SECONDS 20
#define ENTRY(context) ((uint64_t)(context)*8)
#define STOP UINT64_MAX

static struct psci_cpu cpu[CPUS];
static struct psci psci = {.cpu = cpu, .ncpus = CPUS};
static uint8_t won[HANDOVERS], came[HANDOVERS];
static uint32_t outside[CPUS]; /* the CPU is with a kernel */
static uint64_t next, done;

#define GET(word) __atomic_load_n(&(word), __ATOMIC_SEQ_CST)
#define SET(word, value) __atomic_store_n(&(word), value, __ATOMIC_SEQ_CST)
#define ADD(word) __atomic_fetch_add(&(word), 1, __ATOMIC_SEQ_CST)

static _Noreturn __attribute__((format(printf, 1, 2))) void fail(const char *text, ...)
{
	va_list arguments;

	va_start(arguments, text);
	printf("not ok 1 - power states under stress\n# ");
	vprintf(text, arguments);
	va_end(arguments);
	for (uint32_t i = 0; i < CPUS; i++)
		printf("\n# CPU %u: state %u, context %llu", i, GET(cpu[i].state),
		       (unsigned long long)GET(cpu[i].context));
	printf("\n1..1\n");
	fflush(stdout);
	_exit(1);
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
		/* The proof: who is said to be off is not with a kernel, if it still is off. */
		if (psci_affinity_info(&psci, target, 0) == PSCI_AFFINITY_OFF) {
			uint32_t out = GET(outside[target]);

			if (out && psci_affinity_info(&psci, target, 0) == PSCI_AFFINITY_OFF &&
			    GET(outside[target]) && GET(cpu[target].state) == PSCI_STATE_OFF)
				fail("CPU %u is said to be off, and is with a kernel", target);
		}
		if (random_below(4) == 0)
			sched_yield();
	}
	return NULL;
}

static void *watch(void *unused)
{
	uint64_t last = 0;

	(void)unused;
	for (unsigned quiet = 0; quiet < HANG_SECONDS; sleep(1)) {
		uint64_t now = GET(next) + GET(done);

		quiet = now == last ? quiet + 1 : 0;
		last = now;
	}
	fail("nothing has moved for %u seconds", HANG_SECONDS);
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
	if (pthread_create(&watcher, NULL, watch, NULL))
		fail("no thread");
	for (uint32_t i = 0; i < CPUS; i++)
		if (pthread_create(&target[i], NULL, live, (void *)(uintptr_t)i))
			fail("no thread");
	for (uint32_t i = 0; i < CALLERS; i++)
		if (pthread_create(&caller[i], NULL, call, (void *)(uintptr_t)i))
			fail("no thread");
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
	printf("ok 1 - power states under stress: %llu starts of %d calls\n1..1\n",
	       (unsigned long long)starts, HANDOVERS);
	return 0;
}
