/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * resident/x86_64/mailbox.c: the held CPU's side of the mailbox.  What shipped
 * firmware got wrong, one test each; and held CPUs as threads.
 */
#include "unit.h"

#include "resident/x86_64/mailbox.h"
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define UNTOUCHED 0x1122334455667788

static void nothing_to_do(void **state)
{
	struct baton_mailbox mailbox = {.apic_id = 3, .wakeup_vector = 0x1000};
	uint64_t vector = UNTOUCHED;

	(void)state;
	assert_int_equal(mailbox_command(&mailbox, 3, &vector), BATON_COMMAND_NOOP);
	assert_int_equal(vector, UNTOUCHED);
}

static void command_for_another_cpu(void **state)
{
	struct baton_mailbox mailbox = {
		.command = BATON_COMMAND_WAKEUP, .apic_id = 3, .wakeup_vector = 0x1000};
	uint64_t vector = UNTOUCHED;

	(void)state;
	assert_int_equal(mailbox_command(&mailbox, 2, &vector), BATON_COMMAND_NOOP);
	mailbox.command = BATON_COMMAND_TEST;
	assert_int_equal(mailbox_command(&mailbox, 2, &vector), BATON_COMMAND_NOOP);
	assert_int_equal(vector, UNTOUCHED);
}

/* An APIC ID is 32 bits: a CPU is not found by its low 8. */
static void whole_apic_id(void **state)
{
	struct baton_mailbox mailbox = {.command = BATON_COMMAND_TEST, .apic_id = 0x103};
	uint64_t vector;

	(void)state;
	assert_int_equal(mailbox_command(&mailbox, 3, &vector), BATON_COMMAND_NOOP);
	assert_int_equal(mailbox_command(&mailbox, 0x103, &vector), BATON_COMMAND_TEST);
}

/* td-shim read 32 bits of it. */
static void whole_vector(void **state)
{
	struct baton_mailbox mailbox = {
		.command = BATON_COMMAND_WAKEUP, .apic_id = 3, .wakeup_vector = 0x12345678abcdef00};
	uint64_t vector = 0;

	(void)state;
	assert_int_equal(mailbox_command(&mailbox, 3, &vector), BATON_COMMAND_WAKEUP);
	assert_int_equal(vector, 0x12345678abcdef00);
	assert_int_equal(mailbox.command, BATON_COMMAND_WAKEUP); /* not yet acknowledged */
}

static void test_reads_no_vector(void **state)
{
	struct baton_mailbox mailbox = {
		.command = BATON_COMMAND_TEST, .apic_id = 3, .wakeup_vector = 0x1000};
	uint64_t vector = UNTOUCHED;

	(void)state;
	assert_int_equal(mailbox_command(&mailbox, 3, &vector), BATON_COMMAND_TEST);
	assert_int_equal(vector, UNTOUCHED);
}

/* The broadcast is for every CPU, but only with the ID that no CPU has. */
static void release_all_is_for_all(void **state)
{
	struct baton_mailbox mailbox = {.command = BATON_COMMAND_RELEASE_ALL,
					.apic_id = BATON_APIC_ID_ALL,
					.wakeup_vector = 0x12345678abcdef00};
	uint64_t vector = UNTOUCHED;

	(void)state;
	assert_int_equal(mailbox_command(&mailbox, 3, &vector), BATON_COMMAND_RELEASE_ALL);
	assert_int_equal(vector, 0x12345678abcdef00);
	vector = UNTOUCHED;
	for (unsigned command = BATON_COMMAND_WAKEUP; command <= BATON_COMMAND_TEST; command++) {
		mailbox.command = command;
		assert_int_equal(mailbox_command(&mailbox, 3, &vector), BATON_COMMAND_NOOP);
	}
	assert_int_equal(vector, UNTOUCHED);
}

/* A command that baton does not know, or a broadcast to one CPU, is not performed, and not
 * acknowledged. */
static void unknown_commands(void **state)
{
	struct baton_mailbox mailbox = {.apic_id = 3};
	uint64_t vector = UNTOUCHED;

	(void)state;
	for (unsigned command = BATON_COMMAND_RELEASE_ALL; command <= 0xffff; command++) {
		mailbox.command = command;
		assert_int_equal(mailbox_command(&mailbox, 3, &vector), BATON_COMMAND_NOOP);
		assert_int_equal(mailbox.command, command);
	}
	assert_int_equal(vector, UNTOUCHED);
}

/* edk2 cleared the vector instead of the command; nothing else may change at all. */
static void acknowledge_clears_the_command_alone(void **state)
{
	static struct baton_mailbox mailbox, expected;

	(void)state;
	memset(&mailbox, 0xee, sizeof(mailbox));
	memset(&expected, 0xee, sizeof(expected));
	mailbox.command = BATON_COMMAND_TEST;
	expected.command = BATON_COMMAND_NOOP;
	assert_true(mailbox_acknowledge(&mailbox, BATON_COMMAND_TEST, 0xeeeeeeee));
	assert_memory_equal(&mailbox, &expected, sizeof(mailbox));
}

/* The reserved field is not the resident's: whatever is in it, it stays, and means nothing. */
static void reserved_is_left_alone(void **state)
{
	struct baton_mailbox mailbox = {
		.command = BATON_COMMAND_TEST, .reserved = 0xbeef, .apic_id = 3};
	uint64_t vector;

	(void)state;
	assert_int_equal(mailbox_command(&mailbox, 3, &vector), BATON_COMMAND_TEST);
	assert_true(mailbox_acknowledge(&mailbox, BATON_COMMAND_TEST, 3));
	assert_int_equal(mailbox.request, 3ull << 32 | 0xbeefu << 16);
}

/* A kernel that gave up on one command and sent another is not told that this one is done. */
static void acknowledge_only_what_is_there(void **state)
{
	struct baton_mailbox mailbox = {.command = BATON_COMMAND_WAKEUP, .apic_id = 4};

	(void)state;
	assert_false(mailbox_acknowledge(&mailbox, BATON_COMMAND_WAKEUP, 3));
	assert_false(mailbox_acknowledge(&mailbox, BATON_COMMAND_TEST, 4));
	assert_int_equal(mailbox.command, BATON_COMMAND_WAKEUP);
	mailbox.command = BATON_COMMAND_NOOP;
	assert_false(mailbox_acknowledge(&mailbox, BATON_COMMAND_WAKEUP, 4));
	assert_int_equal(mailbox.command, BATON_COMMAND_NOOP);
}

/*
 * A kernel that sends command after command to CPUs that are all held: each
 * gets exactly its own, with its own vector.
 */
#define CPUS 4
#define COMMANDS 20000

static struct baton_mailbox shared;
static volatile bool finished;

struct held_cpu {
	pthread_t thread;
	uint32_t apic_id;
	unsigned wakeups, tests, wrong;
};

static void *held(void *argument)
{
	struct held_cpu *cpu = argument;

	while (!__atomic_load_n(&finished, __ATOMIC_ACQUIRE)) {
		uint64_t vector = UNTOUCHED;

		switch (mailbox_command(&shared, cpu->apic_id, &vector)) {
		case BATON_COMMAND_WAKEUP:
			cpu->wakeups++;
			cpu->wrong += vector >> 32 != cpu->apic_id;
			cpu->wrong +=
				!mailbox_acknowledge(&shared, BATON_COMMAND_WAKEUP, cpu->apic_id);
			break;
		case BATON_COMMAND_TEST:
			cpu->tests++;
			cpu->wrong +=
				!mailbox_acknowledge(&shared, BATON_COMMAND_TEST, cpu->apic_id);
			break;
		default:
			sched_yield();
		}
	}
	return NULL;
}

static void each_gets_its_own(void **state)
{
	struct held_cpu cpus[CPUS] = {0};
	unsigned wakeups[CPUS] = {0}, tests[CPUS] = {0};

	(void)state;
	for (unsigned i = 0; i < CPUS; i++) {
		cpus[i].apic_id = 7 * i + 1;
		assert_int_equal(pthread_create(&cpus[i].thread, NULL, held, &cpus[i]), 0);
	}
	for (unsigned n = 0; n < COMMANDS; n++) {
		unsigned target = rand() % CPUS;
		uint16_t command = n % 3 ? BATON_COMMAND_WAKEUP : BATON_COMMAND_TEST;

		shared.apic_id = cpus[target].apic_id;
		shared.wakeup_vector = (uint64_t)cpus[target].apic_id << 32 | n;
		__atomic_store_n(&shared.command, command, __ATOMIC_RELEASE);
		*(command == BATON_COMMAND_WAKEUP ? &wakeups[target] : &tests[target]) += 1;
		while (__atomic_load_n(&shared.command, __ATOMIC_ACQUIRE))
			sched_yield();
	}
	__atomic_store_n(&finished, true, __ATOMIC_RELEASE);
	for (unsigned i = 0; i < CPUS; i++) {
		pthread_join(cpus[i].thread, NULL);
		assert_int_equal(cpus[i].wakeups, wakeups[i]);
		assert_int_equal(cpus[i].tests, tests[i]);
		assert_int_equal(cpus[i].wrong, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_to_do),
		cmocka_unit_test(command_for_another_cpu),
		cmocka_unit_test(whole_apic_id),
		cmocka_unit_test(whole_vector),
		cmocka_unit_test(test_reads_no_vector),
		cmocka_unit_test(release_all_is_for_all),
		cmocka_unit_test(unknown_commands),
		cmocka_unit_test(acknowledge_clears_the_command_alone),
		cmocka_unit_test(reserved_is_left_alone),
		cmocka_unit_test(acknowledge_only_what_is_there),
		cmocka_unit_test(each_gets_its_own),
	};

	return cmocka_run_group_tests_name("mailbox", tests, NULL, NULL);
}
