/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * Entered by QEMU as an arm64 kernel at EL2 (x0: device tree; MMU off, all
 * masked), goes on into the kernel behind it likewise, with another tree.
 */
#include "board.h"

#define SCTLR_MMU_ON 0x1005 /* I, C, M */

	.section .text.head, "ax"
	.globl	board_start
board_start:
	b	1f
	.long	0
	.quad	0			/* text_offset */
	.quad	BOARD_SIZE		/* image_size: the rig adds the kernel's */
	.quad	BOARD_IMAGE_FLAGS
	.quad	0, 0, 0
	.ascii	"ARM\x64"
	.long	0

1:	mov	x19, x0
	adrp	x0, stack_end
	add	sp, x0, :lo12:stack_end
	bl	board_map		/* x0: the table */
	ldr	x1, =BOARD_MAIR
	ldr	x2, =BOARD_TCR
	msr	ttbr0_el2, x0
	msr	mair_el2, x1
	msr	tcr_el2, x2
	isb
	tlbi	alle2
	dsb	nsh
	mrs	x0, sctlr_el2
	bic	x0, x0, #2		/* libfdt does unaligned access */
	mov	x1, #SCTLR_MMU_ON
	orr	x0, x0, x1
	msr	sctlr_el2, x0
	isb

	mov	x0, x19
	bl	board_main		/* x0: struct way_out, in memory */
	ldp	x4, x0, [x0]

	mrs	x1, sctlr_el2
	mov	x2, #SCTLR_MMU_ON
	bic	x1, x1, x2
	msr	sctlr_el2, x1
	isb
	ic	iallu
	dsb	nsh
	isb
	mov	x1, xzr
	mov	x2, xzr
	mov	x3, xzr
	br	x4

/*
 * A secondary CPU, from PSCI at EL2, MMU off.  x0: its release word, which
 * may be aligned to no more than 4.
 */
	.globl	board_wait, board_wait_late
board_wait_late:
	mrs	x1, cntfrq_el0
	mov	x2, #BOARD_LATE_SECONDS
	mul	x1, x1, x2
	mrs	x2, cntpct_el0
	add	x1, x1, x2
2:	yield
	mrs	x2, cntpct_el0
	cmp	x2, x1
	b.lo	2b
board_wait:
	ldp	w1, w2, [x0]
	orr	x1, x1, x2, lsl #32
	cbnz	x1, 3f
	wfe
	b	board_wait
3:	mov	x0, xzr
	mov	x2, xzr
	mov	x3, xzr
	br	x1

	.ltorg

	.bss
	.balign	16
	.space	0x4000
stack_end:
