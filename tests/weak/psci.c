/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * PSCI's power states, resident/arm64/psci.c, and libbaton's side of it, life.c and
 * arm64/psci.c.  What is assembly in resident and libbaton is here in C: DSB as a fence, SEV and
 * WFE as a store to an event register of each CPU and a look at it.
 */
#include "kernel.h"
#include "libbaton/arm64/arm64.h"
#include "resident/arm64/psci.h"
#include <baton/cpus.h>
#include <baton/port.h>
#include <baton/psci.h>
#include <string.h>

#define CPUS 4
#define AREA 0x3b400000u
#define ENTRY(caller) (0x1000u * ((caller) + 1))
#define RELAXED __ATOMIC_RELAXED

static struct psci_cpu cpu[CPUS];
static struct psci psci;
static uint32_t event[CPUS];
static uint64_t record[CPUS], releases[CPUS]; /* in the BATN table */
static uint32_t caller_data[CPUS]; /* not atomic: a caller's, for the CPU that it starts */
static uint32_t cpu_data[CPUS];	   /* not atomic: a CPU's, before it is held */
static uint32_t page[CPUS];	   /* not atomic: the kernel's, used by the CPU until it is off */

/* For finish(). */
static int answer[CPUS];
static unsigned entered[CPUS];
static unsigned times; /* that a CPU is to be started */

static APART void answered(unsigned self, int32_t with)
{
	answer[self] = with;
}

static APART void enters(unsigned self, uint64_t entry)
{
	entered[self] = (unsigned)entry;
}

static APART unsigned starts(void)
{
	return times;
}

static APART void reset(void)
{
	memset(cpu, 0, sizeof(cpu));
	memset(event, 0, sizeof(event));
	memset(record, 0, sizeof(record));
	memset(releases, 0, sizeof(releases));
	memset(caller_data, 0, sizeof(caller_data));
	memset(cpu_data, 0, sizeof(cpu_data));
	memset(page, 0, sizeof(page));
	memset(entered, 0, sizeof(entered));
	psci = (struct psci){cpu, CPUS, AREA, AREA + 0x10000};
	for (unsigned i = 0; i < CPUS; i++) {
		cpu[i].mpidr = i;
		cpu[i].state = PSCI_STATE_ON;
		answer[i] = 1;
	}
	times = 1;
	weak_name(cpu, sizeof(cpu), "cpu");
	weak_name(event, sizeof(event), "event");
	weak_name(record, sizeof(record), "record");
	weak_name(releases, sizeof(releases), "releases");
	weak_name(page, sizeof(page), "page");
	weak_name(cpu_data, sizeof(cpu_data), "cpu_data");
	weak_name(caller_data, sizeof(caller_data), "caller_data");
}

/* The resident's port. */

void psci_port_held(struct psci *p, uint32_t self)
{
	(void)p;
	cpu_data[self]++;
	__atomic_store_n(&record[self], 1, RELAXED);
}

void psci_port_released(struct psci *p, uint32_t self, uint64_t entry)
{
	(void)p;
	(void)entry;
	__atomic_store_n(&record[self], 0, RELAXED);
	__atomic_store_n(&releases[self], releases[self] + 1, RELAXED);
}

/* WFE: what the CPU looks at next, it looks at after the event. */
void psci_port_sleep(struct psci *p, uint32_t self)
{
	(void)p;
	if (__atomic_load_n(&event[self], RELAXED))
		__atomic_exchange_n(&event[self], 0, __ATOMIC_ACQUIRE);
	else
		weak_wait_for(&event[self]);
}

/* DSB ISH, SEV. */
void psci_port_wake(struct psci *p, uint32_t target)
{
	(void)p;
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	__atomic_store_n(&event[target], 1, RELAXED);
}

/* A CPU that is held, and then with the kernel. */
static void hold(uint32_t self)
{
	uint64_t entry, context;

	psci_hold(&psci, self, &entry, &context);
	weak_check(context == entry + 1, "entry and context are of two calls");
	weak_check(caller_data[context >> 12] == 1, "what the caller has written is not seen");
	enters(self, entry);
}

/* A caller of CPU_ON of CPU @target. */
static int32_t start(unsigned self, uint32_t target)
{
	int32_t error;

	caller_data[ENTRY(self) >> 12] = 1;
	error = psci_cpu_on(&psci, target, ENTRY(self), ENTRY(self) + 1);
	answered(self, error);
	return error;
}

/* Two callers, one target, which has been off for long or is on its way. */
static void two_callers(unsigned self)
{
	if (self < 2)
		start(self, 2);
	else
		hold(2);
}

static APART void nobody_waits(void)
{
	weak_check(!weak_stuck(0) && !weak_stuck(1), "a caller waits for ever");
}

static APART void one_wins(void)
{
	unsigned wins = (answer[0] == PSCI_SUCCESS) + (answer[1] == PSCI_SUCCESS);

	nobody_waits();
	for (unsigned i = 0; i < 2; i++)
		weak_check(answer[i] == PSCI_SUCCESS || answer[i] == PSCI_ALREADY_ON ||
				   answer[i] == PSCI_ON_PENDING,
			   "a wrong answer");
	weak_check(wins <= 1, "two callers have started the same CPU");
	weak_check(wins == !weak_stuck(2), "started, but it stays; or the other way round");
	if (wins)
		weak_check(entered[2] ==
				   (unsigned)(answer[0] == PSCI_SUCCESS ? ENTRY(0) : ENTRY(1)),
			   "not the entry of the caller that won");
	weak_result(wins);
}

/* The first caller waits until the CPU is off: one of the two must win. */
static void two_callers_off(unsigned self)
{
	while (!self && psci_affinity_info(&psci, 2, 0) != PSCI_AFFINITY_OFF)
		weak_wait();
	two_callers(self);
}

static APART void one_wins_surely(void)
{
	weak_check((answer[0] == PSCI_SUCCESS) + (answer[1] == PSCI_SUCCESS) == 1,
		   "none has started the CPU, or two have");
	weak_check(entered[2], "started, but it stays");
}

/* Three callers. */
static void three_callers(unsigned self)
{
	if (self < 3)
		start(self, 3);
	else
		hold(3);
}

static APART void one_of_three_wins(void)
{
	unsigned wins = 0;

	for (unsigned i = 0; i < 3; i++)
		wins += answer[i] == PSCI_SUCCESS;
	weak_check(wins <= 1, "two callers have started the same CPU");
	weak_check(wins == !weak_stuck(3), "started, but it stays; or the other way round");
}

/*
 * CPU 1 is with the kernel, uses a page of it, and turns itself off.  CPU 0 waits for OFF by
 * AFFINITY_INFO, gives the page to somebody else, and starts the CPU again.
 */
static void off_and_on(unsigned self)
{
	if (self) {
		uint64_t entry, context;

		page[0] = 1;
		psci_hold(&psci, 1, &entry, &context);
		weak_check(page[0] == 2, "the page is not seen as it is now");
		weak_check(caller_data[context >> 12] == 1,
			   "what the caller has written is not seen");
		enters(1, entry);
		return;
	}
	while (psci_affinity_info(&psci, 1, 0) != PSCI_AFFINITY_OFF)
		weak_wait();
	weak_check(cpu_data[1] == 1, "OFF, but what came before it is not seen");
	weak_check(__atomic_load_n(&record[1], RELAXED) == 1, "OFF, but the record is not seen");
	page[0] = 2;
	weak_check(start(0, 1) == PSCI_SUCCESS, "OFF, but CPU_ON is refused");
	while (psci_affinity_info(&psci, 1, 0) != PSCI_AFFINITY_ON)
		weak_wait();
	weak_check(__atomic_load_n(&releases[1], RELAXED) == 1, "ON, but the record is not seen");
}

/* A caller that is told that the CPU is on sees its record. */
static void ask_again(unsigned self)
{
	int32_t error;

	if (self) {
		hold(1);
		return;
	}
	while (psci_affinity_info(&psci, 1, 0) != PSCI_AFFINITY_OFF)
		weak_wait();
	start(0, 1);
	while ((error = psci_cpu_on(&psci, 1, ENTRY(0), 0)) == PSCI_ON_PENDING)
		weak_wait();
	weak_check(error == PSCI_ALREADY_ON, "a wrong answer");
	weak_check(__atomic_load_n(&releases[1], RELAXED) == 1,
		   "already on, but the record is not seen");
}

static APART void is_on_again(void)
{
	weak_check(!weak_stuck(0), "the caller waits for ever");
	weak_check(!weak_stuck(1), "the CPU is not started");
}

/* The same twice, without a look at AFFINITY_INFO: CPU_ON until it succeeds. */
static void again_and_again(unsigned self)
{
	for (unsigned i = 0; i < 2; i++) {
		uint64_t entry, context;

		if (self) {
			psci_hold(&psci, 1, &entry, &context);
			weak_check(entry == 0x1000u + 0x1000 * i && context == i,
				   "entry and context are of two calls");
		} else {
			while (psci_cpu_on(&psci, 1, 0x1000u + 0x1000 * i, i) != PSCI_SUCCESS)
				weak_wait();
		}
	}
}

/*
 * libbaton on top of it: CPU 0 boots CPU 1, which comes up and leaves again, and proves that; then
 * once more.  CPU 2 tries to boot it, too.
 */

static void from_hold_to_hold(uint32_t self)
{
	uint64_t entry, context;

	psci_hold(&psci, self, &entry, &context);
	kernel_life(&page[self], entry);
	weak_end();
}

void kernel_leave(void)
{
	from_hold_to_hold(weak_self());
}

/* What was stored before is visible to a CPU that the call starts. */
uint64_t arm64_call(uint32_t conduit, uint64_t function, uint64_t a, uint64_t b, uint64_t c)
{
	(void)conduit;
	__atomic_thread_fence(__ATOMIC_SEQ_CST); /* DSB SY */
	switch (function) {
	case PSCI_CPU_ON | PSCI_64:
		return (uint64_t)psci_cpu_on(&psci, a, b, c);
	case PSCI_AFFINITY_INFO | PSCI_64:
		return (uint64_t)psci_affinity_info(&psci, a, b);
	default:
		from_hold_to_hold(weak_self());
	}
	return 0;
}

static APART void reset_life(void)
{
	reset();
	kernel_reset(CPUS, BATON_PSCI);
	psci_ops(&kernel);
	times = 2; /* by CPU 0 alone */
}

static APART void reset_life_once(void)
{
	reset_life();
	times = 1;
}

/* As a stage does, before it starts the kernel: unless the other caller was quicker. */
static void await_arrival(void)
{
	while (psci_affinity_info(&psci, 1, 0) != PSCI_AFFINITY_OFF &&
	       baton_state(&kernel.cpu[1]) == BATON_OFFLINE)
		weak_wait();
}

static void life(unsigned self)
{
	if (self != 1)
		await_arrival();
	switch (self) {
	case 0:
		for (unsigned i = 0; i < starts(); i++)
			kernel_boot_and_kill(1, starts() > 1 ? &page[1] : NULL);
		break;
	case 1:
		from_hold_to_hold(1);
		break;
	default:
		kernel_boots(1);
	}
}

static void life_alone(unsigned self)
{
	if (self < 2)
		life(self);
}

static APART void life_is_over(void)
{
	kernel_check();
	weak_check(!weak_stuck(0), "the kernel waits for ever");
}

static const struct weak_test all[] = {
	{"two callers, one target", 3, reset, two_callers, one_wins, 3, 0, 0, NULL},
	{"two callers, one target that is off", 3, reset, two_callers_off, one_wins_surely, 0, 0, 0,
	 NULL},
	{"three callers, one target", 4, reset, three_callers, one_of_three_wins, 0, 0, 0, NULL},
	{"off and on", 2, reset, off_and_on, is_on_again, 0, 0, 0, NULL},
	{"on, and asked again", 2, reset, ask_again, is_on_again, 0, 0, 0, NULL},
	{"on, off, on", 2, reset, again_and_again, is_on_again, 0, 0, 0, NULL},
	{"boot, die, kill, boot again", 2, reset_life, life_alone, life_is_over, 0, 0, 0, NULL},
	{"boot, die, kill, and another caller", 3, reset_life_once, life, life_is_over, 0, 0, 0,
	 NULL},
};

int main(int argc, char **argv)
{
	return weak_main(all, sizeof(all) / sizeof(*all), argc, argv);
}
