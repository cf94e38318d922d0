/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* All CPUs at once: the broadcast, the stop before another kernel, and that in a crash. */
#include "probe/options.h"
#include "probe/tap.h"
#include "probe/time.h"
#include "checks.h"
#include "cpus.h"
#include "mailbox.h"
#include "tables.h"
#include "x86.h"

#define BROADCASTS_MAX 10
#define STOP_SPEC MAILBOX_SPEC "; contract, 5"
#define NMI_LIMIT_US 1000000

static const struct check broadcast = {"broadcast", "one command releases all CPUs", "contract, 3"};
static const struct check stop_all = {"stop-all", "all CPUs leave by NMI, and answer TEST",
				      STOP_SPEC};
static const struct check crash = {
	"crash", "after a crash on any CPU, that one can have all others", STOP_SPEC};

static const struct check unblocked = {
	"state-nmi", "NMIs are not blocked in a CPU that left from within one", "contract, 4"};

static void broadcast_once(void)
{
	int error = cpus_release_all();

	if (error == BATON_E_STOPPED)
		tap_bail_out("RELEASE_ALL has not been acknowledged for %u s", options.patience);
	if (error)
		tap_bail_out("RELEASE_ALL: %s", baton_error_text(error));
	if (cpus_machine->method != BATON_INIT_SIPI && baton_held(cpus_machine) != 0)
		tap_fault("%u CPUs are held when RELEASE_ALL is acknowledged",
			  (unsigned)baton_held(cpus_machine));
	for (uint32_t i = 1; i < cpus_count; i++)
		cpus_wake_end(&cpus[i]);
	cpus_return_all();
}

void check_stop_broadcast(void)
{
	const char *skip = cpus_no_repeats();
	uint32_t rounds = options.rounds < BROADCASTS_MAX ? options.rounds : BROADCASTS_MAX;

	if (!skip && cpus_machine->method != BATON_INIT_SIPI &&
	    (!check_batn || !(check_batn->flags & BATON_TABLE_BROADCAST)))
		skip = "it is not offered";
	tap_begin(&broadcast);
	if (skip) {
		tap_skip(skip);
		return;
	}
	for (uint32_t i = 0; i < rounds && tap_good(); i++)
		broadcast_once();
	tap_end();
}

/* CPUs that left from within an NMI come back with NMIs unblocked. */
static void check_unblocked(void)
{
	const struct apic apic = apic_find(UINT64_MAX);

	tap_begin(&unblocked);
	if (!check_batn) {
		tap_skip("only the contract asks for it: no BATN table");
		return;
	}
	cpus_wake_all();
	for (uint32_t i = 1; i < cpus_count; i++) {
		uint32_t before = cpus[i].own->nmis;
		uint64_t start = time_us();

		apic_send(&apic, cpus[i].id, ICR_NMI);
		while (__atomic_load_n(&cpus[i].own->nmis, __ATOMIC_ACQUIRE) == before &&
		       time_us() - start < NMI_LIMIT_US)
			cpu_relax();
		if (cpus[i].own->nmis == before)
			tap_fault("%s does not take an NMI", cpus[i].name);
	}
	cpus_return_all();
	tap_end();
}

void check_stop_all(void)
{
	const char *skip = cpus_no_repeats();
	int left;

	tap_begin(&stop_all);
	if (skip) {
		tap_skip(skip);
		tap_skipped(&unblocked, skip);
		return;
	}
	cpus_wake_all();
	left = baton_stop_all(cpus_machine, 0);
	if (left < 0)
		tap_bail_out("%s", baton_error_text(left));
	for (uint32_t i = 1; i < cpus_count; i++) {
		uint32_t state = baton_state(cpus[i].own->baton);

		if (state == BATON_LEAVING) {
			tap_fault("%s has not answered TEST in a second", cpus[i].name);
			cpus_return_end(&cpus[i]);
		} else if (state != BATON_OFFLINE) {
			tap_bail_out("%s has not taken the NMI", cpus[i].name);
		}
	}
	tap_end();
	check_unblocked();
}

/*
 * A crash on one CPU: it stops all others, and begins anew, as a crash kernel does
 * that it would start.  It has the boot CPU come back, which goes on where the NMI
 * has found it, and conducts again.
 */

static int unanswered;
static const char *trouble;

static const char *look_at_stopped(const struct cpu *self)
{
	for (uint32_t i = 0; i < cpus_count; i++) {
		const struct cpu *cpu = &cpus[i];

		if (cpu == self)
			continue;
		if (cpu->own->baton->crash != BATON_CRASH_ANSWERED)
			return "a CPU has not answered the NMI";
		if (!cpu->own->crash_registers.rip || !cpu->own->crash_registers.rsp)
			return "the registers of a CPU were not saved";
	}
	return NULL;
}

/* On the CPU that crashes. */
static void do_crash(struct cpu *self)
{
	for (uint32_t i = 0; i < cpus_count; i++)
		cpus[i].own->crash_registers.rip = 0;
	unanswered = baton_crash_stop(cpus_machine, 0);
	trouble = look_at_stopped(self);
	if (unanswered)
		return;
	cpus_start_anew();
	for (uint32_t i = 0; i < cpus_count && cpus_machine->method != BATON_INIT_SIPI; i++)
		if (&cpus[i] != self && !mailbox_test(cpus[i].id))
			tap_bail_out("%s has left in a crash, and does not answer TEST",
				     cpus[i].name);
	if (self->number)
		cpus_wake(&cpus[0]);
}

static void crash_on(struct cpu *cpu)
{
	cpus_wake_all();
	if (cpu->number)
		cpus_do(cpu, do_crash);
	else
		do_crash(cpu);
	if (unanswered)
		tap_bail_out("after a crash on %s, %u CPUs have not left", cpu->name,
			     (unsigned)unanswered);
	if (trouble)
		tap_fault("after a crash on %s: %s", cpu->name, trouble);
	if (cpu->number) {
		cpus_return(cpu);
	}
}

/* A boot CPU that can be returned is the contract's, not ACPI's. */
static uint32_t crashing_cpus(void)
{
	uint32_t n = check_batn ? cpus_count : 1;

	return n < options.crashes ? n : options.crashes;
}

void check_stop_crash(void)
{
	const char *skip = cpus_no_repeats();

	tap_begin(&crash);
	if (!skip && !options.crashes)
		skip = "crashes=0";
	if (skip) {
		tap_skip(skip);
		return;
	}
	if (!check_batn)
		tap_remark(
			"a crash on the boot CPU alone: only the contract promises that it can be "
			"returned");
	for (uint32_t i = 0; i < crashing_cpus() && tap_good(); i++)
		crash_on(&cpus[i]);
	tap_end();
}
