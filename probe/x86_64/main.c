/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "probe/main.h"
#include "probe/console.h"
#include "probe/memory.h"
#include "probe/options.h"
#include "boot.h"
#include "checks.h"
#include "cpus.h"
#include "paging.h"
#include "screen.h"
#include "traps.h"
#include "x86.h"

void main_start(const void *tree)
{
	/* Until cpus_find() has room for all. */
	static struct cpus_own early_own;
	static struct cpu early = {.own = &early_own};
	const char *unknown_option = options_parse(boot_info.options);
	uint64_t end = screen_end(), map_end;

	(void)tree;
	boot_keep_memory();
	map_end = paging_start(end > memory_top() ? end : memory_top());
	memory_set(map_end, UINT64_MAX & ~(uint64_t)(PAGE_SIZE - 1), MEMORY_NONE);
	traps_start(cpus_nmi);
	traps_load(&early_own.traps, &early);
	console_open();
	screen_start(map_end);
	main_run(
		&(struct main_report){
			.way = boot_info.way,
			.options = boot_info.options,
			.unknown = unknown_option,
			.paging = read_cr4() & CR4_LA57 ? "5-level paging" : "4-level paging",
			.trouble = boot_info.kernel_trouble,
			.image = boot_image_base(),
		},
		linux_check, linux_start);
}
