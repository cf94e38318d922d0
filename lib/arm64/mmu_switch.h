/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* clang-format off */
/* Assembly: the MMU and the caches, on and off.  The code is where it is in both. */
#ifndef LIB_ARM64_MMU_SWITCH_H
#define LIB_ARM64_MMU_SWITCH_H

#include <baton/arm64/registers.h>

/*
 * mmu_on LEVEL, INVALIDATE, MAIR, TCR, TTBR, SCTLR: load the page tables and what is in
 * the register SCTLR, which turns the MMU on.  LEVEL: el1, el2, el3; INVALIDATE: TLBI's
 * operand for it.  The isb before the tlbi: what it invalidates depends on the registers
 * just written.  The last one: the MMU is on for the next instruction.
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

/*
 * mmu_sctlr LEVEL, TO, SCRATCH: what SCTLR has now, with the MMU and the caches on, and
 * alignment not checked: libfdt needs unaligned access.
 */
	.macro	mmu_sctlr level, to, scratch
	mrs	\to, sctlr_\level
	bic	\to, \to, #SCTLR_A
	mov	\scratch, #(SCTLR_I | SCTLR_C | SCTLR_M)
	orr	\to, \to, \scratch
	.endm

/*
 * mmu_off LEVEL, BITS, SCRATCH, SCRATCH2: clear BITS of SCTLR, SCTLR_M among them.  All
 * that is read from now on has been cleaned to the point of coherency.
 */
	.macro	mmu_off level, bits, scratch, scratch2
	mrs	\scratch, sctlr_\level
	mov	\scratch2, #(\bits)
	bic	\scratch, \scratch, \scratch2
	msr	sctlr_\level, \scratch
	isb
	.endm

/* Drop what the instruction cache has. */
	.macro	mmu_drop_instructions
	ic	iallu
	dsb	nsh
	isb
	.endm

#endif /* LIB_ARM64_MMU_SWITCH_H */
