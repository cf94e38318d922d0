/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The resident of a spin-table that takes CPUs back: its door, at EL2.  The same
 * for a CPU that a stage has sent and for one that a kernel returns: its first
 * instruction is cpu-return-addr.
 *
 * Entry: EL2, SCTLR_EL2.M and .C 0, all of DAIF masked, the area clean to the point of
 * coherency.  Nothing else is relied upon: not HCR_EL2.E2H, not SCTLR_EL2.EE, not SPSel.
 * No stack, no register is kept.
 */
#include <baton/arm64/registers.h>
#include "find.h"

	.section .text.entry, "ax"
	.globl	resident_start
resident_start:
	/*
	 * What the kernel had in the TLB is dropped by the regime that put it there,
	 * EL2 or, with E2H, EL2&0; then it is EL2 for sure.
	 */
	tlbi	alle2
	dsb	nsh
	ldr	x9, =HCR_RW
	msr	hcr_el2, x9
	ldr	x9, =SCTLR_EL2_OFF
	msr	sctlr_el2, x9
	msr	spsel, #1
	isb

	find_slot unknown

	/*
	 * Own page tables, caches on: coherent memory begins here.  The first isb
	 * orders the table registers before the tlbi, the second makes the MMU's state
	 * take effect before the next instruction.
	 */
	ldp	x14, x15, [x9, #BATON_AREA_REGISTERS]
	ldr	x16, [x9, #(BATON_AREA_REGISTERS + 16)]
	msr	mair_el2, x14
	msr	tcr_el2, x15
	msr	ttbr0_el2, x16
	isb
	tlbi	alle2
	ic	iallu
	dsb	nsh
	isb
	ldr	x14, =SCTLR_EL2_ON
	msr	sctlr_el2, x14
	adr	x14, vectors
	msr	vbar_el2, x14
	msr	tpidr_el2, x13
	isb

	mov	x0, x13
	b	spin

	/* Not one of ours: it has no slot, so it is only kept out of the way. */
unknown:
	wfe
	b	unknown

	.ltorg

/*
 * spin_leave(entry): to the kernel at EL2, MMU and caches off, all general registers
 * 0.  Runs with the resident's map, in which this is where it is without one.
 */
	.text
	.globl	spin_leave
spin_leave:
	msr	elr_el2, x0
	mov	x0, #SPSR_EL2H_MASKED
	msr	spsr_el2, x0
	msr	tpidr_el2, xzr
	ldr	x0, =SCTLR_EL2_OFF
	msr	sctlr_el2, x0
	isb
	tlbi	alle2			/* of the resident's own map; the kernel's have been dropped */
	ic	iallu			/* of what was, before it wrote itself there, where it is */
	dsb	nsh
	isb
	.irp	n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30
	mov	x\n, xzr
	.endr
	eret

	.ltorg

/*
 * An exception at EL2.  On its own map it is the resident's; without, a kernel has
 * taken it before it had vectors of its own.
 */
own_fault:
	mrs	x0, sctlr_el2
	tbz	x0, #0, unknown
	mrs	x0, tpidr_el2
	add	x1, x0, #SLOT_SIZE
	mov	sp, x1
	mrs	x1, elr_el2
	b	hold_failed

	.balign	2048
	.globl	vectors
vectors:
	.rept	16
	.balign	128
	b	own_fault
	.endr
