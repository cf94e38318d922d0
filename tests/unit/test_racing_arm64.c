/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * CPUs of a kernel that race for others, against the residents' own code: threads for CPUs
 * that are held by resident/arm64/psci.c or resident/arm64/spintable.c, and threads that boot and
 * kill them by libbaton/arm64.
 */
#include "racing.h"

#include <baton/psci.h>

#include "libbaton/arm64/arm64.h"
#include "resident/arm64/psci.h"
#include "resident/arm64/spintable.h"

#define BOOTS 1000
#define AREA 0x3b400000

static struct psci_cpu psci_cpus[CPUS + CALLERS];
static struct psci psci = {psci_cpus, CPUS, AREA, AREA + 0x10000};
static struct spin_cpu spin_cpus[CPUS];
static struct spin_table spin = {spin_cpus, CPUS, AREA, AREA + 0x10000};
static uint64_t release_words[CPUS], held_words[CPUS];
static unsigned returns[CPUS], proofs[CPUS]; /* of each: to the resident, and by baton_kill() */

void baton_port_flush(const volatile void *pointer, size_t length)
{
	(void)pointer;
	(void)length;
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

int arch_exit_build(struct baton_machine *m)
{
	m->exit.code = 1;
	return 0;
}

/* A hypervisor may stop a CPU at any place: the thread sleeps there, and others run. */
static void stall(void)
{
	const struct timespec moment = {0, 1000};

	nanosleep(&moment, NULL);
}

static _Noreturn void leave(void)
{
	stall();
	racing_leave();
}

void arch_leave(struct baton_machine *m, struct baton_cpu *cpu)
{
	(void)m;
	(void)cpu;
	leave();
}

void arm64_send_event(void)
{
}

uint64_t arm64_call(uint32_t conduit, uint64_t function, uint64_t a, uint64_t b, uint64_t c)
{
	(void)conduit;
	switch (function) {
	case PSCI_CPU_ON | PSCI_64:
		return (uint64_t)psci_cpu_on(&psci, a, b, c);
	case PSCI_AFFINITY_INFO | PSCI_64:
		return (uint64_t)psci_affinity_info(&psci, a, b);
	case PSCI_CPU_OFF:
		leave();
	default:
		abort();
	}
}

/* The residents. */

static void sleep_or_end(void)
{
	if (__atomic_load_n(&done, __ATOMIC_ACQUIRE))
		pthread_exit(NULL);
	sched_yield();
}

void psci_port_held(struct psci *p, uint32_t number)
{
	(void)p;
	__atomic_fetch_add(&returns[number], 1, __ATOMIC_SEQ_CST);
}

void psci_port_released(struct psci *p, uint32_t number, uint64_t entry)
{
	(void)p;
	(void)number;
	(void)entry;
}

void psci_port_sleep(struct psci *p, uint32_t number)
{
	(void)p;
	(void)number;
	sleep_or_end();
}

void psci_port_wake(struct psci *p, uint32_t target)
{
	(void)p;
	(void)target;
}

void spintable_port_held(struct spin_table *table, uint32_t number)
{
	(void)table;
	__atomic_fetch_add(&returns[number], 1, __ATOMIC_SEQ_CST);
}

void spintable_port_released(struct spin_table *table, uint32_t number, uint64_t entry)
{
	(void)table;
	(void)number;
	(void)entry;
}

void spintable_port_sleep(struct spin_table *table, uint32_t number)
{
	(void)table;
	(void)number;
	sleep_or_end();
}

void spintable_port_complete(void)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

/* A CPU: held, released to the kernel, up for a moment, and back again. */

static uint64_t hold(void)
{
	uint64_t entry, context;

	if (machine.method == BATON_SPIN_TABLE_RETURN)
		return spintable_hold(&spin, (uint32_t)self);
	psci_hold(&psci, (uint32_t)self, &entry, &context);
	return entry;
}

static void *cpu_thread(void *number)
{
	self = (uintptr_t)number;
	for (;;) {
		assert_int_equal(hold(), VECTOR);
		stall();
		racing_visit();
	}
	return NULL;
}

/* The CPU has come back as often as that was proven, beside its first arrival. */
static void count_proof(unsigned i)
{
	unsigned proven = __atomic_add_fetch(&proofs[i], 1, __ATOMIC_SEQ_CST);

	if (proven >= __atomic_load_n(&returns[i], __ATOMIC_SEQ_CST))
		abort();
	__atomic_fetch_add(&kills, 1, __ATOMIC_RELAXED);
}

/* One of those that race: it tries all CPUs, in whatever state they are. */
static void *caller_thread(void *number)
{
	self = (uintptr_t)number;
	for (unsigned round = 0; __atomic_load_n(&wins, __ATOMIC_RELAXED) < BOOTS; round++) {
		struct baton_cpu *cpu = &cpus[(round + self) % CPUS];
		int error = baton_boot(&machine, cpu);

		__atomic_fetch_add(error ? &refusals : &wins, 1, __ATOMIC_RELAXED);
		/* Another caller has just sent for it, or it is on its way: nothing else. */
		if (error && error != BATON_E_STATE && error != BATON_E_LIVE &&
		    error != BATON_E_NOT_RETURNED)
			abort();
		if (!baton_kill(&machine, cpu, 60 * BATON_KILL_US))
			count_proof((unsigned)cpu->id);
		sched_yield();
	}
	return NULL;
}

static void set_up(enum baton_method method)
{
	racing_set_up(method);
	for (unsigned i = 0; i < CPUS + CALLERS; i++)
		psci_cpus[i] = (struct psci_cpu){.mpidr = i, .state = PSCI_STATE_ON};
	for (unsigned i = 0; i < CPUS; i++) {
		returns[i] = proofs[i] = 0;
		held_words[i] = 0;
		spin_cpus[i] = (struct spin_cpu){
			.mpidr = i, .release = &release_words[i], .held = &held_words[i]};
		cpus[i].release = &release_words[i];
		cpus[i].held = &held_words[i];
		cpus[i].return_address = 0x1000;
	}
}

static void race(enum baton_method method)
{
	set_up(method);
	if (method == BATON_PSCI)
		psci_ops(&machine);
	else
		spin_table_ops(&machine);
	racing_run(NULL, cpu_thread, caller_thread, count_proof);
	assert_true(wins >= BOOTS);
}

static void by_psci(void **state)
{
	(void)state;
	race(BATON_PSCI);
}

static void by_spin_table(void **state)
{
	(void)state;
	race(BATON_SPIN_TABLE_RETURN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_psci),
		cmocka_unit_test(by_spin_table),
	};

	return cmocka_run_group_tests_name("racing_arm64", tests, NULL, NULL);
}
