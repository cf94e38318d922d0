/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The probe: a kernel that asks whatever holds its CPUs for them, a firmware or a resident,
 * checks whether it gets them as the specifications and docs/contract.md or
 * docs/contract-arm64.md promise, and prints TAP.
 */
#include "main.h"
#include "checks.h"
#include "console.h"
#include "end.h"
#include "memory.h"
#include "options.h"

#define MIB (1ull << 20)

static void introduce(const struct main_report *report)
{
	uint64_t usable = 0;

	print("TAP version 13\n");
	tap_remark("baton probe, started by %s", report->way);
	if (report->options[0])
		tap_remark("options: %s", report->options);
	if (report->unknown)
		tap_remark("not understood, and ignored: %s", report->unknown);
	for (size_t i = 0; memory_range(i); i++)
		if (memory_range(i)->type == MEMORY_USABLE || memory_range(i)->type == MEMORY_FREED)
			usable += memory_range(i)->end - memory_range(i)->start;
	tap_remark("%u MiB of memory; the image is at 0x%llx%s%s", (unsigned)(usable / MIB),
		   (unsigned long long)(uintptr_t)report->image, report->paging ? "; " : "",
		   report->paging ? report->paging : "");
	if (memory_overflowed())
		tap_remark("the memory map is too long: part of it is left out");
	if (report->trouble)
		tap_remark("%s", report->trouble);
}

static void run_checks(void)
{
	if (!checks_find() || checks_bench())
		return;
	check_batn_table();
	check_wake_before_fill();
	tap_remark("%u MiB are filled with a pattern", (unsigned)(memory_fill(options.fill) / MIB));
	check_wake_first();
	checks_state();
	checks_return();
	check_wake_orders();
	check_wake_one_by_one();
	check_batn_counts();
	checks_commands();
	check_wake_rounds();
	check_wake_times();
	check_held();
	checks_last();
}

void main_run(const struct main_report *report, void (*last_check)(void), void (*next)(void))
{
	introduce(report);
	run_checks();
	if (last_check)
		last_check();
	tap_finish();
	if (next)
		next();
	end_probe();
}
