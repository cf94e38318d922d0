/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * Held CPUs: nothing of the kernel is left in them.  All they had of it is
 * overwritten, with all other memory that is not theirs.  And the other way round:
 * the area is not the kernel's.
 */
#include <baton/arm64/area.h>
#include <baton/string.h>
#include "probe/memory.h"
#include "probe/tap.h"
#include "probe/time.h"
#include "checks.h"
#include "traps.h"

#define LEFTOVER 0xa5
#define QUIET_US 100000
#define EVENTS 100

typedef unsigned long long ull;

static bool is_filled(const void *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (((const uint8_t *)bytes)[i] != LEFTOVER)
			return false;
	return true;
}

static void overwrite(struct cpu *cpu)
{
	memset(cpu->stack, LEFTOVER, sizeof(cpu->stack));
	memset(cpu->page, LEFTOVER, sizeof(*cpu->page));
	/* Now, and not when it pleases the cache: what is written there later is to be seen. */
	cache_clean(cpu->stack, sizeof(cpu->stack));
	cache_clean(cpu->page, sizeof(*cpu->page));
}

static void look_at_leftovers(struct cpu *cpu)
{
	cache_clean(cpu->stack, sizeof(cpu->stack));
	cache_clean(cpu->page, sizeof(*cpu->page));
	if (!is_filled(cpu->stack, sizeof(cpu->stack)))
		tap_fault("CPU 0x%llx: its stack has been written to", (ull)cpu->mpidr);
	if (!is_filled(cpu->page, sizeof(*cpu->page)))
		tap_fault("CPU 0x%llx: the page of its entry has been written to", (ull)cpu->mpidr);
	if (!cpus_is_held(cpu))
		tap_fault("CPU 0x%llx: it is said not to be held any more", (ull)cpu->mpidr);
}

/* Held CPUs sleep until there is an event: have them look, again and again. */
static void wake_them_up(void)
{
	for (int i = 0; i < EVENTS; i++) {
		__asm__ volatile("sev");
		time_delay_us(QUIET_US / EVENTS);
	}
}

void check_held(void)
{
	static const struct check check = {"held-memory",
					   "held CPUs touch nothing but their own memory",
					   CONTRACT_SPEC "2; contract, 6"};
	bool back = !cpus_no_way_back();

	tap_begin(&check);
	for (uint32_t i = 1; i < cpus_count && back; i++)
		overwrite(&cpus[i]);
	wake_them_up();
	for (uint32_t i = 1; i < cpus_count && back; i++) {
		look_at_leftovers(&cpus[i]);
		cpus_make_page(&cpus[i]);
	}
	memory_verify();
	if (cpus_dead_end_count())
		tap_fault("%llu CPUs have come to where none was sent", (ull)cpus_dead_end_count());
	tap_end();
	for (uint32_t i = 1; i < cpus_count && back; i++)
		cpus_wake(&cpus[i]);
	if (back)
		cpus_return_all();
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

void check_held_area(void)
{
	static const struct check check = {
		"area-protected", "the area is not in the kernel's memory, but for the BATN table",
		CONTRACT_SPEC "3"};
	bool aborted;
	uint64_t esr;

	tap_begin(&check);
	if (!check_batn || at_el2()) {
		tap_skip(check_batn ? "only at EL1 somebody can protect it" : "no BATN table");
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
