/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* All CPUs come when they are woken, in every order, as often as one likes. */
#include "probe/memory.h"
#include "probe/options.h"
#include "probe/order.h"
#include "probe/tap.h"
#include "probe/time.h"
#include "checks.h"
#include "cpus.h"
#include "mailbox.h"
#include "tables.h"

#define WAKE_SPEC MAILBOX_SPEC "; contract, 3"
#define RETURN_SPEC MAILBOX_SPEC "; contract, 5"
#define BELOW_1M (1ull << 20)
#define BELOW_4G (1ull << 32)
#define PROGRESS_US 10000000

static const struct check vector_high = {"vector-above-4g", "a CPU comes to a vector above 4 GiB",
					 WAKE_SPEC};

const char *cpus_no_way_back(void)
{
	int error;

	if (cpus_count == 1)
		return "there is only one CPU";
	error = baton_can_disable(cpus_machine, cpus[1].baton);
	return error ? baton_error_text(error) : NULL;
}

static bool is_slow(void)
{
	return cpus_slowest_wake.us > options.slow * 1000000ull ||
	       cpus_slowest_return.us > ANSWER_US;
}

const char *cpus_no_repeats(void)
{
	const char *why = cpus_no_way_back();

	return !why && is_slow() ? "it would take too long: see wake-time and return-time" : why;
}

/*
 * Vectors above 4 GiB.  At the same address modulo 4 GiB there is a dead end, for whom
 * only 32 bits of the vector matter.
 */

static uint64_t high_page;

/* A page above 4 GiB, and one below with the same low bits, both free. */
static uint64_t find_high_page(void)
{
	for (size_t i = 0; memory_range(i); i++) {
		const struct memory_range *r = memory_range(i);

		if (r->type != MEMORY_USABLE || r->start < BELOW_1M || r->end > BELOW_4G)
			continue;
		for (uint64_t at = r->end - PAGE_SIZE + BELOW_4G; at < memory_top(); at += BELOW_4G)
			if (memory_type(at, at + PAGE_SIZE) == MEMORY_USABLE)
				return at;
	}
	return 0;
}

static void take_high_page(void)
{
	uint64_t low;

	high_page = find_high_page();
	if (!high_page)
		return;
	low = high_page % BELOW_4G;
	memory_set(low, low + PAGE_SIZE, MEMORY_PROBE);
	memory_set(high_page, high_page + PAGE_SIZE, MEMORY_PROBE);
	cpus_make_dead_end(low);
}

/* Where a CPU can be woken only once, the last one has the vector above 4 GiB. */
static uint32_t first_batch(void)
{
	return high_page && cpus_count > 2 && cpus_no_way_back() ? cpus_count - 1 : cpus_count;
}

void check_wake_first(void)
{
	static const struct check check = {"wake-ascending",
					   "every CPU comes to its own vector, in ascending order",
					   WAKE_SPEC};

	take_high_page();
	tap_begin(&check);
	if (cpus_count == 1) {
		tap_skip("there is only one CPU");
		return;
	}
	for (uint32_t i = 1; i < first_batch(); i++)
		cpus_wake(&cpus[i]);
	tap_end();
}

void check_wake_vectors(void)
{
	struct cpu *cpu = &cpus[cpus_count - 1];
	uint64_t old_page = (uintptr_t)cpu->arrival;

	tap_begin(&vector_high);
	if (cpus_count == 1 || !high_page) {
		tap_skip(cpus_count == 1 ? "there is only one CPU"
					 : "there is no memory above 4 GiB");
		return;
	}
	if (cpus_is_up(cpu) && cpus_no_way_back()) {
		tap_skip("the only CPU has been woken, and can't be returned");
		return;
	}
	cpus_move_page(cpu, high_page);
	cpus_wake(cpu);
	tap_end();
	if (cpus_no_way_back())
		return;
	cpus_return_begin(cpu);
	cpus_return_end(cpu);
	cpus_move_page(cpu, old_page);
}

void check_wake_return(void)
{
	static const struct check check = {
		"return", "every CPU goes back to the reset vector, and answers TEST", RETURN_SPEC};
	const char *skip = cpus_no_way_back();

	tap_begin(&check);
	if (skip) {
		tap_skip(skip);
		return;
	}
	cpus_return_all();
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
	const char *skip = cpus_no_repeats();

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
	const char *skip = cpus_no_repeats();

	tap_begin(&check);
	for (uint32_t i = 1; i < cpus_count && !skip; i++) {
		cpus_wake(&cpus[i]);
		cpus_return_begin(&cpus[i]);
		cpus_return_end(&cpus[i]);
	}
	if (skip)
		tap_skip(skip);
	else
		tap_end();
}

void check_wake_rounds(void)
{
	static const struct check check = {"rounds",
					   "all CPUs go offline and come online again, many times",
					   WAKE_SPEC "; contract, 5"};
	const char *skip = cpus_no_repeats();
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
	static const struct check back = {"return-time",
					  "every CPU answered TEST within a second of its return",
					  RETURN_SPEC};

	tap_begin(&wake);
	if (cpus_count == 1) {
		tap_skip("there is only one CPU");
		tap_skipped(&back, "there is only one CPU");
		return;
	}
	tap_remark(
		"slowest: acknowledgement %u us (APIC ID 0x%x), arrival %u us (0x%x), return %u us "
		"(0x%x)",
		(unsigned)cpus_slowest_ack.us, cpus_slowest_ack.apic_id,
		(unsigned)cpus_slowest_wake.us, cpus_slowest_wake.apic_id,
		(unsigned)cpus_slowest_return.us, cpus_slowest_return.apic_id);
	if (cpus_slowest_wake.us > options.slow * 1000000ull)
		tap_fault("APIC ID 0x%x came after %u ms; the slowest acknowledgement took %u ms",
			  cpus_slowest_wake.apic_id, (unsigned)(cpus_slowest_wake.us / 1000),
			  (unsigned)(cpus_slowest_ack.us / 1000));
	tap_begin(&back);
	if (cpus_no_way_back()) {
		tap_skip(cpus_no_way_back());
		return;
	}
	if (cpus_slowest_return.us > ANSWER_US)
		tap_fault("APIC ID 0x%x has answered after %u ms", cpus_slowest_return.apic_id,
			  (unsigned)(cpus_slowest_return.us / 1000));
	tap_end();
}
