/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The probe: a kernel that asks a firmware or a resident for its CPUs, checks
 * whether it gets them as ACPI and docs/contract.md promise, and prints TAP.
 */
#include <baton/string.h>
#include "probe/console.h"
#include "probe/end.h"
#include "probe/memory.h"
#include "probe/options.h"
#include "probe/tap.h"
#include "probe/time.h"
#include "bench.h"
#include "boot.h"
#include "checks.h"
#include "cpus.h"
#include "paging.h"
#include "screen.h"
#include "tables.h"
#include "traps.h"
#include "x86.h"

#define MIB (1ull << 20)

struct boot boot;

/* What lies in the memory of the map but is the probe's: image, kernel, initrd. */
static void keep_own_memory(void)
{
	memory_set((uintptr_t)entry_32 - PAGE_SIZE, (uintptr_t)image_end, MEMORY_PROBE);
	memory_set(0, PAGE_SIZE, MEMORY_RESERVED); /* null pointers; a BIOS's vectors */
	if (boot.kernel)
		memory_set(boot.kernel & ~(uint64_t)(PAGE_SIZE - 1),
			   (boot.kernel + boot.kernel_size + PAGE_SIZE - 1) &
				   ~(uint64_t)(PAGE_SIZE - 1),
			   MEMORY_PROBE);
	if (boot.initrd)
		memory_set(boot.initrd,
			   (boot.initrd + boot.initrd_size + PAGE_SIZE - 1) &
				   ~(uint64_t)(PAGE_SIZE - 1),
			   MEMORY_PROBE);
}

static void introduce(const char *unknown_option)
{
	uint64_t usable = 0;

	print("TAP version 13\n");
	remark("baton probe, started by %s", boot.way);
	if (boot.options[0])
		remark("options: %s", boot.options);
	if (unknown_option)
		remark("not understood, and ignored: %s", unknown_option);
	for (size_t i = 0; memory_range(i); i++)
		if (memory_range(i)->type == MEMORY_USABLE)
			usable += memory_range(i)->end - memory_range(i)->start;
	remark("%u MiB of memory; the image is at 0x%llx; %s-level paging",
	       (unsigned)(usable / MIB), (unsigned long long)(uintptr_t)image_base(),
	       read_cr4() & CR4_LA57 ? "5" : "4");
	if (memory_overflowed())
		remark("the memory map is too long: part of it is left out");
	if (boot.kernel_trouble)
		remark("%s", boot.kernel_trouble);
}

/* No CPU can be asked for: say it, once. */
static bool find_cpus(void)
{
	static const struct check check = {"cpus", "libbaton finds the CPUs, and how they come",
					   MAILBOX_SPEC "; ACPI 6.6, 5.2.12"};
	int error;

	check_begin(&check);
	error = cpus_find();
	if (error)
		check_fault("%s", baton_error_text(error));
	else if (machine->method == BATON_MAILBOX_V1)
		cpus_exit_build();
	check_end();
	if (!error)
		remark("%u CPUs, by %s; this one has APIC ID 0x%x", ncpus,
		       baton_method_name(machine->method), cpus[0].apic_id);
	return !error;
}

static void run_checks(void)
{
	tables_check();
	time_start();
	if (!find_cpus())
		return;
	if (options.mode[0] == 'b') {
		bench();
		return;
	}
	check_batn_table();
	remark("%u MiB are filled with a pattern", (unsigned)(memory_fill(options.fill) / MIB));
	check_first_wake();
	check_state();
	check_return();
	check_vectors();
	check_orders();
	check_one_by_one();
	check_batn_counts();
	check_commands();
	check_broadcast();
	check_stop_all();
	check_crash();
	check_rounds();
	check_times();
	check_held();
	check_handover();
}

void probe_main(void)
{
	static struct cpu early; /* until cpus_find() has room for all */
	const char *unknown_option = options_parse(boot.options);
	uint64_t end = screen_end(), map_end;

	keep_own_memory();
	map_end = paging_start(end > memory_end() ? end : memory_end());
	memory_set(map_end, UINT64_MAX & ~(uint64_t)(PAGE_SIZE - 1), MEMORY_NONE);
	traps_start();
	early.self = &early;
	traps_load(&early);
	console_start();
	screen_start(map_end);
	introduce(unknown_option);
	run_checks();
	check_linux();
	tap_finish();
	start_linux();
	end_probe();
}
