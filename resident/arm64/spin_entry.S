/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The way in and out of the resident of a spin-table that takes CPUs back, at EL2.  The way
 * in is the same for a CPU that a stage has sent and for one that a kernel returns: its
 * first instruction is cpu-return-addr.
 *
 * Entry: EL2, SCTLR_EL2.M and .C 0, all of DAIF masked, the area clean to the point of
 * coherency.  Nothing else is relied upon: not HCR_EL2.E2H, not SCTLR_EL2.EE, not SPSel.
 * No stack, no register is kept.
 */
#include "entry_macros.h"

	.section .text.entry, "ax"
	.globl	entry_start
entry_start:
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

	entry_find_slot unknown
	entry_own_map el2, alle2

	mov	x0, x13
	b	held_cpu

	/* A CPU without a slot, which the device tree does not list: it only waits here. */
unknown:
	wfe
	b	unknown

	.ltorg

/*
 * entry_leave(entry, context): see entry.h; context is 0.  To EL2, MMU and caches off.  Runs
 * with the resident's map, in which this is where it is without one.
 */
	.text
	.globl	entry_leave
entry_leave:
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
 * An exception at EL2.  With the MMU on it is the resident's own; with the MMU off a kernel
 * has taken it before it had vectors of its own.
 */
own_fault:
	mrs	x0, sctlr_el2
	tbz	x0, #0, unknown
	entry_own_fault el2

	.balign	2048
	.globl	entry_vectors
entry_vectors:
	.rept	16
	.balign	128
	b	own_fault
	.endr
