/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "map.h"

#define TREE_MAX MMU_BLOCK_SIZE /* Linux, Documentation/arch/arm64/booting */
#define TABLES 4		/* two pieces, each of which may cross into the next GiB */

static mmu_table root, pool[TABLES];
static struct mmu_map map = {root, pool, TABLES, 0};
static struct mmu_registers registers;

const struct mmu_registers *map_make(uint64_t fdt, uint64_t base, uint64_t size)
{
	mmu_clear(&map);
	mmu_add_blocks(&map, base, base + size);
	mmu_add_blocks(&map, fdt, fdt + TREE_MAX);
	registers = mmu_registers_for(&map);
	return &registers;
}
