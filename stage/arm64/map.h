/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* The stage's own address map: everything where it is. */
#ifndef STAGE_ARM64_MAP_H
#define STAGE_ARM64_MAP_H

#include "lib/arm64/mmu.h"

/*
 * Make the tables: [@base, @base + @size), at most 2 MiB, is the stage, and it and the
 * device tree at @fdt are Normal memory, all else below 1 << MMU_BITS is Device.  Called
 * by each form's first code, on the boot CPU, MMU off.
 */
const struct mmu_registers *map_make(uint64_t fdt, uint64_t base, uint64_t size);

#endif /* STAGE_ARM64_MAP_H */
