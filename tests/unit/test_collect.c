/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * stage/x86_64/collect.c, wake.c and account.c in a TDX guest, with a clock, a firmware and CPUs
 * that are not there: CPUs come by the firmware's mailbox alone, late or never, and the console
 * says which one is waited for.
 */
#include "unit.h"

#include <baton/cpus.h>
#include <baton/mailbox.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "area/x86_64/install.h"

#define rdtsc real_rdtsc
#define cpu_relax real_cpu_relax
#define apic_send real_apic_send
#include <baton/x86_64/cpu.h>
#undef rdtsc
#undef cpu_relax
#undef apic_send

#define TSC_PER_US 2000u
#define RELAX_US 100u
#define S 1000000ull
#define CPUS 4
#define NEVER UINT64_MAX

static uint64_t rdtsc(void);
static void cpu_relax(void);
static void apic_send(const struct apic *apic, uint32_t apic_id, uint32_t command);

#include "stage/x86_64/collect.c"
#include "stage/x86_64/wake.c"
#include "stage/x86_64/account.c"

/* The way of each CPU, in microseconds of the clock. */
static struct {
	uint64_t acknowledges; /* after it was asked */
	uint64_t arrives;      /* after that; or, of one that is not asked, at this time */
	uint64_t asked;	       /* NEVER: it was not */
	uint64_t coming;       /* when it acknowledged */
} ways[CPUS];

static uint64_t now;
static struct baton_area *area;
static struct collection work;
static char lines[8192];
static unsigned inits, disabled;
static bool firmware_deaf, fallen_back;

static uint64_t rdtsc(void)
{
	return now * TSC_PER_US;
}

static void apic_send(const struct apic *apic, uint32_t apic_id, uint32_t command)
{
	(void)apic;
	(void)apic_id;
	inits += command != (ICR_FIXED | VECTOR_WAKE);
}

struct apic machine_apic(uint64_t map_end)
{
	(void)map_end;
	return (struct apic){.x2apic = true, .usable = true};
}

void startup_collect(const struct collection *c)
{
	(void)c;
	fail();
}

void say(const char *text, ...)
{
	size_t length = strlen(lines);
	va_list arguments;

	va_start(arguments, text);
	length += vsnprintf(lines + length, sizeof(lines) - length - 1, text, arguments);
	va_end(arguments);
	strcpy(lines + length, "\n");
}

static unsigned said(const char *text)
{
	unsigned n = 0;

	for (const char *at = lines; (at = strstr(at, text)); at++)
		n++;
	return n;
}

static void arrive(uint32_t i)
{
	struct baton_cpu_record *cpu = &collect_table(area)->cpu[i];

	if (!is_held(cpu) && now >= ways[i].arrives)
		set_state(cpu, BATON_CPU_HELD);
}

/* Each that is held looks at the area's mailbox. */
static void look(uint32_t i)
{
	volatile struct baton_mailbox *mailbox = mailbox_of(area);
	struct baton_cpu_record *cpu = &collect_table(area)->cpu[i];

	if (is_held(cpu) && mailbox->command == BATON_COMMAND_TEST &&
	    mailbox->apic_id == cpu->apic_id)
		mailbox->command = BATON_COMMAND_NOOP;
}

static void cpu_relax(void)
{
	now += RELAX_US;
	for (uint32_t i = 1; i < CPUS; i++) {
		if (ways[i].coming == NEVER && ways[i].asked != NEVER &&
		    now - ways[i].asked >= ways[i].acknowledges) {
			ways[i].coming = now;
			ways[i].arrives = ways[i].arrives == NEVER ? NEVER : now + ways[i].arrives;
		}
		if (ways[i].coming != NEVER)
			arrive(i);
		look(i);
	}
}

/* libbaton, of which only the wait for an acknowledgement counts here. */

int baton_find_acpi(struct baton_machine *m, uint64_t rsdp)
{
	(void)rsdp;
	if (firmware_deaf)
		return BATON_E_WAKEUP;
	for (uint32_t i = 0; i < CPUS; i++)
		m->cpu[i] = (struct baton_cpu){.id = i};
	m->ncpus = CPUS;
	return 0;
}

int baton_prepare(struct baton_machine *m, const struct baton_start *start)
{
	(void)m;
	assert_int_equal(start->vector, (uint64_t)area + BATON_AREA_RESIDENT);
	return 0;
}

uint32_t baton_state(const struct baton_cpu *cpu)
{
	return cpu->state;
}

int baton_boot(struct baton_machine *m, struct baton_cpu *cpu)
{
	const struct baton_waiting waited = {cpu, 0};

	ways[cpu->id].asked = now;
	cpu->state = BATON_WAKING;
	while (ways[cpu->id].coming == NEVER) {
		cpu_relax();
		if (ways[cpu->id].coming == NEVER && !m->waiting(m, &waited))
			return BATON_E_STOPPED;
	}
	cpu->state = BATON_COMING;
	return 0;
}

const char *baton_error_text(int error)
{
	assert_int_equal(error, firmware_deaf ? BATON_E_WAKEUP : BATON_E_STOPPED);
	return "stopped";
}

/* The published tables. */

size_t tables_disable_cpu(uint32_t apic_id)
{
	disabled |= 1u << apic_id;
	return 1;
}

void tables_fall_back(void)
{
	fallen_back = true;
}

void say_detail(const char *text, ...)
{
	(void)text;
}

static int start(void **state)
{
	static struct acpi_cpu listed[CPUS];
	static uint8_t image[BATON_RESIDENT_MAX];
	struct area_plan plan = {
		.cpus = listed,
		.ncpus = CPUS,
		.map_end = 1ull << 32,
		.wait = BATON_WAIT_HLT,
		.tsc_per_us = TSC_PER_US,
	};

	(void)state;
	for (uint32_t i = 0; i < CPUS; i++) {
		listed[i] = (struct acpi_cpu){.apic_id = i, .uid = i, .flags = 1};
		ways[i].acknowledges = ways[i].arrives = 1000;
		ways[i].asked = ways[i].coming = NEVER;
	}
	area = aligned_alloc(4096, install_size(&plan));
	install_area(area, (uint64_t)area, &plan, image);
	work = (struct collection){
		.area = area,
		.mailbox = true,
		.tdx = true,
		.spare = NO_CPU,
		.tsc_per_us = TSC_PER_US,
	};
	now = 0;
	inits = disabled = 0;
	firmware_deaf = fallen_back = false;
	lines[0] = 0;
	return 0;
}

static int end(void **state)
{
	(void)state;
	free(area);
	return 0;
}

static uint32_t origin(uint32_t i)
{
	return origin_of(&collect_table(area)->cpu[i]);
}

static void all_come(void **state)
{
	(void)state;
	assert_int_equal(collect(&work), 3);
	for (uint32_t i = 1; i < CPUS; i++)
		assert_int_equal(origin(i), BATON_ORIGIN_MAILBOX);
	assert_string_equal(lines, "");
	assert_in_range(now, 1, S);
	assert_int_equal(inits, 0);
}

/* Stalled longer and longer: nobody is lost, and the console names who is waited for. */
static void late(void **state)
{
	(void)state;
	for (uint32_t i = 1; i < CPUS; i++) {
		ways[i].acknowledges = 10 * i * S;
		ways[i].arrives = 59 * S;
	}
	assert_int_equal(collect(&work), 3);
	for (uint32_t i = 1; i < CPUS; i++)
		assert_int_equal(origin(i), BATON_ORIGIN_MAILBOX);
	assert_in_range(said("waiting for the CPU with APIC ID 1: 5 s"), 1, 2);
	assert_in_range(said("waiting for the CPU with APIC ID 3: 25 s"), 1, 2);
	assert_int_equal(inits, 0);
}

/* One leaves the firmware's loop and never arrives: the others come. */
static void lost(void **state)
{
	(void)state;
	ways[2].arrives = NEVER;
	assert_int_equal(collect(&work), 2);
	assert_int_equal(origin(2), BATON_ORIGIN_NOWHERE);
	assert_int_equal(collect_state(&collect_table(area)->cpu[2]), BATON_CPU_MISSING);
	assert_in_range(now, 60 * S, 61 * S);
	assert_int_equal(said("waiting for the CPU with APIC ID 2"), 12);
	assert_int_equal(said("waiting"), 12);
	assert_true(work.live);
	assert_int_equal(inits, 0);
	/* It comes after all: it is held, and counts as missing. */
	ways[2].arrives = now;
	cpu_relax();
	assert_int_equal(collect_state(&collect_table(area)->cpu[2]), BATON_CPU_HELD);
}

/* It arrives when it has just been given up, while the others answer TEST. */
static void just_too_late(void **state)
{
	(void)state;
	ways[2].arrives = 60 * S + 1200;
	assert_int_equal(collect(&work), 3);
	assert_int_equal(origin(2), BATON_ORIGIN_MAILBOX);
	assert_in_range(now, 60 * S, 61 * S);
}

/* One does not take its request: the mailbox is of no use for those behind it. */
static void deaf(void **state)
{
	(void)state;
	ways[2].acknowledges = 61 * S;
	assert_int_equal(collect(&work), 1);
	assert_int_equal(origin(1), BATON_ORIGIN_MAILBOX);
	assert_int_equal(origin(2), BATON_ORIGIN_NOWHERE);
	assert_int_equal(origin(3), BATON_ORIGIN_NOWHERE);
	assert_int_equal(ways[3].asked, NEVER);
	assert_int_equal(said("the mailbox does not give the CPU with APIC ID 2: stopped"), 1);
	assert_true(work.live);
}

/*
 * Nobody comes.  The firmware's mailbox has a request, or its CPUs have left it: no kernel may use
 * it.  If nobody was asked, it may.
 */
static void nobody(void **state)
{
	(void)state;
	for (uint32_t i = 1; i < CPUS; i++)
		ways[i].arrives = NEVER;
	account(&work, collect(&work), rdtsc());
	assert_int_equal(disabled, 0xe);
	assert_int_equal(said("did not arrive: it is left out"), 3);
	assert_false(fallen_back);
	end(state);
	start(state);
	firmware_deaf = true;
	account(&work, collect(&work), rdtsc());
	assert_int_equal(disabled, 0xe);
	assert_true(fallen_back);
}

/* On its way in by the area's own reset vector, when a stage adopts the area. */
static void late_in_area(void **state)
{
	(void)state;
	work.mailbox = false;
	work.adopted = true;
	for (uint32_t i = 1; i < CPUS; i++) {
		set_state(&collect_table(area)->cpu[i], BATON_CPU_RELEASED);
		ways[i].coming = 0;
		ways[i].arrives = 10 * i * S;
	}
	ways[3].arrives = NEVER;
	assert_int_equal(collect(&work), 2);
	assert_int_equal(origin(1), BATON_ORIGIN_AREA);
	assert_int_equal(origin(2), BATON_ORIGIN_AREA);
	assert_int_equal(origin(3), BATON_ORIGIN_NOWHERE);
	assert_int_equal(said("waiting for the CPU with APIC ID 1: 5 s"), 1);
	assert_int_equal(said("waiting for the CPU with APIC ID 3"), 12);
	assert_false(work.live);
	assert_int_equal(inits, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(all_come), TEST(late),   TEST(lost),	  TEST(just_too_late),
		TEST(deaf),	TEST(nobody), TEST(late_in_area),
	};

	return cmocka_run_group_tests_name("collect", tests, NULL, NULL);
}
