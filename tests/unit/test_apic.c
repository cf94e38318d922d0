/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * resident/x86_64/apic.c with a local APIC and a clock that are not there: accesses may
 * be slow, as where each is an exit to a hypervisor, or stall the CPU for long.
 */
#include "unit.h"

#include <stdbool.h>
#include <string.h>

/* It stands for <baton/x86_64/cpu.h>, but for the names of registers. */
#define rdtsc real_rdtsc
#define cpu_relax real_cpu_relax
#include <baton/x86_64/cpu.h>
#undef rdtsc
#undef cpu_relax
#include "resident/x86_64/platform.h"
#include "slow_access.h"

#define RATE 62500u /* ticks of the timer in a millisecond */

static struct {
	bool dead; /* the timer does not count */
	uint32_t initial;
	uint64_t started;
	uint32_t registers[0x400 / 16];
	uint32_t in_service; /* of class 0xf */
	unsigned reads, writes, relaxes, accesses;
	bool interrupt; /* ends the next HLT */
} fake;

static void access_begins(void)
{
	pass();
	fake.accesses++;
	stall(slow_access.stall_every);
}

static void cpu_relax(void)
{
	slow_access.ns += 40;
	fake.relaxes++;
}

uint32_t platform_apic_read(const struct apic *apic, uint32_t offset)
{
	uint32_t value = fake.registers[offset / 16];

	assert_true(apic->usable);
	fake.reads++;
	access_begins();
	if (offset == APIC_TIMER_CURRENT) {
		uint64_t ticks = fake.dead ? 0 : (slow_access.ns - fake.started) * RATE / 1000000;

		value = ticks < fake.initial ? fake.initial - (uint32_t)ticks : 0;
	} else if (offset == APIC_ISR + 0x70) {
		value = fake.in_service;
	}
	pass();
	return value;
}

void platform_apic_write(const struct apic *apic, uint32_t offset, uint32_t value)
{
	assert_true(apic->usable);
	fake.writes++;
	access_begins();
	fake.registers[offset / 16] = value;
	if (offset == APIC_TIMER_INITIAL) {
		fake.initial = value;
		fake.started = slow_access.ns;
	} else if (offset == APIC_EOI) {
		fake.in_service = 0;
	}
	pass();
}

#include "resident/x86_64/apic.c"

bool platform_halt(void)
{
	bool was = fake.interrupt;

	if (was)
		fake.in_service = 1u << 17; /* VECTOR_TIMER */
	fake.interrupt = false;
	return was;
}

static const struct apic apic = {.usable = 1};
static uint32_t access_us;

static int start(void **state)
{
	(void)state;
	memset(&fake, 0, sizeof(fake));
	memset(&slow_access, 0, sizeof(slow_access));
	slow_access.access_ns = 200;
	fake.registers[APIC_VERSION / 16] = 6 << 16;
	slow_access.random = 1;
	access_us = 0;
	return 0;
}

static void assert_measured(void)
{
	uint64_t begun = slow_access.ns;
	uint32_t rate = apic_timer_rate(&apic, TSC_PER_US, &access_us);

	assert_in_range(rate, RATE * 7 / 8, RATE * 9 / 8);
	assert_true(slow_access.ns - begun < 300000000);
	assert_int_equal(fake.initial, 0);
}

static void fast(void **state)
{
	(void)state;
	assert_measured();
	assert_true(slow_access.ns < 150000);
	assert_int_equal(access_us, 0);
}

/* Each access is an exit of 20 to 50 us, or of 350 as measured under nested emulation. */
static void slow(void **state)
{
	static const uint32_t us[] = {10, 15, 20, 30, 50, 100, 350, 1000};

	for (unsigned i = 0; i < sizeof(us) / sizeof(*us); i++) {
		start(state);
		slow_access.access_ns = us[i] * 1000;
		assert_measured();
		assert_in_range(access_us, us[i] * 3 / 4, us[i] * 3 / 2);
	}
}

static void slow_with_jitter(void **state)
{
	for (uint32_t seed = 1; seed <= 200; seed++) {
		start(state);
		slow_access.random = seed;
		slow_access.access_ns = 20000;
		slow_access.jitter_ns = 30000;
		assert_measured();
	}
}

/* Every third access takes 5 ms more. */
static void slow_with_stalls(void **state)
{
	for (uint32_t seed = 1; seed <= 200; seed++) {
		start(state);
		slow_access.random = seed;
		slow_access.access_ns = 20000;
		slow_access.jitter_ns = 30000;
		slow_access.stall_every = 3;
		slow_access.stall_ns = 5000000;
		assert_measured();
	}
}

/* It ends, in a time that the collection can wait, and does not return a wrong rate. */
static void hopeless(void **state)
{
	(void)state;
	slow_access.access_ns = 20000000;
	assert_int_equal(apic_timer_rate(&apic, TSC_PER_US, &access_us), 0);
	assert_true(slow_access.ns < 1000000000);
	start(state);
	fake.dead = true;
	assert_int_equal(apic_timer_rate(&apic, TSC_PER_US, &access_us), 0);
	assert_true(slow_access.ns < 150000000);
}

static void not_usable(void **state)
{
	const struct apic off = {0};

	(void)state;
	assert_int_equal(apic_timer_rate(&off, TSC_PER_US, &access_us), 0);
	apic_hold(&off);
	apic_set_timer(&off, 1);
	apic_sleep(&off);
	assert_int_equal(fake.accesses, 0);
}

/* A sleep by the timer takes the timer's count and the end of the interrupt, no more. */
static void accesses_of_a_sleep(void **state)
{
	(void)state;
	apic_hold(&apic);
	assert_int_equal(fake.registers[APIC_TIMER_DIVIDE / 16], 3);
	assert_int_equal(fake.registers[APIC_LVT_TIMER / 16], VECTOR_TIMER);
	assert_int_equal(fake.initial, 0);
	fake.accesses = 0;
	for (int i = 0; i < 10; i++) {
		fake.interrupt = true;
		apic_set_timer(&apic, 1000);
		assert_int_equal(fake.initial, 1000);
		apic_sleep(&apic);
		assert_int_equal(fake.in_service, 0);
	}
	assert_int_equal(fake.accesses, 20);
}

/* An NMI ends the sleep: there is no interrupt to be ended. */
static void nmi_ends_the_sleep(void **state)
{
	(void)state;
	apic_hold(&apic);
	fake.accesses = 0;
	apic_sleep(&apic);
	assert_int_equal(fake.accesses, 0);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup(f, start)
	const struct CMUnitTest tests[] = {
		TEST(fast),
		TEST(slow),
		TEST(slow_with_jitter),
		TEST(slow_with_stalls),
		TEST(hopeless),
		TEST(not_usable),
		TEST(accesses_of_a_sleep),
		TEST(nmi_ends_the_sleep),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
