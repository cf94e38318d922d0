/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* resident/x86_64/pace.c: how often the listener looks. */
#include "unit.h"
#include "resident/x86_64/pace.h"

#define MS 1000u
#define SECOND (1000 * MS)

static void hot(void **state)
{
	(void)state;
	assert_int_equal(pace_sleep_us(0, false, 0), 0);
	assert_int_equal(pace_sleep_us(20 * MS - 1, false, 1000), 0);
	assert_int_equal(pace_sleep_us(20 * MS - 1, true, 1000), 0);
}

static void less_and_less(void **state)
{
	(void)state;
	assert_int_equal(pace_sleep_us(20 * MS, false, 0), MS);
	assert_int_equal(pace_sleep_us(SECOND - 1, false, 0), MS);
	assert_int_equal(pace_sleep_us(SECOND, false, 0), 10 * MS);
	assert_int_equal(pace_sleep_us(10 * SECOND - 1, false, 0), 10 * MS);
	assert_int_equal(pace_sleep_us(10 * SECOND, false, 0), 50 * MS);
	assert_int_equal(pace_sleep_us(UINT64_MAX, false, 0), 50 * MS);
}

/* While a kernel is to begin, its first WAKEUP waits less than 1 ms; for two minutes. */
static void a_kernel_begins(void **state)
{
	(void)state;
	for (uint64_t idle = 20 * MS; idle < 120 * SECOND; idle += 10 * MS)
		assert_in_range(pace_sleep_us(idle, true, 0), 1, MS - 1);
	assert_int_equal(pace_sleep_us(120 * SECOND, true, 0), 50 * MS);
}

/*
 * Where an access is slow, sleeping costs at most a tenth, as far as that is within 10 ms;
 * a quarter while a kernel is to begin: its first WAKEUP still waits less than 1 ms.
 */
static void slow_accesses(void **state)
{
	(void)state;
	for (uint32_t us = 0; us <= 83; us++)
		assert_in_range(pace_sleep_us(30 * MS, true, us) + 3 * us, 1, MS - 1);
	for (uint32_t us = 0; us <= 300; us++) {
		assert_true(pace_sleep_us(30 * MS, true, us) >= 3 * us * 3);
		assert_true(pace_sleep_us(30 * MS, false, us) >= 3 * us * 10);
		assert_int_equal(pace_sleep_us(2 * SECOND, false, us), 10 * MS);
	}
	assert_int_equal(pace_sleep_us(30 * MS, true, 83), 750);
	assert_int_equal(pace_sleep_us(30 * MS, true, 1000), 9 * MS);
	assert_int_equal(pace_sleep_us(30 * MS, true, 10000), 10 * MS);
	assert_int_equal(pace_sleep_us(30 * MS, true, UINT32_MAX), 10 * MS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hot),
		cmocka_unit_test(less_and_less),
		cmocka_unit_test(a_kernel_begins),
		cmocka_unit_test(slow_accesses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
