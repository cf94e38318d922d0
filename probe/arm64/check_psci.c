/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* PSCI 1.1 (Arm DEN0022) and SMCCC (DEN0028), call by call. */
#include "psci.h"
#include "probe/options.h"
#include "probe/tap.h"
#include "probe/time.h"
#include "checks.h"

#define SMCCC_SPEC "DEN0028, "
#define RACES 200
#define QUIET_US 50000
#define TIMER_CONTROL 0x40 /* Broadcom's "ARM Quad A7 core", 4.6: one word for each core */
#define VIRTUAL_TIMER 8u

#define UNKNOWN_FUNCTION 0x8400ff00u
#define UNKNOWN_MPIDR 0x00fefdfcull

typedef unsigned long long ull;

static void must(const char *what, int64_t found, int64_t wanted)
{
	if (found != wanted)
		tap_fault("%s: %s instead of %s", what, psci_name(found), psci_name(wanted));
}

static void check_version(void)
{
	static const struct check check = {"psci-version", "the version is one that there is",
					   PSCI_SPEC "5.1"};
	int64_t version = psci(PSCI_VERSION, 0, 0, 0);

	tap_begin(&check);
	if (version == PSCI_TRAPPED)
		tap_bail_out("PSCI_VERSION by %s raises an exception", psci_by_smc ? "SMC" : "HVC");
	tap_remark("PSCI %u.%u by %s", (unsigned)(version >> 16 & 0x7fff),
		   (unsigned)(version & 0xffff), psci_by_smc ? "SMC" : "HVC");
	if (version >> 16 != 1 && version != 2)
		tap_fault("0x%llx", (ull)version);
	if (check_batn && version != PSCI_VERSION_1_1)
		tap_fault("not 1.1: contract-arm64, 2");
	tap_end();
}

/* PSCI_FEATURES reports itself, too. */
static void check_features(void)
{
	static const struct check check = {
		"psci-features", "PSCI_FEATURES names all that must be there, and nothing else",
		PSCI_SPEC "5.15"};
	static const struct {
		uint32_t function;
		char name[24];
	} there[] = {
		{PSCI_VERSION, "PSCI_VERSION"},
		{PSCI_CPU_SUSPEND, "CPU_SUSPEND"},
		{PSCI_CPU_SUSPEND | PSCI_64, "CPU_SUSPEND (64 bits)"},
		{PSCI_CPU_OFF, "CPU_OFF"},
		{PSCI_CPU_ON, "CPU_ON"},
		{PSCI_CPU_ON | PSCI_64, "CPU_ON (64 bits)"},
		{PSCI_AFFINITY_INFO, "AFFINITY_INFO"},
		{PSCI_AFFINITY_INFO | PSCI_64, "AFFINITY_INFO (64 bits)"},
		{PSCI_FEATURES, "PSCI_FEATURES"},
	};

	tap_begin(&check);
	if (psci(PSCI_VERSION, 0, 0, 0) < 1 << 16) {
		tap_skip("it came with version 1.0");
		return;
	}
	for (size_t i = 0; i < sizeof(there) / sizeof(there[0]); i++) {
		int64_t answer = psci(PSCI_FEATURES, there[i].function, 0, 0);

		if (answer < 0)
			tap_fault("%s: %s", there[i].name, psci_name(answer));
	}
	must("a function that is none", psci(PSCI_FEATURES, UNKNOWN_FUNCTION, 0, 0),
	     PSCI_NOT_SUPPORTED);
	tap_end();
}

static void check_migrate(void)
{
	static const struct check check = {"psci-migrate", "no trusted OS has to be moved",
					   PSCI_SPEC "5.9"};
	int64_t answer = psci(PSCI_MIGRATE_INFO_TYPE, 0, 0, 0);

	tap_begin(&check);
	if (answer != PSCI_MIGRATE_NOT_REQUIRED && (check_batn || answer != PSCI_NOT_SUPPORTED))
		tap_fault("MIGRATE_INFO_TYPE is %s0x%llx", answer < 0 ? "-" : "",
			  (ull)(answer < 0 ? -answer : answer));
	tap_end();
}

/* SMCCC 1.0 has no SMCCC_VERSION; PSCI_FEATURES reports that. */
static int64_t smccc_version(void)
{
	if (psci(PSCI_FEATURES, SMCCC_VERSION, 0, 0) < 0)
		return 1 << 16;
	return psci(SMCCC_VERSION, 0, 0, 0);
}

static void check_smccc(void)
{
	static const struct check check = {"smccc", "SMCCC says its version and what it has",
					   SMCCC_SPEC "7"};
	int64_t version = smccc_version();

	tap_begin(&check);
	if (version == 1 << 16) {
		if (check_batn)
			tap_fault("SMCCC_VERSION is not there: contract-arm64, 2");
		tap_skip("it is of version 1.0");
		return;
	}
	tap_remark("SMCCC %u.%u", (unsigned)(version >> 16), (unsigned)(version & 0xffff));
	if (version < SMCCC_VERSION_1_1)
		tap_fault("version 0x%llx", (ull)version);
	must("ARCH_FEATURES of itself", psci(SMCCC_ARCH_FEATURES, SMCCC_ARCH_FEATURES, 0, 0),
	     PSCI_SUCCESS);
	must("ARCH_FEATURES of what there is not",
	     psci(SMCCC_ARCH_FEATURES, UNKNOWN_FUNCTION, 0, 0), SMCCC_NOT_SUPPORTED);
	tap_end();
}

static void check_unknown(void)
{
	static const struct check check = {
		"unknown-function", "a function that is none is not supported", SMCCC_SPEC "5.2"};

	tap_begin(&check);
	must("32 bits", psci(UNKNOWN_FUNCTION, 1, 2, 3), PSCI_NOT_SUPPORTED);
	must("64 bits", psci(UNKNOWN_FUNCTION | PSCI_64, 1, 2, 3), PSCI_NOT_SUPPORTED);
	must("CPU_OFF with 64 bits", psci(PSCI_CPU_OFF | PSCI_64, 0, 0, 0), PSCI_NOT_SUPPORTED);
	tap_end();
}

/* Which registers a call of @x[0] has changed that it must not. */
static void preserved(const char *name, uint32_t function, uint64_t a, uint64_t b)
{
	unsigned first = smccc_version() >= SMCCC_VERSION_1_1 ? 4 : 18;
	uint64_t x[31] = {function, a, b};

	for (unsigned i = 4; i < 31; i++)
		x[i] = 0x0123456700000000 | i << 16 | i;
	head_firmware_call(x, psci_by_smc);
	for (unsigned i = first; i < 31; i++)
		if (x[i] != (0x0123456700000000 | i << 16 | i))
			tap_fault("%s: x%u is 0x%llx afterwards", name, i, (ull)x[i]);
}

static void check_preserved(void)
{
	static const struct check check = {"registers-preserved",
					   "a call changes no register that is not its own",
					   SMCCC_SPEC "2.6, 3"};

	tap_begin(&check);
	preserved("PSCI_VERSION", PSCI_VERSION, 0, 0);
	preserved("AFFINITY_INFO", PSCI_AFFINITY_INFO | PSCI_64, cpus[0].id, 0);
	preserved("CPU_ON", PSCI_CPU_ON | PSCI_64, cpus[0].id, (uintptr_t)cpus[0].own->page);
	preserved("PSCI_FEATURES", PSCI_FEATURES, PSCI_CPU_OFF, 0);
	preserved("a function that is none", UNKNOWN_FUNCTION, 0, 0);
	tap_end();
}

static void check_affinity(void)
{
	static const struct check check = {
		"affinity-info", "AFFINITY_INFO tells on from off, with 32 bits and with 64",
		PSCI_SPEC "5.7"};
	static const struct check unknown = {
		"affinity-unknown", "AFFINITY_INFO of what is no CPU is refused", PSCI_SPEC "5.7"};

	tap_begin(&check);
	must("own, 64 bits", psci(PSCI_AFFINITY_INFO | PSCI_64, cpus[0].id, 0, 0),
	     PSCI_AFFINITY_ON);
	must("own, 32 bits", psci(PSCI_AFFINITY_INFO, cpus[0].id, 0, 0), PSCI_AFFINITY_ON);
	for (uint32_t i = 1; i < cpus_count; i++) {
		if (psci(PSCI_AFFINITY_INFO, cpus[i].id, 0, 0) != PSCI_AFFINITY_OFF ||
		    !cpus_is_held(&cpus[i]))
			tap_fault("%s, which is off, is not", cpus[i].name);
	}
	tap_begin(&unknown);
	must("an unknown MPIDR", psci(PSCI_AFFINITY_INFO | PSCI_64, UNKNOWN_MPIDR, 0, 0),
	     PSCI_INVALID_PARAMETERS);
	must("level 4", psci(PSCI_AFFINITY_INFO | PSCI_64, cpus[0].id, 4, 0),
	     PSCI_INVALID_PARAMETERS);
	if (check_batn)
		must("level 1", psci(PSCI_AFFINITY_INFO | PSCI_64, cpus[0].id, 1, 0),
		     PSCI_INVALID_PARAMETERS);
	tap_end();
}

static int64_t cpu_on(uint64_t mpidr, uint64_t entry)
{
	return psci(PSCI_CPU_ON | PSCI_64, mpidr, entry, 0);
}

static void check_refused(void)
{
	static const struct check unknown = {
		"cpu-on-unknown", "CPU_ON of what is no CPU is refused", PSCI_SPEC "5.6"};
	static const struct check running = {
		"cpu-on-running", "CPU_ON of a CPU that is on, or of the caller, is refused",
		PSCI_SPEC "5.6"};
	static const struct check address = {"cpu-on-address",
					     "CPU_ON to where no CPU can go is refused",
					     CONTRACT_SPEC "2; " PSCI_SPEC "5.6"};

	tap_begin(&unknown);
	must("an unknown MPIDR", cpu_on(UNKNOWN_MPIDR, cpus_dead_end()), PSCI_INVALID_PARAMETERS);
	tap_begin(&running);
	must("the caller", cpu_on(cpus[0].id, cpus_dead_end()), PSCI_ALREADY_ON);
	if (cpus_count > 1) {
		cpus_wake(&cpus[1]);
		must("another one", cpu_on(cpus[1].id, cpus_dead_end()), PSCI_ALREADY_ON);
		must("another one, 32 bits", psci(PSCI_CPU_ON, cpus[1].id, cpus_dead_end(), 0),
		     PSCI_ALREADY_ON);
		cpus_return(&cpus[1]);
	}
	tap_begin(&address);
	if (cpus_count == 1 || !check_batn) {
		tap_skip(check_batn ? "there is only one CPU" : "only the contract asks for it");
		return;
	}
	must("not aligned", cpu_on(cpus[1].id, cpus_dead_end() + 2), PSCI_INVALID_ADDRESS);
	must("in the area", cpu_on(cpus[1].id, tree.area), PSCI_INVALID_ADDRESS);
	must("at the end of the area", cpu_on(cpus[1].id, tree.area + tree.area_size - 4),
	     PSCI_INVALID_ADDRESS);
	time_delay_us(QUIET_US);
	if (cpus_dead_end_count() || !cpus_is_held(&cpus[1]))
		tap_bail_out("%s has gone there, and is lost", cpus[1].name);
	tap_end();
}

/* By a call of 32 bits, with @upper in the halves that are none of the callee's business. */
static void start_by_32(const struct check *check, uint64_t upper)
{
	tap_begin(check);
	if (cpus_count == 1 || (uintptr_t)cpus[1].own->page >> 32) {
		tap_skip(cpus_count == 1 ? "there is only one CPU" : "no memory is below 4 GiB");
		return;
	}
	for (uint32_t i = 1; i < cpus_count; i++) {
		int64_t answer;

		cpus_expect(&cpus[i]);
		answer = psci(PSCI_CPU_ON, upper | cpus[i].id, upper | (uintptr_t)cpus[i].own->page,
			      upper | 0xabcd0000 | i);
		must("CPU_ON", answer, PSCI_SUCCESS);
		if (answer != PSCI_SUCCESS) {
			cpus_not_expected(&cpus[i]);
			continue;
		}
		cpus_expected(&cpus[i]);
		if (cpus_arrival(&cpus[i])->general[0] != (0xabcd0000 | i))
			tap_fault("%s: x0 is 0x%llx", cpus[i].name,
				  (ull)cpus_arrival(&cpus[i])->general[0]);
		cpus_return(&cpus[i]);
	}
	tap_end();
}

static void check_32(void)
{
	static const struct check plain = {"cpu-on-32", "CPU_ON with 32 bits starts a CPU",
					   PSCI_SPEC "5.6"};
	static const struct check upper = {"cpu-on-32-upper",
					   "... whatever is in the upper halves of its arguments",
					   SMCCC_SPEC "3"};

	start_by_32(&plain, 0);
	start_by_32(&upper, 0xdead000000000000);
}

/* Races: all that are up want one that is not. */

static struct cpu *wanted;
static uint32_t ready, start;

static void race(struct cpu *cpu)
{
	__atomic_add_fetch(&ready, 1, __ATOMIC_ACQ_REL);
	while (!__atomic_load_n(&start, __ATOMIC_ACQUIRE))
		__asm__ volatile("yield");
	cpu->own->result = (uint64_t)psci(PSCI_CPU_ON | PSCI_64, wanted->id,
					  (uintptr_t)wanted->own->page, cpus_context(cpu));
}

/* One round; @leaving: the target is on when it begins, and goes in the middle of it. */
static void race_once(bool leaving)
{
	uint64_t winners = 0, winner = 0;
	uint32_t racers = cpus_count - 2;

	ready = start = 0;
	if (leaving)
		cpus_wake(wanted);
	for (uint32_t i = 1; i < cpus_count; i++)
		if (&cpus[i] != wanted)
			cpus_do_begin(&cpus[i], race);
	while (__atomic_load_n(&ready, __ATOMIC_ACQUIRE) != racers)
		__asm__ volatile("yield");
	if (leaving) {
		cpus_return_begin(wanted);
		while (__atomic_load_n(&wanted->own->state, __ATOMIC_ACQUIRE) != CPU_AWAY)
			__asm__ volatile("yield");
	}
	cpus_expect(wanted);
	__atomic_store_n(&start, 1, __ATOMIC_RELEASE);
	race(&cpus[0]);
	for (uint32_t i = 1; i < cpus_count; i++)
		if (&cpus[i] != wanted)
			cpus_do_end(&cpus[i]);
	for (uint32_t i = 0; i < cpus_count; i++) {
		int64_t answer = (int64_t)cpus[i].own->result;

		if (&cpus[i] == wanted)
			continue;
		if (answer == PSCI_SUCCESS) {
			winners++;
			winner = cpus_context(&cpus[i]);
		} else if (answer != PSCI_ALREADY_ON && answer != PSCI_ON_PENDING) {
			tap_fault("CPU_ON of %s, by %s: %s", wanted->name, cpus[i].name,
				  psci_name(answer));
		}
	}
	if (leaving && !winners) { /* it was still on for all of them */
		cpus_not_expected(wanted);
		cpus_return_end(wanted);
		return;
	}
	if (winners != 1)
		tap_fault("CPU_ON of %s: %llu callers got SUCCESS", wanted->name, (ull)winners);
	if (!winners)
		tap_bail_out("no CPU could start %s", wanted->name);
	cpus_expected(wanted);
	if (cpus_arrival(wanted)->general[0] != winner)
		tap_fault("%s came with x0 0x%llx, and the caller that got SUCCESS had "
			  "0x%llx",
			  wanted->name, (ull)cpus_arrival(wanted)->general[0], (ull)winner);
	cpus_return(wanted);
}

static void check_race(const struct check *check, bool leaving)
{
	uint32_t rounds = options.rounds < RACES ? options.rounds : RACES;

	tap_begin(check);
	if (cpus_count < 3) {
		tap_skip("it takes three CPUs");
		return;
	}
	for (uint32_t round = 0; round < rounds && tap_good(); round++) {
		wanted = &cpus[1 + round % (cpus_count - 1)];
		for (uint32_t i = 1; i < cpus_count; i++)
			if (&cpus[i] != wanted && cpus[i].own->state != CPU_UP)
				cpus_wake(&cpus[i]);
		if (wanted->own->state == CPU_UP)
			cpus_return(wanted);
		race_once(leaving);
	}
	for (uint32_t i = 1; i < cpus_count; i++)
		if (cpus[i].own->state == CPU_UP)
			cpus_return(&cpus[i]);
	tap_end();
}

static void check_races(void)
{
	static const struct check off = {"cpu-on-race",
					 "of all that start one CPU at once, one gets SUCCESS",
					 PSCI_SPEC "5.6; " CONTRACT_SPEC "2"};
	static const struct check leaving = {"cpu-on-race-off",
					     "... at most one, while that CPU is on its way out",
					     PSCI_SPEC "5.6; " CONTRACT_SPEC "2"};

	check_race(&off, false);
	check_race(&leaving, true);
}

static void check_suspend(void)
{
	static const struct check check = {
		"cpu-suspend", "CPU_SUSPEND to standby returns when there is an interrupt",
		PSCI_SPEC "5.4"};
	volatile uint32_t *route =
		(uint32_t *)(tree.local_interrupts + TIMER_CONTROL + 4 * (cpus[0].id & 3));
	int64_t answer;

	tap_begin(&check);
	if (psci(PSCI_FEATURES, PSCI_CPU_SUSPEND | PSCI_64, 0, 0) < 0) {
		tap_skip("there is no CPU_SUSPEND");
		return;
	}
	if (check_batn)
		must("to a power-down state",
		     psci(PSCI_CPU_SUSPEND | PSCI_64, PSCI_POWER_DOWN, cpus_dead_end(), 0),
		     PSCI_INVALID_PARAMETERS);
	if (!tree.local_interrupts) {
		tap_skip("no interrupt is known that would end it");
		return;
	}
	/* A timer that has fired, masked as it is: Arm ARM, D1, "Wait for Interrupt". */
	write_register(cntv_cval_el0, 0);
	write_register(cntv_ctl_el0, 1);
	isb();
	*route |= VIRTUAL_TIMER;
	answer = psci(PSCI_CPU_SUSPEND | PSCI_64, 0, cpus_dead_end(), 0);
	*route &= ~VIRTUAL_TIMER;
	write_register(cntv_ctl_el0, 0);
	isb();
	if (answer != PSCI_SUCCESS)
		tap_fault("to standby: %s", psci_name(answer));
	tap_end();
}

void check_psci(void)
{
	if (cpus_way != WAY_PSCI)
		return;
	check_version();
	check_features();
	check_migrate();
	check_smccc();
	check_unknown();
	check_preserved();
	check_affinity();
	check_refused();
	check_32();
	check_races();
	check_suspend();
}
