/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The head of the smallest kernel, as Linux, Documentation/arch/arm64/booting, has it.  On
 * entry: x0 = device tree, MMU and data cache off, EL1 or EL2.  On to kernel_main() on an
 * identity map, with a stack.
 */
#include "lib/arm64/image_start.h"
#include "lib/arm64/mmu_switch.h"

#define IMAGE_SIZE 0x200000		/* image.lds sees to it that all fits */

	.section .text.head, "ax"
	.globl	kernel_head_start
kernel_head_start:
	image_header	IMAGE_SIZE, 1f

	/* The loader has cleaned what is in the file; of the rest it may have left lines. */
1:	mov	x19, x0
	adr	x20, kernel_head_start
	image_address	x21, kernel_end
	mov	x0, x20
	sub	x1, x21, x20
	bl	cache_clean
	image_clear_bss
	mov	sp, x21
	image_relocate	x20

	mov	x0, x19
	mov	x1, x20
	bl	mmu_tables		/* x0: struct mmu_registers */
	ldp	x1, x2, [x0]
	ldp	x3, x4, [x0, #16]
	dsb	sy			/* the tables are in memory: they were written without caches */
	mrs	x5, CurrentEL
	tbz	x5, #(CURRENT_EL_SHIFT + 1), 2f
	mmu_on	el2, alle2, x1, x2, x3, x4
	b	3f
2:	mmu_on	el1, vmalle1, x1, x2, x3, x4

3:	mov	x0, x19
	bl	kernel_main
4:	wfi
	b	4b
