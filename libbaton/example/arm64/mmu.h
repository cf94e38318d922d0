/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#ifndef LIBBATON_EXAMPLE_ARM64_MMU_H
#define LIBBATON_EXAMPLE_ARM64_MMU_H

#include <stdbool.h>
#include <stdint.h>

/* From head.S: MMU and caches on, with the device tree at @fdt and the 2 MiB at @base as memory. */
void mmu_on(uint64_t fdt, uint64_t base);

/* What TTBR0 has then. */
extern uint64_t mmu_root[] __attribute__((visibility("hidden")));

#endif /* LIBBATON_EXAMPLE_ARM64_MMU_H */
