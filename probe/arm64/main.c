/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "probe/main.h"
#include "probe/console.h"
#include "probe/memory.h"
#include "probe/options.h"
#include "probe/tap.h"
#include "probe/time.h"
#include "cpus.h"
#include "mmu.h"

static uint64_t page_of(uint64_t address)
{
	return address & -(uint64_t)PAGE_SIZE;
}

/* What lies in the memory of the tree but is the probe's: image, device tree, initrd. */
static void keep_own_memory(const void *fdt)
{
	uint64_t tree_at = (uintptr_t)fdt;

	memory_set(0, PAGE_SIZE, MEMORY_RESERVED); /* null pointers */
	memory_set(page_of((uintptr_t)head_start), page_of((uintptr_t)image_end + PAGE_SIZE - 1),
		   MEMORY_PROBE);
	memory_set(page_of(tree_at), page_of(tree_at + tree.size + PAGE_SIZE - 1), MEMORY_PROBE);
	if (tree.initrd)
		memory_set(page_of(tree.initrd), page_of(tree.initrd_end + PAGE_SIZE - 1),
			   MEMORY_PROBE);
}

void main_start(const void *fdt)
{
	/* Until cpus_start() has room for all. */
	static struct cpus_own early_own;
	static struct cpu early = {.own = &early_own};
	const char *unknown_option;

	traps_load(&early_own.traps, &early);
	time_start();
	tree_read(fdt);
	unknown_option = options_parse(tree.options);
	console_open();
	keep_own_memory(fdt);
	if (!mmu_start())
		tap_bail_out("the memory map has too many pieces");
	main_run(
		&(struct main_report){
			.way = at_el2() ? "the arm64 boot protocol at EL2"
					: "the arm64 boot protocol at EL1",
			.options = tree.options,
			.unknown = unknown_option,
			.image = head_start,
		},
		NULL, NULL);
}
