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

static void introduce(const char *unknown_option)
{
	uint64_t usable = 0;

	print("TAP version 13\n");
	tap_remark("baton probe, started by %s", boot_info.way);
	if (boot_info.options[0])
		tap_remark("options: %s", boot_info.options);
	if (unknown_option)
		tap_remark("not understood, and ignored: %s", unknown_option);
	for (size_t i = 0; memory_range(i); i++)
		if (memory_range(i)->type == MEMORY_USABLE)
			usable += memory_range(i)->end - memory_range(i)->start;
	tap_remark("%u MiB of memory; the image is at 0x%llx; %s-level paging",
		   (unsigned)(usable / MIB), (unsigned long long)(uintptr_t)boot_image_base(),
		   read_cr4() & CR4_LA57 ? "5" : "4");
	if (memory_overflowed())
		tap_remark("the memory map is too long: part of it is left out");
	if (boot_info.kernel_trouble)
		tap_remark("%s", boot_info.kernel_trouble);
}

/* No CPU can be asked for: say it, once. */
static bool find_cpus(void)
{
	static const struct check check = {"cpus", "libbaton finds the CPUs, and how they come",
					   MAILBOX_SPEC "; ACPI 6.6, 5.2.12"};
	int error;

	tap_begin(&check);
	error = cpus_find();
	if (error)
		tap_fault("%s", baton_error_text(error));
	else if (cpus_machine->method == BATON_MAILBOX_V1)
		cpus_exit_build();
	tap_end();
	if (!error)
		tap_remark("%u CPUs, by %s; this one has APIC ID 0x%x", cpus_count,
			   baton_method_name(cpus_machine->method), cpus[0].apic_id);
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
	tap_remark("%u MiB are filled with a pattern", (unsigned)(memory_fill(options.fill) / MIB));
	check_wake_first();
	check_state();
	check_wake_return();
	check_wake_vectors();
	check_wake_orders();
	check_wake_one_by_one();
	check_batn_counts();
	check_commands();
	check_stop_broadcast();
	check_stop_all();
	check_stop_crash();
	check_wake_rounds();
	check_wake_times();
	check_held();
	linux_check_handover();
}

void probe_main(void)
{
	static struct cpu early; /* until cpus_find() has room for all */
	const char *unknown_option = options_parse(boot_info.options);
	uint64_t end = screen_end(), map_end;

	boot_keep_memory();
	map_end = paging_start(end > memory_top() ? end : memory_top());
	memory_set(map_end, UINT64_MAX & ~(uint64_t)(PAGE_SIZE - 1), MEMORY_NONE);
	traps_start();
	early.self = &early;
	traps_load(&early);
	console_open();
	screen_start(map_end);
	introduce(unknown_option);
	run_checks();
	linux_check();
	tap_finish();
	linux_start();
	end_probe();
}
