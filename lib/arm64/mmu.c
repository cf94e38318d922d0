/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "mmu.h"
#include <baton/arm64/registers.h>

#define TABLE_BIT 2ull /* tells a table from a block */
#define ADDRESS 0x0000fffffffff000ull
#define ROOT_SHIFT 30
#define BLOCK_SHIFT 21

static unsigned level(void)
{
	return (unsigned)(read_register(CurrentEL) >> CURRENT_EL_SHIFT);
}

static uint64_t attributes(bool normal)
{
	uint64_t bits = MMU_ACCESSED | MMU_INNER_SHAREABLE | (level() == 1 ? 0 : MMU_ONE_RANGE);

	if (normal)
		return bits | MMU_NORMAL;
	return bits | MMU_DEVICE | MMU_NO_EXECUTE | (level() == 1 ? MMU_NO_EXECUTE_EL1 : 0);
}

/* The table behind @entry, which maps a block of 2^@shift bytes: made of it if there is none. */
static uint64_t *table_of(struct mmu_map *map, uint64_t *entry, unsigned shift)
{
	uint64_t *next;

	if (*entry & TABLE_BIT)
		return (uint64_t *)(*entry & ADDRESS);
	if (map->used == map->tables)
		return NULL;
	next = map->pool[map->used++];
	for (uint64_t i = 0; i < MMU_ENTRIES; i++)
		next[i] = (*entry + (i << (shift - 9))) | (shift == BLOCK_SHIFT ? MMU_PAGE : 0);
	*entry = (uintptr_t)next | MMU_TABLE;
	return next;
}

/* Add [start, end), multiples of 4 KiB, to a table whose entries are 2^@shift bytes each. */
static bool add(struct mmu_map *map, uint64_t *table, unsigned shift, uint64_t start, uint64_t end)
{
	uint64_t size = 1ull << shift;

	for (uint64_t next; start < end; start = next) {
		uint64_t *entry = &table[start >> shift & (MMU_ENTRIES - 1)], *lower;

		next = (start & -size) + size;
		if (next > end)
			next = end;
		if (next - start == size) {
			*entry = start | attributes(true) |
				 (size == MMU_PAGE_SIZE ? MMU_PAGE : MMU_BLOCK);
			continue;
		}
		/* Below a page there is no table: not multiples of 4 KiB. */
		if (size <= MMU_PAGE_SIZE)
			return false;
		lower = table_of(map, entry, shift);
		if (!lower || !add(map, lower, shift - 9, start, next))
			return false;
	}
	return true;
}

void mmu_clear(struct mmu_map *map)
{
	map->used = 0;
	for (uint64_t i = 0; i < MMU_ENTRIES; i++)
		map->root[i] = i << ROOT_SHIFT | attributes(false) | MMU_BLOCK;
}

bool mmu_add_normal(struct mmu_map *map, uint64_t start, uint64_t end)
{
	return add(map, map->root, ROOT_SHIFT, start, end);
}

bool mmu_add_blocks(struct mmu_map *map, uint64_t start, uint64_t end)
{
	return mmu_add_normal(map, start & -MMU_BLOCK_SIZE,
			      (end + MMU_BLOCK_SIZE - 1) & -MMU_BLOCK_SIZE);
}

struct mmu_registers mmu_registers_for(const struct mmu_map *map)
{
	uint64_t range = id_field(id_aa64mmfr0_el1, 0);
	uint64_t walks = MMU_TCR_WALKS | (64 - MMU_BITS);

	if (range > MMU_PS_MAX)
		range = MMU_PS_MAX;
	return (struct mmu_registers){
		.mair = MMU_MAIR,
		.tcr = walks | (level() == 1 ? range << MMU_TCR_IPS_SHIFT | MMU_TCR_EPD1
					     : range << MMU_TCR_PS_SHIFT | MMU_TCR_RES1),
		.ttbr = (uintptr_t)map->root,
		.sctlr = level() == 1 ? SCTLR_EL1_ON : SCTLR_EL2_ON, /* EL3's are EL2's */
	};
}
