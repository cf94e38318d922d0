/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* libbaton's own entry: what a CPU does before it has a stack. */
#include <baton/cpus.h>

/*
 * On entry: from the identity-mapped page, on the kernel's page tables, MMU on, so that exclusives
 * work; x0 = struct baton_machine.  Many CPUs may be in here at a time.
 *
 * The CPU finds itself by its MPIDR.  It may use its stack only if it is sent for, and has
 * made itself ENTERED: firmware that starts the wrong CPU must not bring two onto one
 * stack.
 */
	.text
	.globl	baton_entry
baton_entry:
	hint	#36				/* bti j */
	mrs	x9, mpidr_el1
	ubfx	x10, x9, #32, #8		/* Aff3 */
	and	x9, x9, #0xffffff
	orr	x9, x9, x10, lsl #32
	ldr	x10, [x0, #BATON_MACHINE_CPU]
	ldr	w11, [x0, #BATON_MACHINE_NCPUS]
1:	cbz	w11, stray
	ldr	x12, [x10, #BATON_CPU_ID]
	cmp	x12, x9
	b.eq	2f
	add	x10, x10, #BATON_CPU_SIZE
	sub	w11, w11, #1
	b	1b

	/* Whoever booted it may say COMING at any time: that is why it may take two attempts. */
2:	add	x13, x10, #BATON_CPU_STATE
	mov	w14, #BATON_ENTERED
3:	ldaxr	w12, [x13]
	cmp	w12, #BATON_WAKING
	b.eq	4f
	cmp	w12, #BATON_COMING
	b.ne	stray
4:	stlxr	w15, w14, [x13]
	cbnz	w15, 3b
	ldr	x12, [x10, #BATON_CPU_STACK]
	mov	sp, x12
	mov	x1, x10
	mov	x29, xzr
	mov	x30, xzr
	b	baton_run

stray:
	add	x13, x0, #BATON_MACHINE_STRAYS
5:	ldxr	w12, [x13]
	add	w12, w12, #1
	stxr	w15, w12, [x13]
	cbnz	w15, 5b
6:	wfi
	b	6b
