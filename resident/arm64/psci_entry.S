/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The way in and out of a resident that offers PSCI to the kernel below it.  Its first two
 * instructions are its entries; the rest is reached by exceptions from the kernel.
 * Included by el2_entry.S and el3_entry.S, which define
 *
 *	LEVEL		the resident's level, el2 or el3
 *	EL(name)	the register of that name, of that level
 *	ALL_OF_LEVEL	the operand of TLBI for that level
 *	SPSR_KERNEL	the state in which the kernel is entered
 *
 * Both entries want: the resident's level, MMU and data cache off or on with this
 * memory mapped at its physical address, all of DAIF masked, the area clean to the
 * point of coherency.  No stack, no register is kept.
 */
#include "entry_macros.h"

	.section .text.entry, "ax"
	.globl	entry_start
entry_start:
	b	arrive			/* a secondary CPU, which is to be held */
	b	depart			/* the boot CPU: on to x0 in the kernel, with x1 there in x0 */

arrive:
	mov	x20, xzr
	b	1f
depart:
	mov	x20, x0
	mov	x21, x1

1:	entry_find_slot unknown
	entry_own_map LEVEL, ALL_OF_LEVEL

	mov	x0, x13
	cbz	x20, held_cpu
	mov	x1, x20
	mov	x2, x21
	b	psci_held_boot_cpu

	/* A CPU without a slot, which the device tree does not list: it only waits here. */
unknown:
	wfe
	b	unknown

	.ltorg

/* entry_leave(entry, context): see entry.h.  By an exception return to the level below. */
	.text
	.globl	entry_leave
entry_leave:
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

/* An exception from the kernel: x0 to x30 are kept as struct entry_frame, for level_call(). */
from_kernel:
	sub	sp, sp, #ENTRY_FRAME_SIZE
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
	bl	level_call
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
	add	sp, sp, #ENTRY_FRAME_SIZE
	eret

own_fault:
	entry_own_fault LEVEL

	.macro	vector target
	.balign	128
	b	\target
	.endm

	.balign	2048
	.globl	entry_vectors
entry_vectors:
	.rept	8			/* from the resident's own level: none should ever come */
	vector	own_fault
	.endr
	vector	from_kernel		/* synchronous, from a 64-bit kernel or what runs on it */
	.rept	7
	vector	own_fault		/* interrupts go to the kernel; the resident asks for nothing else */
	.endr
