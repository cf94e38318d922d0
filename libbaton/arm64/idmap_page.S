/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include <baton/arm64/registers.h>
#include "idmap.h"

	.text
	.balign	64
	.globl	idmap_page
idmap_page:

/*
 * A CPU comes in.  On entry: at the physical address, EL1 or EL2, MMU and data cache off,
 * no register that means anything.  This page is clean to the point of coherency.
 * On exit: at the vector, DAIF masked, SPSel 1, X0 = argument.  A CPU at another level
 * than was prepared for stays here.
 */
	msr	daifset, #0xf
	msr	spsel, #1
	adr	x9, idmap_page + IDMAP_DATA
	ldp	x10, x11, [x9, #IDMAP_LEVEL]	/* x11: HCR_EL2 */
	ldp	x12, x13, [x9, #IDMAP_MAIR]	/* x13: TCR */
	ldp	x14, x15, [x9, #IDMAP_TTBR0]	/* x15: TTBR1 */
	ldp	x16, x17, [x9, #IDMAP_VBAR]	/* x17: CPACR_EL1 or CPTR_EL2 */
	ldp	x18, x1, [x9, #IDMAP_SCTLR]	/* x1: vector */
	ldr	x0, [x9, #IDMAP_ARGUMENT]
	mrs	x2, CurrentEL
	lsr	x2, x2, #CURRENT_EL_SHIFT
	cmp	x2, x10
	b.ne	wrong_level
	cmp	x2, #2
	b.eq	enter_el2

	/*
	 * The first isb: the tlbi is for the regime that was just written.  The second: the
	 * invalidations are complete, and nothing is fetched from before them.  The
	 * third: the next instruction is fetched through the page tables.
	 */
	.macro	mmu_on level, invalidate
	msr	mair_\level, x12
	msr	tcr_\level, x13
	msr	ttbr0_\level, x14
	msr	vbar_\level, x16
	isb
	tlbi	\invalidate
	ic	iallu
	dsb	nsh
	isb
	msr	sctlr_\level, x18
	isb
	.endm

	msr	ttbr1_el1, x15
	msr	cpacr_el1, x17
	mmu_on	el1, vmalle1
	br	x1

enter_el2:
	/* Before the others: E2H changes the layout of CPTR_EL2 and TCR_EL2. */
	msr	hcr_el2, x11
	isb
	msr	cptr_el2, x17
	tbz	x11, #HCR_E2H_SHIFT, 1f
	msr	TTBR1_EL2, x15
1:	mmu_on	el2, alle2
	br	x1

wrong_level:
	wfe
	b	wrong_level

/*
 * A CPU leaves.  On entry: EL1 or EL2, DAIF masked, X0 = cpu-return-addr, this page mapped
 * at its physical address.  On exit: there, MMU and caches off (docs/contract-arm64.md).
 * Nothing is written, so nothing need be cleaned.
 */
	.org	idmap_page + IDMAP_LEAVE
	.globl	idmap_leave
idmap_leave:
	hint	#36				/* bti j: the kernel may guard its pages */
	mrs	x1, CurrentEL
	lsr	x1, x1, #CURRENT_EL_SHIFT
	cmp	x1, #2
	b.eq	leave_el2

	.macro	mmu_off level
	mrs	x1, sctlr_\level
	bic	x1, x1, #SCTLR_M
	bic	x1, x1, #SCTLR_C
	bic	x1, x1, #SCTLR_I
	msr	sctlr_\level, x1
	isb
	.endm

	mmu_off	el1
	br	x0
leave_el2:
	mmu_off	el2
	br	x0

/*
 * CPUs that share a release word come in.  On entry: as at the start of the page.  Each goes
 * on there when its gate is opened.  One that has no gate stays: the kernel does not know it,
 * or has no room for it.  Nothing is written.
 */
	.org	idmap_page + IDMAP_PEN
	msr	daifset, #0xf
	mrs	x9, mpidr_el1
	ubfx	x10, x9, #32, #8		/* Aff3 */
	and	x9, x9, #0xffffff
	orr	x9, x9, x10, lsl #32
	orr	x9, x9, #(1 << GATE_USED)
	adr	x10, idmap_page + IDMAP_GATES
	adr	x11, idmap_page + IDMAP_SIZE
1:	ldr	x12, [x10]
	ubfx	x13, x12, #0, #(GATE_USED + 1)
	cmp	x13, x9
	b.eq	2f
	add	x10, x10, #8
	cmp	x10, x11
	b.lo	1b
no_gate:
	wfe
	b	no_gate
2:	ldr	x12, [x10]
	tbnz	x12, #GATE_OPEN, 3f
	wfe
	b	2b
3:	b	idmap_page

	.org	idmap_page + IDMAP_SIZE
