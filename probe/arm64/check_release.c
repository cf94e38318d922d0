/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* The release word of a spin-table that one can return to: what it takes, and what not. */
#include "probe/options.h"
#include "probe/tap.h"
#include "probe/time.h"
#include "checks.h"

#define SPEC CONTRACT_SPEC "8"
#define QUIET_US 50000
#define RACES 200

typedef unsigned long long ull;

/* Put @entry into the release word of @cpu, which is held: it must become 0, and all be as before.
 */
static void must_be_refused(struct cpu *cpu, const char *what, uint64_t entry)
{
	uint64_t start = time_us();

	cpus_release_write(cpu, entry);
	while (cpus_release_read(cpu) && time_us() - start < options.patience * 1000000ull)
		__asm__ volatile("yield");
	if (cpus_release_read(cpu))
		tap_fault("%s: an entry that is %s: its word is still 0x%llx after %u s", cpu->name,
			  what, (ull)cpus_release_read(cpu), options.patience);
	time_delay_us(QUIET_US);
	if (!cpus_is_held(cpu))
		tap_bail_out("%s: an entry that is %s: it is not held any more", cpu->name, what);
	if (cpus_dead_end_count())
		tap_bail_out("%s: an entry that is %s: it has come there", cpu->name, what);
}

static void check_refusals(void)
{
	static const struct check check = {
		"release-refused",
		"an entry where no CPU can go is refused: the word becomes 0, the CPU stays held",
		SPEC};

	tap_begin(&check);
	for (uint32_t i = 1; i < cpus_count; i++) {
		must_be_refused(&cpus[i], "not aligned", cpus_dead_end() + 2);
		must_be_refused(&cpus[i], "in the area", tree.area);
		must_be_refused(&cpus[i], "at the end of the area", tree.area + tree.area_size - 4);
	}
	tap_end();
}

/* Each that is up releases one that is held, all at once. */

static uint32_t ready, start;

static void release_partner(struct cpu *cpu)
{
	__atomic_add_fetch(&ready, 1, __ATOMIC_ACQ_REL);
	while (!__atomic_load_n(&start, __ATOMIC_ACQUIRE))
		__asm__ volatile("yield");
	cpus_wake_begin(&cpus[cpu->own->argument]);
}

static void check_race(void)
{
	static const struct check check = {
		"release-race", "CPUs that are released at once, each by another, all come", SPEC};
	uint32_t half = cpus_count / 2, rounds = options.rounds < RACES ? options.rounds : RACES;

	tap_begin(&check);
	if (cpus_count < 4) {
		tap_skip("it takes four CPUs");
		return;
	}
	for (uint32_t i = 1; i < half; i++)
		cpus_wake(&cpus[i]);
	for (uint32_t round = 0; round < rounds && tap_good(); round++) {
		ready = start = 0;
		for (uint32_t i = 0; i < half; i++) {
			cpus[i].own->argument = half + (i + round) % half;
			if (i)
				cpus_do_begin(&cpus[i], release_partner);
		}
		while (__atomic_load_n(&ready, __ATOMIC_ACQUIRE) != half - 1)
			__asm__ volatile("yield");
		__atomic_store_n(&start, 1, __ATOMIC_RELEASE);
		release_partner(&cpus[0]);
		for (uint32_t i = 1; i < half; i++)
			cpus_do_end(&cpus[i]);
		for (uint32_t i = half; i < 2 * half; i++)
			cpus_wake_end(&cpus[i]);
		for (uint32_t i = half; i < 2 * half; i++)
			cpus_return(&cpus[i]);
	}
	for (uint32_t i = 1; i < half; i++)
		cpus_return(&cpus[i]);
	tap_end();
}

/* Events, and a 0 in the word, are no release. */
static void check_nothing(void)
{
	static const struct check check = {
		"release-nothing", "a release word of 0 releases nobody, whatever event there is",
		SPEC};

	tap_begin(&check);
	for (uint32_t i = 1; i < cpus_count; i++)
		cpus_release_write(&cpus[i], 0);
	time_delay_us(QUIET_US);
	for (uint32_t i = 1; i < cpus_count; i++)
		if (!cpus_is_held(&cpus[i]))
			tap_fault("%s is not held any more", cpus[i].name);
	tap_end();
}

void check_release(void)
{
	if (cpus_way != WAY_SPIN_TABLE_RETURN)
		return;
	check_nothing();
	check_refusals();
	check_race();
}
