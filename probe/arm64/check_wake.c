/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* All CPUs come when they are woken, in every order, as often as one likes. */
#include "probe/options.h"
#include "probe/order.h"
#include "probe/tap.h"
#include "probe/time.h"
#include "checks.h"
#include "psci.h"

#define WAKE_SPEC PSCI_SPEC "5.6; " BOOT_SPEC
#define RETURN_SPEC PSCI_SPEC "5.5, 5.7; " CONTRACT_SPEC "2, 4, 8"
#define PROGRESS_US 10000000
#define RETURN_LIMIT_US 1000000
#define GARBAGE                                                                                    \
	0xfffdfffbfff7ffef /* no address, no table, and nothing that a register should have */
#define HCR_TGE (1ull << 27)
#define HCR_E2H (1ull << 34)

typedef unsigned long long ull;

const char *cpus_no_way_back(void)
{
	if (cpus_count == 1)
		return "there is only one CPU";
	return way == WAY_SPIN_TABLE ? "there is no way back: a CPU comes once" : NULL;
}

void check_wake_first(void)
{
	static const struct check check = {"wake-ascending",
					   "every CPU comes to its own entry, in the tree's order",
					   WAKE_SPEC};

	tap_begin(&check);
	if (cpus_count == 1) {
		tap_skip("there is only one CPU");
		return;
	}
	for (uint32_t i = 1; i < cpus_count; i++)
		cpus_wake(&cpus[i]);
	tap_end();
}

static bool has_vhe(void)
{
	return id_field(id_aa64mmfr1_el1, 8);
}

/*
 * Leave nothing behind that could be of use: the CPU's timers run, its caches are
 * dirty, and garbage is in its registers.
 */
static void leave_in_disorder(struct cpu *cpu)
{
	write_register(cntp_cval_el0, 0);
	write_register(cntv_cval_el0, 0);
	write_register(cntp_ctl_el0, 1);
	write_register(cntv_ctl_el0, 1);
	cpu->garbage = GARBAGE | cpu->number;
	if (at_el2() && has_vhe())
		cpu->hcr = HCR_E2H | HCR_TGE | HCR_WANTED;
	/* In this CPU's cache, and nobody cleans it: whoever takes the CPU must not drop it. */
	for (uint64_t i = 0; i < STACK_SIZE / 2 / sizeof(uint64_t); i++)
		((volatile uint64_t *)cpu->stack)[i] = GARBAGE ^ i;
	cpus_go(cpu);
}

static void look_at_what_was_left(struct cpu *cpu)
{
	for (uint64_t i = 0; i < STACK_SIZE / 2 / sizeof(uint64_t); i++) {
		uint64_t found = ((volatile uint64_t *)cpu->stack)[i];

		if (found == (GARBAGE ^ i))
			continue;
		tap_fault("CPU 0x%llx: what it has written before it left is 0x%llx",
			  (ull)cpu->mpidr, (ull)found);
		return;
	}
}

void check_wake_return(void)
{
	static const struct check check = {
		"return", "every CPU goes back, in whatever state, and is said to be there",
		RETURN_SPEC};
	const char *skip = cpus_no_way_back();

	tap_begin(&check);
	if (skip) {
		tap_skip(skip);
		return;
	}
	if (at_el2() && has_vhe())
		tap_remark("they return with HCR_EL2.E2H and TGE set");
	for (uint32_t i = 1; i < cpus_count; i++) {
		cpus[i].since_us = time_us();
		cpus_do_begin(&cpus[i], leave_in_disorder);
	}
	for (uint32_t i = 1; i < cpus_count; i++) {
		cpus_return_end(&cpus[i]);
		look_at_what_was_left(&cpus[i]);
	}
	tap_end();
}

void check_wake_orders(void)
{
	static const struct {
		struct check check;
		uint32_t (*at)(uint32_t i, uint32_t n);
	} orders[] = {
		{{"wake-descending", "... in descending order", WAKE_SPEC}, order_descending},
		{{"wake-interleaved", "... from both ends", WAKE_SPEC}, order_interleaved},
		{{"wake-random", "... in random order", WAKE_SPEC}, order_random},
	};
	const char *skip = cpus_no_way_back();

	for (size_t n = 0; n < sizeof(orders) / sizeof(orders[0]); n++) {
		tap_begin(&orders[n].check);
		if (skip) {
			tap_skip(skip);
			continue;
		}
		for (uint32_t i = 0; i < cpus_count - 1; i++)
			cpus_wake(&cpus[1 + orders[n].at(i, cpus_count - 1)]);
		cpus_return_all();
		tap_end();
	}
}

/* Each comes and goes before the next one does. */
void check_wake_one_by_one(void)
{
	static const struct check check = {
		"wake-one-by-one", "every CPU comes and goes before the next one comes", WAKE_SPEC};
	const char *skip = cpus_no_way_back();

	tap_begin(&check);
	if (skip) {
		tap_skip(skip);
		return;
	}
	for (uint32_t i = 1; i < cpus_count; i++) {
		cpus_wake(&cpus[i]);
		cpus_return(&cpus[i]);
	}
	tap_end();
}

/* On another CPU: the boot CPU goes, is held, and is sent for again. */
static void bring_boot_cpu_back(struct cpu *cpu)
{
	(void)cpu;
	cpus_return_end(&cpus[0]);
	cpus_wake_begin(&cpus[0]);
}

void check_wake_boot_cpu(void)
{
	static const struct check check = {
		"boot-cpu", "the CPU that has booted goes too, and comes back", RETURN_SPEC};
	static struct context context;
	const char *skip = cpus_no_way_back();

	tap_begin(&check);
	if (!skip && way == WAY_SPIN_TABLE_RETURN && !cpus[0].node->return_address)
		skip = "it has no way back";
	if (skip) {
		tap_skip(skip);
		return;
	}
	for (uint32_t i = 1; i < cpus_count; i++) {
		cpus_wake(&cpus[i]);
		cpus[0].since_us = time_us();
		cpus[0].resume = &context;
		cpus_do_begin(&cpus[i], bring_boot_cpu_back);
		if (!context_save(&context))
			cpus_go(&cpus[0]);
		cpus[0].resume = NULL;
		cpus_do_end(&cpus[i]);
		cpus_wake_end(&cpus[0]);
		cpus_return(&cpus[i]);
	}
	tap_end();
}

void check_wake_rounds(void)
{
	static const struct check check = {"rounds",
					   "all CPUs go offline and come online again, many times",
					   WAKE_SPEC "; " RETURN_SPEC};
	const char *skip = cpus_no_way_back();
	uint64_t reported = time_us();

	tap_begin(&check);
	if (skip || !options.rounds) {
		tap_skip(skip ? skip : "rounds=0");
		return;
	}
	for (uint32_t round = 0; round < options.rounds && tap_good(); round++) {
		cpus_wake_all();
		cpus_return_all();
		if (time_us() - reported > PROGRESS_US) {
			reported = time_us();
			tap_remark("%u of %u rounds", round + 1, options.rounds);
		}
	}
	tap_end();
}

/* Nothing bounds the time that a CPU may take; but a user waits for it. */
void check_wake_times(void)
{
	static const struct check wake = {"wake-time", "no CPU took long to come", WAKE_SPEC};
	static const struct check back = {
		"return-time", "every CPU was held within a second of its return", RETURN_SPEC};

	tap_begin(&wake);
	if (cpus_count == 1) {
		tap_skip("there is only one CPU");
		tap_skipped(&back, "there is only one CPU");
		return;
	}
	tap_remark("slowest: arrival %u us, return %u us", (unsigned)cpus_slowest_wake_us,
		   (unsigned)cpus_slowest_return_us);
	if (cpus_slowest_wake_us > options.slow * 1000000ull)
		tap_fault("one came after %u ms", (unsigned)(cpus_slowest_wake_us / 1000));
	tap_begin(&back);
	if (cpus_no_way_back()) {
		tap_skip(cpus_no_way_back());
		return;
	}
	if (cpus_slowest_return_us > RETURN_LIMIT_US)
		tap_fault("one was held after %u ms", (unsigned)(cpus_slowest_return_us / 1000));
	tap_end();
}
