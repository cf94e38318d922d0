/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "mmu.h"
#include "probe/memory.h"
#include "head.h"

#define TABLES 64
#define TREE_MAX MMU_BLOCK_SIZE /* Linux, Documentation/arch/arm64/booting */

/* Both sets are there from the beginning: one is in use while the other is made. */
static mmu_table first_root, second_root, first_pool[TABLES], second_pool[TABLES];
static struct mmu_map first = {first_root, first_pool, TABLES, 0};
static struct mmu_map second = {second_root, second_pool, TABLES, 0};
static struct mmu_registers registers;

const struct mmu_registers *mmu_first_tables(uint64_t fdt)
{
	mmu_clear(&first);
	mmu_add_blocks(&first, (uintptr_t)head_start, (uintptr_t)image_end);
	mmu_add_blocks(&first, fdt, fdt + TREE_MAX);
	registers = mmu_registers_for(&first);
	return &registers;
}

bool mmu_start(void)
{
	mmu_clear(&second);
	for (size_t i = 0; memory_range(i); i++) {
		const struct memory_range *r = memory_range(i);

		if ((r->type == MEMORY_USABLE || r->type == MEMORY_PROBE) &&
		    !mmu_add_normal(&second, r->start, r->end))
			return false;
	}
	registers = mmu_registers_for(&second);
	head_mmu_load(&registers);
	return true;
}

struct mmu_registers mmu_registers(void)
{
	return registers;
}
