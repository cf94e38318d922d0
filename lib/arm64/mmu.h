/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* The stage's own address map: everything where it is. */
#ifndef LIB_ARM64_MMU_H
#define LIB_ARM64_MMU_H

#include <stddef.h>
#include <stdint.h>

/* For head.S: in this order. */
struct mmu_registers {
	uint64_t mair, tcr, ttbr;
};

/*
 * Make the tables: the stage at @base and the device tree at @fdt are Normal
 * memory, all else below 512 GiB is Device.  Runs with the MMU off.
 */
const struct mmu_registers *mmu_tables(uint64_t fdt, uint64_t base);

/* Clean and invalidate to the point of coherency.  In cache.S. */
void cache_clean(const void *start, size_t size);

#endif /* LIB_ARM64_MMU_H */
