/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* All CPUs come when they are woken, in every order, as often as one likes. */
#include "checks.h"
#include "options.h"
#include "order.h"
#include "time.h"

#define PROGRESS_US 10000000

void check_wake_before_fill(void)
{
	static const struct check check = {"wake-ascending", checks_first_what, checks_wake_spec};

	tap_begin(&check);
	if (cpus_count > 1)
		checks_before_fill();
}

void check_wake_first(void)
{
	uint32_t batch = checks_first_batch();

	if (cpus_count == 1) {
		tap_skip("there is only one CPU");
		return;
	}
	for (uint32_t i = 1; i < batch; i++)
		if (!cpus_is_up(&cpus[i]))
			cpus_wake(&cpus[i]);
	tap_end();
}

void check_wake_orders(void)
{
	static const struct {
		struct check check;
		uint32_t (*at)(uint32_t i, uint32_t n);
	} orders[] = {
		{{"wake-descending", "... in descending order", checks_wake_spec},
		 order_descending},
		{{"wake-interleaved", "... from both ends", checks_wake_spec}, order_interleaved},
		{{"wake-random", "... in random order", checks_wake_spec}, order_random},
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

void check_wake_one_by_one(void)
{
	static const struct check check = {"wake-one-by-one",
					   "every CPU comes and goes before the next one comes",
					   checks_wake_spec};
	const char *skip = cpus_no_repeats();

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

void check_wake_rounds(void)
{
	static const struct check check = {"rounds",
					   "all CPUs go offline and come online again, many times",
					   checks_rounds_spec};
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

static void report_slowest(const char *what, const struct cpus_slowest *slowest)
{
	if (slowest->cpu)
		tap_remark("slowest %s: %u us (%s)", what, (unsigned)slowest->us,
			   slowest->cpu->name);
}

/* No specification bounds the time that a CPU may take; but a user waits for it. */
void check_wake_times(void)
{
	static const struct check wake = {"wake-time", "no CPU took long to come",
					  checks_wake_spec};
	static const struct check back = {"return-time", checks_return_time_what,
					  checks_return_spec};

	tap_begin(&wake);
	if (cpus_count == 1) {
		tap_skip("there is only one CPU");
		tap_skipped(&back, "there is only one CPU");
		return;
	}
	report_slowest("acknowledgement", &cpus_slowest_ack);
	report_slowest("arrival", &cpus_slowest_wake);
	report_slowest("return", &cpus_slowest_return);
	if (cpus_slowest_wake.us > options.slow * 1000000ull)
		tap_fault("%s came after %u ms", cpus_slowest_wake.cpu->name,
			  (unsigned)(cpus_slowest_wake.us / 1000));
	tap_begin(&back);
	if (cpus_no_way_back()) {
		tap_skip(cpus_no_way_back());
		return;
	}
	if (cpus_slowest_return.us > CPUS_RETURN_LIMIT_US)
		tap_fault("%s was held %u ms after it left", cpus_slowest_return.cpu->name,
			  (unsigned)(cpus_slowest_return.us / 1000));
	tap_end();
}
