/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * lib/x86_64/clock.c with a PM timer, a PIT and a processor that are not there: accesses
 * may be slow, as where each is an exit to a hypervisor, or stall the CPU for long.
 */
#include "unit.h"

#include <stdbool.h>
#include <string.h>

/* It stands for <baton/x86_64/cpu.h>, but for the names of registers. */
#define cpuid real_cpuid
#define rdtsc real_rdtsc
#define in8 real_in8
#define in32 real_in32
#define out8 real_out8
#include <baton/x86_64/cpu.h>
#undef cpuid
#undef rdtsc
#undef in8
#undef in32
#undef out8
#include "slow_access.h"

#define PM_TIMER 0x608

static struct {
	bool dead; /* no clock counts */
	bool no_pit;
	uint16_t pit; /* what it counts down from, since: */
	uint64_t pit_started;
	unsigned accesses;
} fake;

/* Of an access: it may stall in either. */
static void half(void)
{
	pass();
	stall(2 * slow_access.stall_every);
}

/* Neither it nor a hypervisor tells. */
struct cpuid {
	uint32_t eax, ebx, ecx, edx;
};

static struct cpuid cpuid(uint32_t leaf, uint32_t subleaf)
{
	(void)leaf;
	(void)subleaf;
	return (struct cpuid){0};
}

static uint32_t in32(uint16_t port)
{
	uint32_t count;

	assert_int_equal(port, PM_TIMER);
	fake.accesses++;
	half();
	count = fake.dead ? 7 : (uint32_t)(slow_access.ns * 3579545 / 1000000000) & 0xffffff;
	half();
	return count;
}

static uint8_t in8(uint16_t port)
{
	bool out;

	assert_int_equal(port, 0x61);
	fake.accesses++;
	half();
	out = fake.no_pit ||
	      (!fake.dead &&
	       (slow_access.ns - fake.pit_started) * 1193182 / 1000000000 >= fake.pit);
	half();
	return out ? 0x20 : 0;
}

static void out8(uint16_t port, uint8_t value)
{
	half();
	if (port == 0x42) {
		fake.pit = (uint16_t)(fake.pit >> 8 | value << 8);
		fake.pit_started = slow_access.ns;
	}
	half();
}

#include "lib/x86_64/clock.c"

static int start(void **state)
{
	(void)state;
	memset(&fake, 0, sizeof(fake));
	memset(&slow_access, 0, sizeof(slow_access));
	slow_access.access_ns = 1000;
	slow_access.random = 1;
	slow_access.ns = 4600000000; /* the PM timer is about to begin anew */
	return 0;
}

/* Right to an eighth, and a little for what is between the accesses. */
static void assert_measured(uint16_t pm_timer)
{
	uint64_t begun = slow_access.ns;

	assert_in_range(clock_tsc_per_us(pm_timer), TSC_PER_US * 6 / 7, TSC_PER_US * 8 / 7);
	assert_true(slow_access.ns - begun < 3000000000);
}

static void fast(void **state)
{
	(void)state;
	for (uint16_t port = 0; port <= PM_TIMER; port += PM_TIMER) {
		uint64_t begun = slow_access.ns;

		assert_in_range(clock_tsc_per_us(port), TSC_PER_US * 99 / 100,
				TSC_PER_US * 101 / 100);
		assert_true(slow_access.ns - begun < 1100000);
	}
}

/* Each access is an exit, of up to what a nested hypervisor takes. */
static void slow(void **state)
{
	static const uint32_t us[] = {10, 50, 100, 350, 1000, 3000};

	for (unsigned i = 0; i < sizeof(us) / sizeof(*us); i++)
		for (uint16_t port = 0; port <= PM_TIMER; port += PM_TIMER) {
			start(state);
			slow_access.access_ns = us[i] * 1000;
			assert_measured(port);
		}
}

/* The hypervisor has others run, too. */
static void slow_with_stalls(void **state)
{
	for (uint32_t seed = 1; seed <= 500; seed++) {
		start(state);
		slow_access.random = seed;
		slow_access.access_ns = 300000;
		slow_access.jitter_ns = 300000;
		slow_access.stall_every = 3;
		slow_access.stall_ns = 30000000;
		assert_measured(PM_TIMER);
	}
}

/* It is the first read of all that stalls. */
static void stall_at_first(void **state)
{
	for (uint16_t port = 0; port <= PM_TIMER; port += PM_TIMER)
		for (uint32_t seed = 1; seed <= 500; seed++) {
			start(state);
			slow_access.random = seed;
			slow_access.stall_every = 100;
			slow_access.stall_ns = 5000000;
			assert_measured(port);
		}
}

static void none(void **state)
{
	(void)state;
	fake.dead = true;
	assert_int_equal(clock_tsc_per_us(PM_TIMER), 0);
	assert_true(fake.accesses < 1000000);
	start(state);
	fake.no_pit = true;
	assert_int_equal(clock_tsc_per_us(0), 0);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup(f, start)
	const struct CMUnitTest tests[] = {
		TEST(fast), TEST(slow), TEST(slow_with_stalls), TEST(stall_at_first), TEST(none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
