/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The stage in front of an arm64 Image, entered as a kernel: Linux,
 * Documentation/arch/arm64/booting.  x0: device tree; MMU and data cache off,
 * or on with this memory mapped where it is; any of EL1, EL2, EL3; all masked.
 */
#include "head.h"
#include "stage/arm64/switch.S"

#define HCR_EL2_RW 0x80000000

	.section .text.head, "ax"
	.globl	stage_start
stage_start:
	b	1f
	.long	0
	.quad	0			/* text_offset: at the start of a 2 MiB block */
	.quad	STAGE_SIZE		/* the wrapper adds the kernel's */
	.quad	IMAGE_FLAGS_ANYWHERE
	.quad	0, 0, 0
	.ascii	"ARM\x64"
	.long	0

	/* struct baton_wrap_arm64: "baton wrap" fills it in. */
	.globl	wrap_info
wrap_info:
	.quad	WRAP_ARM64_MAGIC
	.long	WRAP_ARM64_VERSION
	.space	52

1:	msr	daifset, #0xf
	mov	x19, x0
	adr	x20, stage_start

	/*
	 * What is written here with the caches off must not be overwritten by a line
	 * that a loader left dirty, nor hidden by one that it left clean.
	 */
	mov	x0, x20
	mov	x1, #STAGE_SIZE
	bl	cache_clean

	adrp	x0, stage_stack_end
	add	x0, x0, :lo12:stage_stack_end
	mov	sp, x0
	adrp	x0, bss_start
	add	x0, x0, :lo12:bss_start
	adrp	x1, bss_end
	add	x1, x1, :lo12:bss_end
2:	cmp	x0, x1
	b.hs	3f
	str	xzr, [x0], #8
	b	2b

	/* Addresses in data are relative to 0 until here: Elf64_Rela, type RELATIVE. */
3:	adrp	x0, rela_start
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

5:	mov	x0, x19
	mov	x1, x20
	bl	mmu_tables		/* x0: struct mmu_registers */
	ldp	x21, x22, [x0]		/* MAIR, TCR */
	ldr	x23, [x0, #16]		/* TTBR */
	mov	x0, x20
	mov	x1, #STAGE_SIZE
	bl	cache_clean

	mrs	x0, CurrentEL
	lsr	x0, x0, #CURRENT_EL_SHIFT
	cmp	x0, #2
	b.hi	el3
	b.lo	el1

	/* A kernel that starts another by kexec may leave E2H set: the tables are not for that. */
	mov	x0, #HCR_EL2_RW
	msr	hcr_el2, x0
	isb
	b	el2

el1:	mmu_on	el1, vmalle1
	mov	x2, #1
	b	6f
el2:	mmu_on	el2, alle2
	mov	x2, #2
	b	6f
el3:	mmu_on	el3, alle3
	mov	x2, #3

6:	mov	x24, x2
	mov	x0, x19
	mov	x1, x20
	bl	stage_main		/* x0: struct way_out */
	ldp	x19, x20, [x0]
	ldp	x21, x22, [x0, #16]
	ldr	x23, [x0, #32]
	cmp	x24, #2
	b.hi	out3
	b.eq	out2

	mmu_off	el1
	b	7f
out2:	mmu_off	el2
	b	7f
out3:	mmu_off	el3

	/*
	 * Nobody has a cacheable map of it any more, so that nothing comes back: what the
	 * stage's own map has let into a cache is older than what the resident has written.
	 */
7:	cbz	x23, 8f
	mov	x0, x22
	mov	x1, x23
	bl	cache_clean
8:	mov	x0, x20
	mov	x1, x21
	mov	x2, xzr
	mov	x3, xzr
	br	x19

	.section .rodata
	.macro	image name, file
	.globl	\name, \name\()_size
	.balign	16
\name:
	.incbin	"\file"
\name\()_end:
	.balign	8
\name\()_size:
	.quad	\name\()_end - \name
	.endm

	image	resident_el2, "resident-el2.bin"
	image	resident_spin, "resident-spin.bin"

	.bss
	.balign	16
	.space	0x8000
stage_stack_end:
