/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The head of the smallest kernel, as Linux, Documentation/arch/arm64/booting, has it.  On
 * entry: x0 = device tree, MMU and data cache off, EL1 or EL2.  On to kernel_main() on an
 * identity map, with a stack.
 */
#define IMAGE_SIZE 0x200000		/* image.lds sees to it that all fits */

	.section .text.head, "ax"
	.globl	kernel_start
kernel_start:
	b	1f
	.long	0
	.quad	0			/* text_offset */
	.quad	IMAGE_SIZE
	.quad	0xa			/* pages of 4 KiB, anywhere */
	.quad	0, 0, 0
	.ascii	"ARM\x64"
	.long	0

	/* The loader has cleaned what is in the file; of the rest it may have left lines. */
1:	mov	x19, x0
	adr	x20, kernel_start
	adrp	x21, kernel_end
	add	x21, x21, :lo12:kernel_end
	mrs	x3, ctr_el0
	ubfx	x3, x3, #16, #4		/* DminLine: log2 of words */
	mov	x4, #4
	lsl	x4, x4, x3
	mov	x0, x20
2:	dc	civac, x0
	add	x0, x0, x4
	cmp	x0, x21
	b.lo	2b
	dsb	sy

	adrp	x0, bss_start
	add	x0, x0, :lo12:bss_start
3:	str	xzr, [x0], #8
	cmp	x0, x21
	b.lo	3b
	mov	sp, x21

	/* Addresses in data are relative to 0 until here: Elf64_Rela, type RELATIVE. */
	adrp	x0, rela_start
	add	x0, x0, :lo12:rela_start
	adrp	x1, rela_end
	add	x1, x1, :lo12:rela_end
4:	cmp	x0, x1
	b.hs	5f
	ldr	x2, [x0], #16
	ldr	x3, [x0], #8
	add	x3, x3, x20
	str	x3, [x2, x20]
	b	4b
5:
	mov	x0, x19
	mov	x1, x20
	bl	mmu_on
	mov	x0, x19
	bl	kernel_main
6:	wfi
	b	6b
