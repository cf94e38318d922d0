/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The doors of a resident that offers PSCI to the kernel below it.  Its first two
 * instructions are its entries; the rest is reached by exceptions from the kernel.
 * Included by el2-entry.S and el3-entry.S, which define
 *
 *	EL(name)	the register of that name, of the resident's level
 *	ALL_OF_LEVEL	the operand of TLBI for that level
 *	SPSR_KERNEL	the state in which the kernel is entered
 *
 * Both entries want: the resident's level, MMU and data cache off or on with this
 * memory mapped at its physical address, all of DAIF masked, the area clean to the
 * point of coherency.  No stack, no register is kept.
 */
#include <baton/arm64/registers.h>
#include "find.h"

	.section .text.entry, "ax"
	.globl	resident_start
resident_start:
	b	arrive			/* a CPU without an owner: it is held */
	b	depart			/* the boot CPU: on to x0 in the kernel, with x1 there in x0 */

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
	msr	EL(mair), x14
	msr	EL(tcr), x15
	msr	EL(ttbr0), x16
	isb
	tlbi	ALL_OF_LEVEL
	dsb	nsh
	ic	iallu
	dsb	nsh
	isb
	ldr	x14, =SCTLR_EL2_ON
	msr	EL(sctlr), x14
	adr	x14, vectors
	msr	EL(vbar), x14
	msr	EL(tpidr), x13
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
 * leave(entry, context): to the kernel, with context in x0.  All that the kernel
 * may see of the resident is cleared; the stack is empty again.
 */
	.text
	.globl	leave
leave:
	mrs	x2, EL(tpidr)
	add	x2, x2, #SLOT_SIZE
	mov	sp, x2
	msr	EL(elr), x0
	mov	x2, #SPSR_KERNEL
	msr	EL(spsr), x2
	mov	x0, x1
	.irp	n, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30
	mov	x\n, xzr
	.endr
	eret

/* An exception from the kernel: x0 to x30 are kept as struct frame, for trap(). */
from_kernel:
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
	bl	trap
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

own_fault:
	mrs	x0, EL(tpidr)
	add	x1, x0, #SLOT_SIZE
	mov	sp, x1
	mrs	x1, EL(elr)
	b	hold_failed

	.macro	vector target
	.balign	128
	b	\target
	.endm

	.balign	2048
	.globl	vectors
vectors:
	.rept	8			/* from the resident's own level: none should ever come */
	vector	own_fault
	.endr
	vector	from_kernel		/* synchronous, from a 64-bit kernel or what runs on it */
	.rept	7
	vector	own_fault		/* interrupts go to the kernel; nothing else is asked for */
	.endr
