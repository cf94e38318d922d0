/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "mmu.h"
#include <baton/arm64/registers.h>
#include <baton/string.h>
#include "probe/memory.h"
#include "head.h"

/* Translation table descriptors: Arm ARM (DDI 0487), D8.3. */
#define VALID 1ull
#define TABLE 2ull /* or a page, at the last level */
#define ACCESSED (1ull << 10)
#define INNER_SHAREABLE (3ull << 8)
#define NORMAL (0ull << 2)
#define DEVICE (1ull << 2)
#define ONE_RANGE (1ull << 6) /* at EL2 it must be 1; at EL1 it would let EL0 in */
#define NO_EXECUTE_EL1 (1ull << 53)
#define NO_EXECUTE (1ull << 54)
#define ADDRESS 0x0000fffffffff000ull
#define MAIR 0x00ffull /* 0: Normal, write-back; 1: Device-nGnRnE */

#define SCTLR_EL1_ON 0x30d0180d /* RES1, I, SA, C, M */
#define SCTLR_EL2_ON 0x30c5183d

#define ENTRIES 512
#define ROOT_SHIFT 30
#define BLOCK_SHIFT 21
#define BLOCK_SIZE (1ull << BLOCK_SHIFT)
#define TABLES 64

typedef uint64_t table[ENTRIES] __attribute__((aligned(4096)));

/* Both sets are there from the beginning: one is in use while the other is made. */
static struct tables {
	table root, pool[TABLES];
	unsigned used;
} first, second;
static struct mmu_registers registers;

static bool at_el2(void)
{
	return read_register(CurrentEL) == LEVEL_2;
}

static uint64_t attributes(bool normal)
{
	uint64_t bits = ACCESSED | INNER_SHAREABLE | (at_el2() ? ONE_RANGE : 0);

	if (normal)
		return bits | NORMAL;
	return bits | DEVICE | NO_EXECUTE | (at_el2() ? 0 : NO_EXECUTE_EL1);
}

/* The table behind @entry, which maps a block of 2^@shift bytes: made of it if there is none. */
static uint64_t *table_of(struct tables *tables, uint64_t *entry, unsigned shift)
{
	uint64_t *next;

	if (*entry & TABLE)
		return (uint64_t *)(*entry & ADDRESS);
	if (tables->used == TABLES)
		return NULL;
	next = tables->pool[tables->used++];
	for (uint64_t i = 0; i < ENTRIES; i++)
		next[i] = (*entry + (i << (shift - 9))) | (shift == BLOCK_SHIFT ? TABLE : 0);
	*entry = (uintptr_t)next | TABLE | VALID;
	return next;
}

/* Map [start, end), which are multiples of 4 KiB, in a table whose entries are 2^@shift bytes. */
static bool map(struct tables *tables, uint64_t *t, unsigned shift, uint64_t start, uint64_t end,
		uint64_t bits)
{
	uint64_t size = 1ull << shift;

	for (uint64_t next; start < end; start = next) {
		uint64_t *entry = &t[start >> shift & (ENTRIES - 1)], *lower;

		next = (start & -size) + size;
		if (next > end)
			next = end;
		if (next - start == size) {
			*entry = start | bits | VALID | (size == PAGE_SIZE ? TABLE : 0);
			continue;
		}
		lower = table_of(tables, entry, shift);
		if (!lower || !map(tables, lower, shift - 9, start, next, bits))
			return false;
	}
	return true;
}

static void map_devices(struct tables *tables)
{
	for (uint64_t i = 0; i < ENTRIES; i++)
		tables->root[i] = i << ROOT_SHIFT | attributes(false) | VALID;
}

const struct mmu_registers *mmu_first_tables(uint64_t fdt)
{
	uint64_t range = id_field(id_aa64mmfr0_el1, 0);
	uint64_t walks = 1ull << 8 | 1ull << 10 | 3ull << 12 | (64 - MMU_BITS);
	uint64_t image = (uintptr_t)probe_start & -BLOCK_SIZE;
	uint64_t tree = fdt & -BLOCK_SIZE;

	if (range > 5) /* 48 bits are enough, and what 4 KiB pages of this kind can name */
		range = 5;
	map_devices(&first);
	map(&first, first.root, ROOT_SHIFT, image, ((uintptr_t)image_end | (BLOCK_SIZE - 1)) + 1,
	    attributes(true));
	/* At most 2 MiB long: Linux, Documentation/arch/arm64/booting. */
	map(&first, first.root, ROOT_SHIFT, tree, tree + 2 * BLOCK_SIZE, attributes(true));
	registers.mair = MAIR;
	registers.tcr = walks | (at_el2() ? range << 16 | 1ull << 31 | 1ull << 23
					  : range << 32 | 1ull << 23 /* EPD1 */);
	registers.ttbr = (uintptr_t)first.root;
	registers.sctlr = at_el2() ? SCTLR_EL2_ON : SCTLR_EL1_ON;
	return &registers;
}

bool mmu_start(void)
{
	struct mmu_registers next = registers;

	map_devices(&second);
	for (size_t i = 0; memory_range(i); i++) {
		const struct memory_range *r = memory_range(i);

		if ((r->type == MEMORY_USABLE || r->type == MEMORY_PROBE) &&
		    !map(&second, second.root, ROOT_SHIFT, r->start, r->end, attributes(true)))
			return false;
	}
	next.ttbr = (uintptr_t)second.root;
	registers = next;
	mmu_load(&registers);
	return true;
}

struct mmu_registers mmu_registers(void)
{
	return registers;
}
