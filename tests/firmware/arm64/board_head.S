/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * Entered by QEMU as an arm64 kernel at EL2 (x0: device tree; MMU off, all
 * masked), goes on into the kernel behind it likewise, with another tree.
 */
#include "lib/arm64/image_start.h"
#include "lib/arm64/mmu_switch.h"
#include "board.h"

	.section .text.head, "ax"
	.globl	board_head_start
board_head_start:
	image_header	BOARD_SIZE, 1f	/* the rig adds the kernel's */

1:	mov	x19, x0
	image_address	x0, stack_end
	mov	sp, x0
	bl	board_map		/* x0: struct mmu_registers */
	ldp	x1, x2, [x0]
	ldr	x3, [x0, #16]
	mmu_sctlr	el2, x4, x5
	mmu_on	el2, alle2, x1, x2, x3, x4

	mov	x0, x19
	bl	board_main		/* x0: struct way_out, in memory */
	ldp	x4, x0, [x0]

	mmu_off	el2, (SCTLR_I | SCTLR_C | SCTLR_M), x1, x2
	mmu_drop_instructions
	mov	x1, xzr
	mov	x2, xzr
	mov	x3, xzr
	br	x4

/*
 * A secondary CPU, from PSCI at EL2, MMU off.  x0: its release word, which
 * may be aligned to no more than 4.
 */
	.globl	board_head_wait, board_head_wait_late
board_head_wait_late:
	mrs	x1, cntfrq_el0
	mov	x2, #BOARD_LATE_SECONDS
	mul	x1, x1, x2
	mrs	x2, cntpct_el0
	add	x1, x1, x2
2:	yield
	mrs	x2, cntpct_el0
	cmp	x2, x1
	b.lo	2b
board_head_wait:
	ldp	w1, w2, [x0]
	orr	x1, x1, x2, lsl #32
	cbnz	x1, 3f
	wfe
	b	board_head_wait
3:	mov	x0, xzr
	mov	x2, xzr
	mov	x3, xzr
	br	x1

	.ltorg

	.bss
	.balign	16
	.space	0x4000
stack_end:
