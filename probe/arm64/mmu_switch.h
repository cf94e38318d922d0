/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* clang-format off */
/* Assembly: the MMU, on and off. */
#ifndef PROBE_ARM64_MMU_SWITCH_H
#define PROBE_ARM64_MMU_SWITCH_H

#include <baton/arm64/registers.h>

#define SCTLR_EE (1 << 25) /* data is big-endian */

/*
 * Load the page tables and turn the MMU on.  The isb before the tlbi: what it
 * invalidates depends on the registers just written.
 */
	.macro	mmu_on level, invalidate, mair, tcr, ttbr, sctlr
	msr	mair_\level, \mair
	msr	tcr_\level, \tcr
	msr	ttbr0_\level, \ttbr
	isb
	tlbi	\invalidate
	ic	iallu
	dsb	nsh
	isb
	msr	sctlr_\level, \sctlr
	isb
	.endm

	/* MMU and data cache off; x5 and x6 are lost. */
	.macro	mmu_off level
	mrs	x5, sctlr_\level
	mov	x6, #(SCTLR_M | SCTLR_C)
	bic	x5, x5, x6
	msr	sctlr_\level, x5
	isb
	.endm

#endif /* PROBE_ARM64_MMU_SWITCH_H */
