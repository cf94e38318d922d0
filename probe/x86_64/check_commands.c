/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* What the mailbox takes, what it must leave standing, and how fast it may follow. */
#include "probe/options.h"
#include "probe/tap.h"
#include "probe/time.h"
#include "checks.h"
#include "cpus.h"
#include "mailbox.h"
#include "tables.h"

#define COMMAND_SPEC MAILBOX_SPEC "; contract, 3"
#define LATE_US 10000000  /* a CPU that has left is back by then, in any machine */
#define COMMAND_NONE 0x7f /* no version has it */
#define SAMPLE 4	  /* CPUs, where one is as good as the other */
#define ROUNDS_MAX 20

static const struct check test_held = {"test-held", "TEST is answered by a CPU that is held",
				       COMMAND_SPEC};
static const struct check test_running = {
	"test-running", "TEST is not answered for a CPU that runs in the kernel", COMMAND_SPEC};
static const struct check test_returning = {
	"test-returning", "TEST is answered by a CPU that returns, when it is back", COMMAND_SPEC};
static const struct check unknown_id = {
	"unknown-apic-id", "a command for an APIC ID that no CPU has is not taken", COMMAND_SPEC};
static const struct check unknown_command = {
	"unknown-command", "a command that there is not is not taken", "contract, 3"};
static const struct check beyond_map = {
	"vector-beyond-map", "WAKEUP to a vector that is not mapped is not taken", "contract, 3"};
static const struct check wakeup_running = {
	"wakeup-running", "WAKEUP for a CPU that runs stands until it is back, and wakes it once",
	"contract, 3"};
static const struct check back_to_back = {
	"back-to-back", "each of many commands in a row is taken by its CPU, once", COMMAND_SPEC};

/* CPU @i of a sample of at most SAMPLE secondary CPUs, the first and the last included. */
static struct cpu *sample(uint32_t i)
{
	uint32_t n = cpus_count - 1;

	return &cpus[1 + (n <= SAMPLE ? i : i * (n - 1) / (SAMPLE - 1))];
}

static uint32_t samples(void)
{
	return cpus_count - 1 < SAMPLE ? cpus_count - 1 : SAMPLE;
}

static void check_test_held(void)
{
	tap_begin(&test_held);
	for (uint32_t i = 1; i < cpus_count; i++)
		if (!mailbox_test(cpus[i].id))
			tap_fault("%s is held, and does not answer", cpus[i].name);
	tap_end();
}

static void expect_silence(uint32_t apic_id)
{
	mailbox_send(BATON_COMMAND_TEST, apic_id, 0);
	if (mailbox_await(SILENCE_US))
		tap_fault("TEST was answered for APIC ID 0x%x, which runs in the probe", apic_id);
	mailbox_withdraw();
}

static void check_test_running(void)
{
	tap_begin(&test_running);
	expect_silence(cpus[0].id);
	for (uint32_t i = 0; i < samples(); i++) {
		cpus_wake(sample(i));
		expect_silence(sample(i)->id);
		cpus_return(sample(i));
	}
	tap_end();
}

static void check_test_returning(void)
{
	tap_begin(&test_returning);
	for (uint32_t i = 0; i < samples(); i++) {
		struct cpu *cpu = sample(i);

		cpus_wake(cpu);
		mailbox_send(BATON_COMMAND_TEST, cpu->id, 0);
		cpus_return_begin(cpu);
		if (!mailbox_await(LATE_US)) {
			tap_fault("%s has left, and does not answer", cpu->name);
			mailbox_withdraw();
		}
		cpus_return_end(cpu);
	}
	tap_end();
}

/* Commands that no CPU may take; a CPU that takes a WAKEUP of them is lost. */

static bool is_known(uint32_t apic_id)
{
	for (uint32_t i = 0; i < cpus_count; i++)
		if (cpus[i].id == apic_id)
			return true;
	return false;
}

static void expect_refused(uint16_t command, uint32_t apic_id, uint64_t vector)
{
	mailbox_send(command, apic_id, vector);
	if (mailbox_await(SILENCE_US)) {
		if (command == BATON_COMMAND_WAKEUP)
			tap_bail_out(
				"WAKEUP for APIC ID 0x%x, to 0x%llx, was acknowledged: a CPU is "
				"lost",
				apic_id, (unsigned long long)vector);
		tap_fault("command %u for APIC ID 0x%x was acknowledged", command, apic_id);
	}
	mailbox_withdraw();
	if (!mailbox_test(cpus[1].id))
		tap_fault("after that, %s does not answer TEST", cpus[1].name);
}

static void check_unknown_id(void)
{
	uint32_t lowest = 0;

	tap_begin(&unknown_id);
	while (is_known(lowest))
		lowest++;
	/* TEST first: a CPU that answers that would be lost by the WAKEUP. */
	for (uint16_t command = BATON_COMMAND_TEST; command >= BATON_COMMAND_WAKEUP; command--) {
		expect_refused(command, lowest, cpus_dead_end());
		expect_refused(command, 0x01000000 | cpus[1].id, cpus_dead_end());
	}
	tap_end();
}

static void check_contract_only(void)
{
	static const char reason[] = "only the contract asks for it: no BATN table";

	if (!check_batn) {
		tap_skipped(&unknown_command, reason);
		tap_skipped(&beyond_map, reason);
		return;
	}
	tap_begin(&unknown_command);
	expect_refused(COMMAND_NONE, cpus[1].id, cpus_dead_end());
	expect_refused(BATON_COMMAND_RELEASE_ALL, cpus[1].id, cpus_dead_end());
	tap_begin(&beyond_map);
	expect_refused(BATON_COMMAND_WAKEUP, cpus[1].id, check_batn->map_end);
	expect_refused(BATON_COMMAND_WAKEUP, cpus[1].id, UINT64_MAX - 0xfff);
	tap_end();
}

/* CPUs that bounce: they come to their page, count, and go back at once. */

static void expect_bounces(const struct cpu *cpu, uint32_t before, uint32_t wanted)
{
	uint32_t bounces = __atomic_load_n(&cpu->own->bounces, __ATOMIC_ACQUIRE) - before;

	if (bounces != wanted)
		tap_fault("%s has come %u times instead of %u", cpu->name, bounces, wanted);
}

static void check_wakeup_running(void)
{
	tap_begin(&wakeup_running);
	if (!check_batn) {
		tap_skip("only the contract asks for it: no BATN table");
		return;
	}
	for (uint32_t i = 0; i < samples(); i++) {
		struct cpu *cpu = sample(i);
		uint32_t before = cpu->own->bounces;

		cpus_wake(cpu);
		cpus_make_bounce(cpu, true);
		mailbox_send(BATON_COMMAND_WAKEUP, cpu->id, (uintptr_t)cpu->own->arrival);
		if (mailbox_await(SILENCE_US))
			tap_bail_out("WAKEUP for %s, which runs, was acknowledged", cpu->name);
		cpus_return_begin(cpu);
		if (!mailbox_await(LATE_US))
			tap_bail_out("WAKEUP for %s, which has left, is not acknowledged",
				     cpu->name);
		cpus_return_end(cpu);
		expect_bounces(cpu, before, 1);
		cpus_make_bounce(cpu, false);
	}
	tap_end();
}

/* WAKEUP for all, each as soon as the one before is acknowledged; then TEST, likewise. */
static void bounce_all(uint32_t first)
{
	for (uint32_t i = 0; i < cpus_count - 1; i++) {
		struct cpu *cpu = &cpus[1 + (first + i) % (cpus_count - 1)];

		cpus_make_bounce(cpu, true);
		mailbox_send(BATON_COMMAND_WAKEUP, cpu->id, (uintptr_t)cpu->own->arrival);
		if (!mailbox_await(options.patience * 1000000ull))
			tap_bail_out("%s has not acknowledged WAKEUP for %u s", cpu->name,
				     options.patience);
	}
	for (uint32_t i = 1; i < cpus_count; i++) {
		mailbox_send(BATON_COMMAND_TEST, cpus[i].id, 0);
		if (!mailbox_await(LATE_US))
			tap_bail_out("%s does not answer TEST after it was woken", cpus[i].name);
	}
}

static void check_back_to_back(void)
{
	uint32_t rounds = options.rounds < ROUNDS_MAX ? options.rounds : ROUNDS_MAX;

	tap_begin(&back_to_back);
	for (uint32_t i = 1; i < cpus_count; i++)
		cpus[i].own->bounces = 0;
	for (uint32_t round = 0; round < rounds; round++)
		bounce_all(round);
	for (uint32_t i = 1; i < cpus_count; i++) {
		if (cpus[i].own->wrong_id != NO_APIC_ID)
			tap_fault("APIC ID 0x%x came to the vector of %s", cpus[i].own->wrong_id,
				  cpus[i].name);
		expect_bounces(&cpus[i], 0, rounds);
		cpus_make_bounce(&cpus[i], false);
	}
	tap_end();
}

void check_commands(void)
{
	static const struct check *const all[] = {
		&test_held,	  &test_running, &test_returning, &unknown_id,
		&unknown_command, &beyond_map,	 &wakeup_running, &back_to_back,
	};
	const char *skip =
		cpus_machine->method == BATON_INIT_SIPI ? "there is no mailbox" : cpus_no_repeats();

	for (size_t i = 0; skip && i < sizeof(all) / sizeof(all[0]); i++)
		tap_skipped(all[i], skip);
	if (skip)
		return;
	check_test_held();
	check_test_running();
	check_test_returning();
	check_unknown_id();
	check_contract_only();
	check_wakeup_running();
	check_back_to_back();
}
