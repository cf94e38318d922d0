/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The resident's doors at EL2.  Its first two instructions are its entries; the
 * rest is reached by exceptions from the kernel at EL1.
 *
 * Both entries want: EL2, MMU and data cache off or on with this memory mapped
 * at its physical address, all of DAIF masked, the area clean to the point of
 * coherency.  No stack, no register is kept.
 */
#include "find.h"

#define SCTLR_EL2_ON 0x30c5183d /* RES1, I, SA, C, M; little-endian */

	.section .text.entry, "ax"
	.globl	resident_start
resident_start:
	b	arrive			/* a CPU without an owner: it is held */
	b	depart			/* the boot CPU: on to x0 at EL1, with x1 there in x0 */

arrive:
	mov	x20, xzr
	b	1f
depart:
	mov	x20, x0
	mov	x21, x1

1:	find_slot unknown

	/*
	 * Own page tables, caches on: exclusives and coherent memory begin here.
	 * The first isb orders the table registers before the tlbi, the second
	 * makes the MMU's state take effect before the next instruction.
	 */
	ldp	x14, x15, [x9, #BATON_AREA_REGISTERS]
	ldr	x16, [x9, #(BATON_AREA_REGISTERS + 16)]
	msr	mair_el2, x14
	msr	tcr_el2, x15
	msr	ttbr0_el2, x16
	isb
	tlbi	alle2
	dsb	nsh
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
	cbz	x20, hold
	mov	x1, x20
	mov	x2, x21
	b	release

	/* Not one of ours: it has no slot, so it is only kept out of the way. */
unknown:
	wfe
	b	unknown

	.ltorg

/*
 * leave(entry, context): to the kernel at EL1, with context in x0.  All that the
 * kernel may see of the resident is cleared; the stack is empty again.
 */
	.text
	.globl	leave
leave:
	mrs	x2, tpidr_el2
	add	x2, x2, #SLOT_SIZE
	mov	sp, x2
	msr	elr_el2, x0
	mov	x2, #0x3c5		/* EL1h, DAIF masked */
	msr	spsr_el2, x2
	mov	x0, x1
	.irp	n, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30
	mov	x\n, xzr
	.endr
	eret

/* Save x0 to x30 as struct frame, call \handler with it in x0, and go back. */
	.macro	to_c handler
	sub	sp, sp, #FRAME_SIZE
	stp	x0, x1, [sp]
	stp	x2, x3, [sp, #16]
	stp	x4, x5, [sp, #32]
	stp	x6, x7, [sp, #48]
	stp	x8, x9, [sp, #64]
	stp	x10, x11, [sp, #80]
	stp	x12, x13, [sp, #96]
	stp	x14, x15, [sp, #112]
	stp	x16, x17, [sp, #128]
	stp	x18, x19, [sp, #144]
	stp	x29, x30, [sp, #232]
	mov	x0, sp
	bl	\handler
	ldp	x29, x30, [sp, #232]
	ldp	x18, x19, [sp, #144]
	ldp	x16, x17, [sp, #128]
	ldp	x14, x15, [sp, #112]
	ldp	x12, x13, [sp, #96]
	ldp	x10, x11, [sp, #80]
	ldp	x8, x9, [sp, #64]
	ldp	x6, x7, [sp, #48]
	ldp	x4, x5, [sp, #32]
	ldp	x2, x3, [sp, #16]
	ldp	x0, x1, [sp]
	add	sp, sp, #FRAME_SIZE
	eret
	.endm

from_kernel:
	to_c	trap

own_fault:
	mrs	x0, tpidr_el2
	add	x1, x0, #SLOT_SIZE
	mov	sp, x1
	b	hold_failed

	.macro	vector target
	.balign	128
	b	\target
	.endm

	.balign	2048
	.globl	vectors
vectors:
	.rept	8			/* from EL2 itself: none should ever come */
	vector	own_fault
	.endr
	vector	from_kernel		/* synchronous, from a 64-bit kernel */
	.rept	7
	vector	own_fault		/* interrupts go to EL1; nothing else is asked for */
	.endr
