/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * Translation tables of stage 1 that map everything where it is, below 1 << MMU_BITS, for
 * programs that run without a system.  Called with the MMU off or on, at EL1 to EL3; needs
 * a C stack.  No allocation.  Arm ARM (DDI 0487), D8.
 */
#ifndef LIB_ARM64_MMU_H
#define LIB_ARM64_MMU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Descriptors, of tables of 4 KiB; D8.3. */
#define MMU_ENTRIES 512
#define MMU_TABLE 3ull
#define MMU_BLOCK 1ull
#define MMU_PAGE 3ull /* at the last level */
#define MMU_ACCESSED (1ull << 10)
#define MMU_INNER_SHAREABLE (3ull << 8)
#define MMU_NO_EXECUTE (1ull << 54)
#define MMU_NO_EXECUTE_EL1 (1ull << 53) /* the kernel's own level; at EL2 and EL3 it is RES0 */
#define MMU_ONE_RANGE (1ull << 6)	/* at EL2 and EL3 it must be 1; at EL1 it lets EL0 in */
#define MMU_READ_ONLY (1ull << 7)
#define MMU_PAGE_SIZE 0x1000ull
#define MMU_BLOCK_SIZE 0x200000ull
#define MMU_GIGABYTE (1ull << 30)

/* Memory types, by what MMU_MAIR has at 0 and 1: Normal, write-back; Device-nGnRnE. */
#define MMU_NORMAL (0ull << 2)
#define MMU_DEVICE (1ull << 2)
#define MMU_MAIR 0x00ffull

/* TCR_ELx and VTCR_EL2: tables write-back, inner shareable, of 4 KiB. */
#define MMU_TCR_WALKS (1ull << 8 | 1ull << 10 | 3ull << 12)
#define MMU_TCR_RES1 (1ull << 31 | 1ull << 23) /* EL2 and EL3 */
#define MMU_TCR_EPD1 (1ull << 23)	       /* EL1: no walks by TTBR1 */
#define MMU_TCR_PS_SHIFT 16		       /* EL2 and EL3, and VTCR */
#define MMU_TCR_IPS_SHIFT 32		       /* EL1 */
#define MMU_PS_MAX 5			       /* 48 bits: all that these descriptors can name */

#define MMU_BITS 39

typedef uint64_t mmu_table[MMU_ENTRIES] __attribute__((aligned(4096)));

/* The caller's memory for a map. */
struct mmu_map {
	uint64_t *root;	 /* an mmu_table */
	mmu_table *pool; /* @tables of them, of which @used are in use */
	unsigned tables, used;
};

/* For assembly: in this order.  @sctlr: RES1 bits, MMU and caches on, the stack pointer checked. */
struct mmu_registers {
	uint64_t mair, tcr, ttbr, sctlr;
};

/* Map everything as Device memory, which can't be executed, for the current level. */
void mmu_clear(struct mmu_map *map);

/*
 * Make [@start, @end), which are multiples of 4 KiB, Normal memory.  False if the pool is
 * empty: the map is of no use then.
 */
bool mmu_add_normal(struct mmu_map *map, uint64_t start, uint64_t end);

/* The same in whole blocks of 2 MiB, as many as [@start, @end) touches. */
bool mmu_add_blocks(struct mmu_map *map, uint64_t start, uint64_t end);

/* What the current level's registers are to have for @map. */
struct mmu_registers mmu_registers_for(const struct mmu_map *map);

#endif /* LIB_ARM64_MMU_H */
