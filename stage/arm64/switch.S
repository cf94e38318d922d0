/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* Macros: the MMU and caches on and off, at a level.  Change x0 and x1. */

#define SCTLR_MMU_ON 0x1005 /* I, C, M */
#define SCTLR_MMU_OFF_MASK ~0x1005

/*
 * On, with MAIR in x21, TCR in x22, TTBR0 in x23: libfdt needs unaligned access,
 * which memory has only if it is Normal.  The isb before the tlbi: its ASID and VMID
 * come from the registers just written.
 */
	.macro	mmu_on level, invalidate
	msr	mair_\level, x21
	msr	tcr_\level, x22
	msr	ttbr0_\level, x23
	isb
	tlbi	\invalidate
	ic	iallu
	dsb	nsh
	isb
	mrs	x0, sctlr_\level
	bic	x0, x0, #2		/* alignment is not checked */
	mov	x1, #SCTLR_MMU_ON
	orr	x0, x0, x1
	msr	sctlr_\level, x0
	isb
	.endm

/*
 * Off again.  All that is read from now on has been cleaned to the point of
 * coherency; nothing is on the stack any more.
 */
	.macro	mmu_off level
	mrs	x0, sctlr_\level
	mov	x1, #SCTLR_MMU_OFF_MASK
	and	x0, x0, x1
	msr	sctlr_\level, x0
	isb
	ic	iallu
	dsb	nsh
	isb
	.endm
