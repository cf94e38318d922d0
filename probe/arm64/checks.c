/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* What arm64 adds to the common checks: see probe/checks.h. */
#include "checks.h"
#include <baton/arm64/area.h>
#include "probe/memory.h"
#include "probe/time.h"
#include "traps.h"

#define QUIET_US 100000
#define EVENTS 100
#define GARBAGE                                                                                    \
	0xfffdfffbfff7ffef /* no address, no table, and nothing that a register should have */
#define HCR_TGE (1ull << 27)
#define HCR_E2H (1ull << 34)

typedef unsigned long long ull;

#define WAKE_SPEC PSCI_SPEC "5.6; " BOOT_SPEC
#define RETURN_SPEC PSCI_SPEC "5.5, 5.7; " CONTRACT_SPEC "2, 4, 8"

const char checks_wake_spec[] = WAKE_SPEC;
const char checks_return_spec[] = RETURN_SPEC;
const char checks_rounds_spec[] = WAKE_SPEC "; " RETURN_SPEC;
const char checks_batn_spec[] = CONTRACT_SPEC "6; contract, 9";
const char checks_area_spec[] = CONTRACT_SPEC "1, 6, 8";
const char checks_held_spec[] = CONTRACT_SPEC "2; contract, 6";
const char checks_first_what[] = "every CPU comes to its own entry, in the tree's order";
const char checks_area_what[] = "the area is where table and tree say, and reserved";
const char checks_return_time_what[] = "every CPU was held within a second of its return";

const uint32_t checks_batn_alignment = PAGE_SIZE;
const uint32_t checks_tests_per_return = 0;

static const char *way_name(enum way by)
{
	return by == WAY_PSCI		     ? "PSCI"
	       : by == WAY_SPIN_TABLE_RETURN ? "spin-table with a way back"
					     : "spin-table";
}

bool checks_find(void)
{
	enum way by = check_tree();

	if (by == WAY_NONE)
		return false;
	cpus_start(by);
	tap_remark("%u CPUs, by %s; this one is 0x%llx", cpus_count, way_name(by), (ull)cpus[0].id);
	return true;
}

bool checks_bench(void)
{
	return false;
}

/* The BATN table and the area. */

const char *checks_find_batn(const volatile struct baton_table **table, uint64_t *room)
{
	if (!tree.area)
		return "there is none: this is not baton's resident";
	*table = (const volatile struct baton_table *)tree.table;
	*room = tree.area + tree.area_size - tree.table;
	return NULL;
}

void checks_area(void)
{
	if (check_batn->area != tree.area || check_batn->area_size != tree.area_size)
		tap_fault("area 0x%llx, 0x%x bytes in the table; 0x%llx, 0x%llx in the tree",
			  (ull)check_batn->area, check_batn->area_size, (ull)tree.area,
			  (ull)tree.area_size);
	if (tree.area % PAGE_SIZE || tree.area_size % PAGE_SIZE ||
	    !tree_reserves(tree.area, tree.area + tree.area_size, true))
		tap_fault("the area is not in pages of its own that are no-map");
	if (memory_type(tree.area, tree.area + tree.area_size) != MEMORY_RESERVED)
		tap_fault("the area is %s",
			  memory_type_name(memory_type(tree.area, tree.area + tree.area_size)));
}

/* They come without page tables of their holder's. */
void checks_before_fill(void)
{
}

uint32_t checks_first_batch(void)
{
	return cpus_count;
}

static bool has_vhe(void)
{
	return id_field(id_aa64mmfr1_el1, 8);
}

/*
 * Leave nothing behind that could be of use: the CPU's timers run, its caches are
 * dirty, and garbage is in its registers.
 */
static void leave_in_disorder(struct cpu *cpu)
{
	write_register(cntp_cval_el0, 0);
	write_register(cntv_cval_el0, 0);
	write_register(cntp_ctl_el0, 1);
	write_register(cntv_ctl_el0, 1);
	cpu->own->garbage = GARBAGE | cpu->number;
	if (at_el2() && has_vhe())
		cpu->own->hcr = HCR_E2H | HCR_TGE | HCR_WANTED;
	/* In this CPU's cache, and not cleaned: the resident must not drop it. */
	for (uint64_t i = 0; i < CPUS_STACK_SIZE / 2 / sizeof(uint64_t); i++)
		((volatile uint64_t *)cpu->stack)[i] = GARBAGE ^ i;
	cpus_go(cpu);
}

static void look_at_what_was_left(struct cpu *cpu)
{
	for (uint64_t i = 0; i < CPUS_STACK_SIZE / 2 / sizeof(uint64_t); i++) {
		uint64_t found = ((volatile uint64_t *)cpu->stack)[i];

		if (found == (GARBAGE ^ i))
			continue;
		tap_fault("%s: what it has written before it left is 0x%llx", cpu->name,
			  (ull)found);
		return;
	}
}

static void check_return(void)
{
	static const struct check check = {
		"return", "every CPU goes back, in whatever state, and is said to be there",
		checks_return_spec};
	const char *skip = cpus_no_way_back();

	tap_begin(&check);
	if (skip) {
		tap_skip(skip);
		return;
	}
	if (at_el2() && has_vhe())
		tap_remark("they return with HCR_EL2.E2H and TGE set");
	for (uint32_t i = 1; i < cpus_count; i++) {
		cpus[i].own->since_us = time_us();
		cpus_do_begin(&cpus[i], leave_in_disorder);
	}
	for (uint32_t i = 1; i < cpus_count; i++) {
		cpus_return_end(&cpus[i]);
		look_at_what_was_left(&cpus[i]);
	}
	tap_end();
}

void checks_return(void)
{
	check_return();
	check_state_again();
}

/* On another CPU: the boot CPU goes, is held, and is sent for again. */
static void bring_boot_cpu_back(struct cpu *cpu)
{
	(void)cpu;
	cpus_return_end(&cpus[0]);
	cpus_wake_begin(&cpus[0]);
}

static void check_boot_cpu(void)
{
	static const struct check check = {
		"boot-cpu", "the CPU that has booted goes too, and comes back", checks_return_spec};
	static struct context context;
	const char *skip = cpus_no_way_back();

	tap_begin(&check);
	if (!skip && cpus_way == WAY_SPIN_TABLE_RETURN && !cpus[0].own->node->return_address)
		skip = "it has no way back";
	if (skip) {
		tap_skip(skip);
		return;
	}
	for (uint32_t i = 1; i < cpus_count; i++) {
		cpus_wake(&cpus[i]);
		cpus[0].own->since_us = time_us();
		cpus[0].own->resume = &context;
		cpus_do_begin(&cpus[i], bring_boot_cpu_back);
		if (!head_context_save(&context))
			cpus_go(&cpus[0]);
		cpus[0].own->resume = NULL;
		cpus_do_end(&cpus[i]);
		cpus_wake_end(&cpus[0]);
		cpus_return(&cpus[i]);
	}
	tap_end();
}

void checks_commands(void)
{
	check_psci();
	check_release();
	check_libbaton();
	check_boot_cpu();
}

/* Held CPUs. */

const char *checks_nothing_held(void)
{
	return cpus_no_way_back();
}

/* Held CPUs sleep until there is an event: have them look, again and again. */
void checks_disturb(const char *why)
{
	(void)why;
	for (int i = 0; i < EVENTS; i++) {
		__asm__ volatile("sev");
		time_delay_us(QUIET_US / EVENTS);
	}
}

/* Pages of the area that a kernel has no business in: the header, the code, the CPUs' slots. */
static const uint64_t private[] = {0, BATON_AREA_RESIDENT, BATON_AREA_TABLES, BATON_AREA_STAGE2,
				   BATON_AREA_SLOTS};

static void must_abort(const char *what, uint64_t address, bool aborted, uint64_t esr)
{
	if (!aborted)
		tap_fault("%s 0x%llx: nothing happens", what, (ull)address);
	else if (ESR_CLASS(esr) != ESR_DATA_ABORT || ESR_STATUS(esr) != ESR_EXTERNAL)
		tap_fault("%s 0x%llx: ESR is 0x%llx, which is no external abort", what,
			  (ull)address, (ull)esr);
}

static void check_area_protected(void)
{
	static const struct check check = {
		"area-protected", "the area is not in the kernel's memory, but for the BATN table",
		CONTRACT_SPEC "3"};
	bool aborted;
	uint64_t esr;

	tap_begin(&check);
	if (!check_batn || at_el2()) {
		tap_skip(check_batn ? "only at EL1 it can be protected" : "no BATN table");
		return;
	}
	if (!traps_on_load(tree.area, &esr) &&
	    !((const volatile struct baton_area *)tree.area)->registers.vttbr) {
		tap_skip("there is no stage-2 translation: the area is in the kernel's reach");
		return;
	}
	for (size_t i = 0; i < sizeof(private) / sizeof(private[0]); i++) {
		uint64_t address = tree.area + private[i];

		aborted = traps_on_load(address, &esr);
		must_abort("load from", address, aborted, esr);
		aborted = traps_on_store(address, &esr);
		must_abort("store to", address, aborted, esr);
	}
	if (traps_on_load(tree.table, &esr))
		tap_fault("the BATN table can't be read: ESR is 0x%llx", (ull)esr);
	aborted = traps_on_store(tree.table, &esr);
	must_abort("store to the BATN table,", tree.table, aborted, esr);
	tap_end();
}

/* The CPUs whose memory was overwritten still come and go. */
void checks_last(void)
{
	if (!checks_nothing_held()) {
		cpus_wake_all();
		cpus_return_all();
	}
	check_area_protected();
}
