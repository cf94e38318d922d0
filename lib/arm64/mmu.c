/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "mmu.h"
#include <baton/arm64/registers.h>
#include "stage/arm64/image/head.h"

/* Translation table descriptors: Arm ARM (DDI 0487), D8.3. */
#define TABLE 3ull
/* Accessed, inner shareable, writable; at EL1, bit 6 would mean EL0 too. */
#define BLOCK (1ull << 10 | 3ull << 8 | 1ull << 6 | 1ull)
#define BLOCK_AT_EL1 (1ull << 10 | 3ull << 8 | 1ull)
#define NORMAL (0ull << 2)
#define DEVICE (1ull << 2)
#define MAIR 0x00ffull

#define BITS 39
#define ENTRIES 512
#define GIGABYTE (1ull << 30)
#define BLOCK_SIZE (1ull << 21)
#define TABLES 4

static uint64_t root[ENTRIES] __attribute__((aligned(4096)));
static uint64_t table[TABLES][ENTRIES] __attribute__((aligned(4096)));
static unsigned used;
static uint64_t block;
static struct mmu_registers registers;

/* Make the 2 MiB around @address Normal memory. */
static void make_normal(uint64_t address)
{
	uint64_t *entry = &root[address / GIGABYTE % ENTRIES];

	if ((*entry & 3) != TABLE) {
		uint64_t *next = table[used++];

		for (uint64_t i = 0; i < ENTRIES; i++)
			next[i] = (address & -GIGABYTE) + i * BLOCK_SIZE + (block | DEVICE);
		*entry = (uintptr_t)next | TABLE;
	}
	((uint64_t *)(*entry & -4096ull))[address / BLOCK_SIZE % ENTRIES] =
		(address & -BLOCK_SIZE) | block | NORMAL;
}

const struct mmu_registers *mmu_tables(uint64_t fdt, uint64_t base)
{
	unsigned level = read_register(CurrentEL) >> CURRENT_EL_SHIFT;
	uint64_t range = id_field(id_aa64mmfr0_el1, 0);
	uint64_t walks = 1ull << 8 | 1ull << 10 | 3ull << 12 | (64 - BITS);

	if (range > 5) /* 48 bits are enough, and what 4 KiB pages of this kind can name */
		range = 5;
	block = level == 1 ? BLOCK_AT_EL1 : BLOCK;
	for (uint64_t i = 0; i < ENTRIES; i++)
		root[i] = i * GIGABYTE | block | DEVICE;
	make_normal(base);
	make_normal(base + STAGE_SIZE - 1);
	/* At most 2 MiB long: Linux, Documentation/arch/arm64/booting. */
	make_normal(fdt);
	make_normal(fdt + BLOCK_SIZE - 1);
	registers.mair = MAIR;
	registers.tcr = walks | (level == 1 ? range << 32 | 1ull << 23 /* EPD1 */
					    : range << 16 | 1ull << 31 | 1ull << 23);
	registers.ttbr = (uintptr_t)root;
	return &registers;
}
