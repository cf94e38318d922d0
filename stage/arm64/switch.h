/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* clang-format off */
/* Assembly: the stage's own map, on and off, at a level.  Both change x0 and x1. */
#ifndef STAGE_ARM64_SWITCH_H
#define STAGE_ARM64_SWITCH_H

#include "lib/arm64/mmu_switch.h"

/*
 * On, with MAIR in x21, TCR in x22, TTBR0 in x23: exclusives and unaligned access need
 * memory that is Normal.
 */
	.macro	map_on level, invalidate
	mmu_sctlr	\level, x0, x1
	mmu_on	\level, \invalidate, x21, x22, x23, x0
	.endm

/* Off again.  Nothing is on the stack any more. */
	.macro	map_off level
	mmu_off	\level, (SCTLR_I | SCTLR_C | SCTLR_M), x0, x1
	mmu_drop_instructions
	.endm

#endif /* STAGE_ARM64_SWITCH_H */
