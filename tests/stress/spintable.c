/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The words of a spin-table that takes CPUs back, on the host: the same C, threads for
 * CPUs, stalls at any access to a word, and kernels that release CPUs as soon as they
 * are held, now and then with an entry that can't be.  Each release must arrive, once, and
 * what the CPU and the kernel own in turn is plain memory: a CPU that reports "held" too
 * early, or goes too early, is a data race for ThreadSanitizer, and a wrong value for us.
 *
 * Prints TAP.  A hang ends in a message that says where every CPU is.
 */
#define _GNU_SOURCE
#define TEST_NAME "spin-table under stress"
#define CPUS 3u
#include "frame.h"

#include "resident/arm64/spintable.h"

#ifndef HANDOVERS
#define HANDOVERS 400000
#endif

#define KERNELS 4u
#define ENTRY(context) (((uint64_t)(context) + 1) * 8)
#define STOP (UINT64_MAX - 3) /* aligned, and no ENTRY */

static uint64_t release[CPUS], held[CPUS];
static struct spin_cpu cpu[CPUS];
static struct spin_table table = {.cpu = cpu, .ncpus = CPUS};
static pthread_mutex_t busy[CPUS]; /* a kernel has one CPU of its own that starts another */
static uint64_t owned[CPUS]; /* plain memory: the kernel's while the CPU is held, else the CPU's */
static uint32_t came[CPUS], records[CPUS];
static uint64_t next, refusals, fence;

static void report_cpu(uint32_t number)
{
	printf("held %llu, release word 0x%llx", (unsigned long long)GET(held[number]),
	       (unsigned long long)GET(release[number]));
}

static uint64_t progress(void)
{
	return GET(next) + GET(came[0]) + GET(came[1]) + GET(came[2]);
}

void spintable_port_held(struct spin_table *t, uint32_t self)
{
	(void)t;
	records[self]++;
}

void spintable_port_released(struct spin_table *t, uint32_t self, uint64_t entry)
{
	(void)t;
	(void)entry;
	records[self]++;
}

void spintable_port_sleep(struct spin_table *t, uint32_t self)
{
	(void)t;
	(void)self;
	sched_yield();
}

/* As DSB is: in one order for all, which ThreadSanitizer understands. */
void spintable_port_complete(void)
{
	ADD(fence);
}

static void *live(void *number)
{
	uint32_t self = (uint32_t)(uintptr_t)number;

	seed = self + 1;
	for (;;) {
		uint64_t entry = spintable_hold(&table, self);

		if (entry == STOP)
			return NULL;
		if (entry != ENTRY(owned[self]))
			fail("CPU %u: at 0x%llx, which is not the entry of %llu", self,
			     (unsigned long long)entry, (unsigned long long)owned[self]);
		ADD(came[self]);
		owned[self] = ~owned[self]; /* only "held" proves that this has been done */
	}
}

static void wait_until_held(uint32_t target)
{
	while (!GET(held[target]))
		sched_yield();
	spintable_port_complete();
}

static void ask_the_impossible(uint32_t target, uint64_t entry)
{
	SET(release[target], entry);
	while (GET(release[target]))
		sched_yield();
	if (!GET(held[target]))
		fail("CPU %u has gone to 0x%llx", target, (unsigned long long)entry);
	ADD(refusals);
}

static void release_cpu(uint32_t target, uint64_t context)
{
	uint32_t before;

	wait_until_held(target);
	if (GET(release[target]))
		fail("CPU %u is held, and its release word is not empty", target);
	if (!random_below(4))
		ask_the_impossible(target, random_below(2) ? ENTRY(context) + 2 : table.area);
	before = GET(came[target]);
	owned[target] = context;
	spintable_port_complete();
	SET(release[target], ENTRY(context));
	while (GET(came[target]) == before)
		sched_yield();
	wait_until_held(target);
	if (owned[target] != ~context || GET(came[target]) != before + 1)
		fail("CPU %u has come back %u times of once", target, GET(came[target]) - before);
}

static void *kernel(void *number)
{
	uint64_t context;

	seed = 1000 + (uintptr_t)number;
	while ((context = ADD(next)) < HANDOVERS) {
		uint32_t target = random_below(CPUS);

		pthread_mutex_lock(&busy[target]);
		release_cpu(target, context);
		pthread_mutex_unlock(&busy[target]);
	}
	return NULL;
}

int main(void)
{
	pthread_t target[CPUS], starter[KERNELS], watcher;
	uint64_t arrived = 0;

	table.area = 1ull << 60;
	table.area_end = table.area + 0x30000;
	for (uint32_t i = 0; i < CPUS; i++) {
		cpu[i] = (struct spin_cpu){.mpidr = i, .release = &release[i], .held = &held[i]};
		pthread_mutex_init(&busy[i], NULL);
	}
	start_threads(&watcher, 1, watch);
	start_threads(target, CPUS, live);
	start_threads(starter, KERNELS, kernel);
	for (uint32_t i = 0; i < KERNELS; i++)
		pthread_join(starter[i], NULL);
	for (uint32_t i = 0; i < CPUS; i++) {
		wait_until_held(i);
		SET(release[i], STOP);
		pthread_join(target[i], NULL);
		arrived += came[i];
		if (records[i] != 2 * (came[i] + 1))
			fail("CPU %u: %u records of %u hand-overs", i, records[i], came[i] + 1);
	}
	if (arrived != HANDOVERS || !refusals)
		fail("%llu releases have arrived, of %d", (unsigned long long)arrived, HANDOVERS);
	printf("ok 1 - " TEST_NAME ": %d releases, %llu refused\n1..1\n", HANDOVERS,
	       (unsigned long long)refusals);
	return 0;
}
