/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The smallest kernel's page tables: all is at its physical address.  The kernel and the
 * device tree are memory, in blocks of 2 MiB, all else is Device.
 */
#include "mmu.h"
#include "lib/arm64/mmu.h"

#define TABLES 4

mmu_table mmu_root;
static mmu_table tables[TABLES];
static struct mmu_map map = {mmu_root, tables, TABLES, 0};
static struct mmu_registers registers;

/* Called from kernel_head.S with the device tree and the kernel's start, MMU off. */
const struct mmu_registers *mmu_tables(uint64_t fdt, uint64_t base);

const struct mmu_registers *mmu_tables(uint64_t fdt, uint64_t base)
{
	mmu_clear(&map);
	mmu_add_blocks(&map, base, base + MMU_BLOCK_SIZE);
	mmu_add_blocks(&map, fdt, fdt + MMU_BLOCK_SIZE);
	registers = mmu_registers_for(&map);
	return &registers;
}
