/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * resident/x86_64/port.c: how held CPUs sleep, in an area on the host, with a local APIC
 * whose timer may be of no use.  The time-stamp counter is the host's: the area says that
 * it has few ticks in a microsecond, so that minutes pass in milliseconds.
 */
#include "unit.h"

#include <string.h>

#include <baton/x86_64/area.h>
#include "area/x86_64/slot.h"
#include "resident/x86_64/apic.h"
#include "resident/x86_64/platform.h"
#include "resident/x86_64/port.h"
#include "resident/x86_64/protocol.h"

#define NCPUS 4
#define SLOTS 0x2000
#define TABLE 0x4000
#define RATE 62500u /* ticks in a millisecond */
#define MS 1000u
#define SECOND (1000 * MS)

static uint8_t memory[0x6000] __attribute__((aligned(4096)));
static uint8_t apic_page[4096] __attribute__((aligned(4096)));

static struct baton_area *const area = (struct baton_area *)memory;
static struct shared *const shared = (struct shared *)(memory + AREA_SHARED);
static struct slot *const slots = (struct slot *)(memory + SLOTS);
static struct baton_table *const table = (struct baton_table *)(memory + TABLE);
static struct line lines[NCPUS];
static struct baton_mailbox mailbox;

static struct {
	uint32_t rate, access_us; /* that are measured; 0: none */
	unsigned measured, slept;
	uint32_t ticks; /* of the last sleep */
} timer;

uint32_t apic_timer_rate(const struct apic *apic, uint32_t tsc_per_us, uint32_t *access_us)
{
	assert_true(apic->usable);
	assert_int_equal(tsc_per_us, area->tsc_per_us);
	timer.measured++;
	*access_us = timer.access_us;
	return timer.rate;
}

void apic_set_timer(const struct apic *apic, uint32_t ticks)
{
	(void)apic;
	timer.ticks = ticks;
}

void apic_sleep(const struct apic *apic)
{
	(void)apic;
	timer.slept++;
}

void apic_hold(const struct apic *apic)
{
	(void)apic;
}

void platform_apic_send(const struct apic *apic, uint32_t apic_id, uint32_t command)
{
	apic_send(apic, apic_id, command);
}

uint32_t apic_drain(const struct apic *apic)
{
	(void)apic;
	return 0;
}

static int start(void **state)
{
	(void)state;
	memset(memory, 0, sizeof(memory));
	memset(lines, 0, sizeof(lines));
	memset(&mailbox, 0, sizeof(mailbox));
	memset(&timer, 0, sizeof(timer));
	timer.rate = RATE;
	area->ncpus = NCPUS;
	area->slots = SLOTS;
	area->table = TABLE;
	area->tsc_per_us = 1;
	area->map_end = 1ull << 32;
	shared->mailbox = &mailbox;
	shared->line = lines;
	shared->ncpus = NCPUS;
	table->record_size = sizeof(struct baton_cpu_record);
	table->ncpus = NCPUS;
	table->collected = NCPUS - 1;
	table->held = baton_count_of(NCPUS - 1);
	table->wait = baton_count_of(BATON_WAIT_HLT);
	for (uint32_t i = 0; i < NCPUS; i++) {
		slots[i].area = area;
		slots[i].record = &table->cpu[i];
		slots[i].number = i;
		slots[i].apic = (struct apic){.mmio = apic_page, .usable = 1};
		lines[i].apic_id = i;
		lines[i].state = LINE_WAITING;
	}
	return 0;
}

static uint32_t wait_now(void)
{
	assert_true(baton_count_valid(table->wait));
	return baton_count_value(table->wait);
}

/* The listener's sleep, in us, once the mailbox has been quiet for @idle_us. */
static uint32_t listener_sleeps(uint32_t self, uint64_t idle_us)
{
	timer.slept = timer.ticks = 0;
	slots[self].busy_since = rdtsc() - idle_us;
	protocol_port_listen(shared, self, 1);
	return timer.slept ? (uint32_t)(timer.ticks * 1000ull / RATE) : 0;
}

static void measured_once_for_all(void **state)
{
	(void)state;
	for (uint32_t i = 1; i < NCPUS; i++) {
		port_arriving(&slots[i]);
		protocol_port_sleep(shared, i);
		assert_int_equal(timer.ticks, RATE * 1000);
	}
	assert_int_equal(timer.measured, 1);
	assert_int_equal(timer.slept, NCPUS - 1);
	assert_int_equal(wait_now(), BATON_WAIT_HLT);
}

/* That is remembered, and the table says what is done. */
static void no_rate(void **state)
{
	(void)state;
	timer.rate = 0;
	for (uint32_t i = 1; i < NCPUS; i++)
		port_arriving(&slots[i]);
	assert_int_equal(wait_now(), BATON_WAIT_PAUSE);
	for (uint32_t i = 1; i < NCPUS; i++) {
		protocol_port_sleep(shared, i);
		assert_int_equal(listener_sleeps(i, SECOND), 0);
		assert_int_equal(listener_sleeps(i, 200ull * SECOND), 0);
	}
	assert_int_equal(timer.measured, 1);
	assert_int_equal(timer.slept, 0);
	assert_int_equal(wait_now(), BATON_WAIT_PAUSE);
}

/* An area whose CPUs were held before: the first sleep finds out. */
static void no_rate_at_the_first_sleep(void **state)
{
	(void)state;
	timer.rate = 0;
	for (int i = 0; i < 5; i++)
		protocol_port_sleep(shared, 1);
	assert_int_equal(wait_now(), BATON_WAIT_PAUSE);
	assert_int_equal(timer.measured, 1);
	assert_int_equal(timer.slept, 0);
}

/* One CPU's local APIC may be turned off: it spins, and says nothing about the others. */
static void one_without_apic(void **state)
{
	(void)state;
	slots[1].apic.usable = 0;
	port_arriving(&slots[1]);
	protocol_port_sleep(shared, 1);
	assert_int_equal(timer.measured, 0);
	assert_int_equal(timer.slept, 0);
	assert_int_equal(wait_now(), BATON_WAIT_HLT);
	port_arriving(&slots[2]);
	protocol_port_sleep(shared, 2);
	assert_int_equal(timer.measured, 1);
	assert_int_equal(timer.slept, 1);
}

static void as_configured(void **state)
{
	(void)state;
	table->wait = baton_count_of(BATON_WAIT_PAUSE);
	port_arriving(&slots[1]);
	protocol_port_sleep(shared, 1);
	assert_int_equal(timer.measured, 0);
	assert_int_equal(timer.slept, 0);
}

/* All are held: the first WAKEUP waits less than 1 ms, for two minutes. */
static void a_kernel_begins(void **state)
{
	(void)state;
	port_arriving(&slots[1]);
	protocol_port_listen(shared, 1, 0);
	assert_int_equal(listener_sleeps(1, 10 * MS), 0);
	assert_in_range(listener_sleeps(1, 30 * MS), 1, MS - 1);
	assert_in_range(listener_sleeps(1, 110 * SECOND), 1, MS - 1);
	assert_in_range(listener_sleeps(1, 125 * SECOND), 49 * MS, 50 * MS);
}

/* Its first WAKEUP ends that. */
static void a_kernel_has_begun(void **state)
{
	(void)state;
	port_arriving(&slots[1]);
	protocol_port_listen(shared, 1, 0);
	table->held = baton_count_of(NCPUS - 2);
	assert_int_equal(listener_sleeps(1, 30 * MS), 0); /* it has just changed */
	assert_in_range(listener_sleeps(1, 30 * MS), MS, MS);
	assert_in_range(listener_sleeps(1, 2 * SECOND), 9 * MS, 10 * MS);
	assert_in_range(listener_sleeps(1, 11 * SECOND), 49 * MS, 50 * MS);
}

/* The last CPU returns while the listener has been quiet for long. */
static void the_last_one_returns(void **state)
{
	(void)state;
	port_arriving(&slots[1]);
	table->held = baton_count_of(NCPUS - 2);
	protocol_port_listen(shared, 1, 0);
	assert_in_range(listener_sleeps(1, 300ull * SECOND), 49 * MS, 50 * MS);
	table->held = baton_count_of(NCPUS - 1);
	assert_int_equal(listener_sleeps(1, 300ull * SECOND), 0);
	assert_true(rdtsc() - slots[1].busy_since < SECOND);
	assert_in_range(listener_sleeps(1, 30 * MS), 1, MS - 1);
}

/* Where an access takes long, sleeping does not take all of the time. */
static void slow_accesses(void **state)
{
	(void)state;
	timer.access_us = 100;
	port_arriving(&slots[1]);
	protocol_port_listen(shared, 1, 0);
	assert_in_range(listener_sleeps(1, 30 * MS), 900, 900);
	table->held = baton_count_of(NCPUS - 2);
	assert_int_equal(listener_sleeps(1, 30 * MS), 0);
	assert_in_range(listener_sleeps(1, 30 * MS), 3200, 3200);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup(f, start)
	const struct CMUnitTest tests[] = {
		TEST(measured_once_for_all),
		TEST(no_rate),
		TEST(no_rate_at_the_first_sleep),
		TEST(one_without_apic),
		TEST(as_configured),
		TEST(a_kernel_begins),
		TEST(a_kernel_has_begun),
		TEST(the_last_one_returns),
		TEST(slow_accesses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
