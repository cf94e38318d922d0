/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The smallest kernel's page tables: all is at its physical address.  The kernel and the
 * device tree are memory, in blocks of 2 MiB, all else is Device.  Arm ARM (DDI 0487), D8.
 */
#include <baton/arm64/registers.h>
#include "mmu.h"

#define GIGABYTE (1ull << 30)
#define BLOCK_SIZE (1ull << 21)
#define ENTRIES 512
#define TABLE 3ull
/* Accessed, inner shareable, writable at the kernel's level alone; at EL2 bit 6 is RES1. */
#define BLOCK (1ull << 10 | 3ull << 8 | 1ull)
#define AT_EL2 (1ull << 6)
#define MAIR 0x00ffull /* 0: Normal, write-back; 1: Device */
#define DEVICE (1ull << 2)
#define BITS 39
/* Walks inner shareable and write-back, pages of 4 KiB, no TTBR1. */
#define TCR (64 - BITS | 1ull << 8 | 1ull << 10 | 3ull << 12 | 1ull << 23)
#define IPS_MAX 5

uint64_t mmu_root[ENTRIES] __attribute__((aligned(4096)));
static uint64_t tables[4][ENTRIES] __attribute__((aligned(4096)));
static unsigned used;

static void make_normal(uint64_t address, uint64_t block)
{
	uint64_t *entry = &mmu_root[address / GIGABYTE % ENTRIES];

	if ((*entry & TABLE) != TABLE) {
		uint64_t *table = tables[used++];

		for (uint64_t i = 0; i < ENTRIES; i++)
			table[i] = (address & -GIGABYTE) + i * BLOCK_SIZE + (block | DEVICE);
		*entry = (uintptr_t)table | TABLE;
	}
	((uint64_t *)(*entry & -4096ull))[address / BLOCK_SIZE % ENTRIES] =
		(address & -BLOCK_SIZE) | block;
}

void mmu_on(uint64_t fdt, uint64_t base)
{
	bool el2 = read_register(CurrentEL) >> CURRENT_EL_SHIFT == 2;
	uint64_t block = BLOCK | (el2 ? AT_EL2 : 0);
	uint64_t size = id_field(id_aa64mmfr0_el1, 0);

	if (size > IPS_MAX)
		size = IPS_MAX;
	for (uint64_t i = 0; i < ENTRIES; i++)
		mmu_root[i] = i * GIGABYTE | block | DEVICE;
	make_normal(base, block);
	make_normal(fdt, block);
	make_normal(fdt + BLOCK_SIZE - 1, block);
	/* The tables are in memory: they were written with the caches off. */
	__asm__ volatile("dsb sy" ::: "memory");
	if (el2) {
		write_register(mair_el2, MAIR);
		write_register(tcr_el2, TCR | 1ull << 31 | size << 16);
		write_register(ttbr0_el2, mmu_root);
		isb();
		__asm__ volatile("tlbi alle2; ic iallu; dsb nsh; isb" ::: "memory");
		write_register(sctlr_el2, read_register(sctlr_el2) | SCTLR_M | SCTLR_C | SCTLR_I);
	} else {
		write_register(mair_el1, MAIR);
		write_register(tcr_el1, TCR | size << 32);
		write_register(ttbr0_el1, mmu_root);
		isb();
		__asm__ volatile("tlbi vmalle1; ic iallu; dsb nsh; isb" ::: "memory");
		write_register(sctlr_el1, read_register(sctlr_el1) | SCTLR_M | SCTLR_C | SCTLR_I);
	}
	isb();
}
