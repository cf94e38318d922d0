/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* The probe's address map: everything where it is, below 1 << MMU_BITS. */
#ifndef PROBE_ARM64_MMU_H
#define PROBE_ARM64_MMU_H

#include <stdbool.h>
#include <stdint.h>
#include "lib/arm64/mmu.h"

/*
 * The tables to begin with: the image and the device tree at @fdt are Normal memory,
 * all else is Device.  Runs with the MMU off.
 */
const struct mmu_registers *mmu_first_tables(uint64_t fdt);

/*
 * From now on Normal memory is what the memory map has as memory that is used by nothing else; all
 * else is Device and can't be executed.  Returns false if there are too few tables: the map is as
 * before then.
 */
bool mmu_start(void);

/* What a CPU that arrives is to load. */
struct mmu_registers mmu_registers(void);

#endif /* PROBE_ARM64_MMU_H */
