/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#ifndef LIBBATON_EXAMPLE_ARM64_MMU_H
#define LIBBATON_EXAMPLE_ARM64_MMU_H

#include <stdint.h>

/* What TTBR0 has.  The MMU and the caches are on when kernel_main() starts. */
extern uint64_t mmu_root[] __attribute__((visibility("hidden")));

#endif /* LIBBATON_EXAMPLE_ARM64_MMU_H */
