/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The probe for arm64: a kernel that asks whoever has its CPUs for them, by PSCI or by
 * a spin-table, checks whether it gets them as the specifications and
 * docs/contract-arm64.md promise, and prints TAP.
 */
#include "probe/console.h"
#include "probe/end.h"
#include "probe/memory.h"
#include "probe/options.h"
#include "probe/tap.h"
#include "probe/time.h"
#include "checks.h"
#include "mmu.h"
#include "traps.h"

#define MIB (1ull << 20)

/* Called from head.S. */
_Noreturn void probe_main(const void *fdt);

static uint64_t page_of(uint64_t address)
{
	return address & -(uint64_t)PAGE_SIZE;
}

/* What lies in the memory of the tree but is the probe's: image, device tree, initrd. */
static void keep_own_memory(const void *fdt)
{
	uint64_t tree_at = (uintptr_t)fdt;

	memory_set(0, PAGE_SIZE, MEMORY_RESERVED); /* null pointers */
	memory_set(page_of((uintptr_t)probe_start), page_of((uintptr_t)image_end + PAGE_SIZE - 1),
		   MEMORY_PROBE);
	memory_set(page_of(tree_at), page_of(tree_at + tree.size + PAGE_SIZE - 1), MEMORY_PROBE);
	if (tree.initrd)
		memory_set(page_of(tree.initrd), page_of(tree.initrd_end + PAGE_SIZE - 1),
			   MEMORY_PROBE);
}

static void introduce(const char *unknown_option)
{
	uint64_t usable = 0;

	print("TAP version 13\n");
	tap_remark("baton probe, started by the arm64 boot protocol at EL%u",
		   (unsigned)(read_register(CurrentEL) >> 2));
	if (tree.options[0])
		tap_remark("options: %s", tree.options);
	if (unknown_option)
		tap_remark("not understood, and ignored: %s", unknown_option);
	for (size_t i = 0; memory_range(i); i++)
		if (memory_range(i)->type == MEMORY_USABLE)
			usable += memory_range(i)->end - memory_range(i)->start;
	tap_remark("%u MiB of memory; the image is at 0x%llx", (unsigned)(usable / MIB),
		   (unsigned long long)(uintptr_t)probe_start);
}

static const char *way_name(enum way by)
{
	return by == WAY_PSCI		     ? "PSCI"
	       : by == WAY_SPIN_TABLE_RETURN ? "spin-table with a way back"
					     : "spin-table";
}

static void run_checks(const void *fdt)
{
	enum way by = check_tree();

	if (by == WAY_NONE)
		return;
	cpus_start(by);
	check_batn_table();
	tap_remark("%u CPUs, by %s; this one is 0x%llx", cpus_count, way_name(by),
		   (unsigned long long)cpus[0].mpidr);
	tap_remark("%u MiB are filled with a pattern", (unsigned)(memory_fill(options.fill) / MIB));
	check_wake_first();
	check_state();
	check_wake_return();
	check_state_again();
	check_wake_orders();
	check_wake_one_by_one();
	check_batn_counts();
	check_psci();
	check_release();
	check_libbaton(fdt);
	check_wake_boot_cpu();
	check_wake_rounds();
	check_wake_times();
	check_held();
	check_held_area();
}

void probe_main(const void *fdt)
{
	static struct cpu early; /* until cpus_start() has room for all */
	const char *unknown_option;

	traps_load(&early);
	time_start();
	tree_read(fdt);
	unknown_option = options_parse(tree.options);
	console_open();
	keep_own_memory(fdt);
	if (!mmu_start())
		tap_bail_out("the memory map has too many pieces");
	introduce(unknown_option);
	run_checks(fdt);
	tap_finish();
	end_probe();
}
