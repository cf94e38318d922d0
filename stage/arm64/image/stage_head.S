/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The stage in front of an arm64 Image, entered as a kernel: Linux,
 * Documentation/arch/arm64/booting.  x0: device tree; MMU and data cache off,
 * or on with this memory mapped where it is; any of EL1, EL2, EL3; all masked.
 */
#include "stage.h"
#include "lib/arm64/image_start.h"
#include "stage/arm64/switch.h"

	.section .text.head, "ax"
	.globl	stage_head_start
stage_head_start:
	image_header	STAGE_SIZE, 1f	/* the wrapper adds the kernel's */

	/* struct baton_wrap_arm64: "baton wrap" fills it in. */
	.globl	stage_head_wrap_info
stage_head_wrap_info:
	.quad	WRAP_ARM64_MAGIC
	.long	WRAP_ARM64_VERSION
	.space	52

1:	msr	daifset, #0xf
	mov	x19, x0
	adr	x20, stage_head_start

	/*
	 * What is written here with the caches off must not be overwritten by a line
	 * that a loader left dirty, nor hidden by one that it left clean.
	 */
	mov	x0, x20
	mov	x1, #STAGE_SIZE
	bl	cache_clean

	image_address	x0, stage_stack_end
	mov	sp, x0
	image_clear_bss
	image_relocate	x20

	mov	x0, x19
	mov	x1, x20
	mov	x2, #STAGE_SIZE
	bl	map_make		/* x0: struct mmu_registers */
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
	mov	x0, #HCR_RW
	msr	hcr_el2, x0
	isb
	b	el2

el1:	map_on	el1, vmalle1
	mov	x2, #1
	b	6f
el2:	map_on	el2, alle2
	mov	x2, #2
	b	6f
el3:	map_on	el3, alle3
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

	map_off	el1
	b	7f
out2:	map_off	el2
	b	7f
out3:	map_off	el3

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

	image	stage_head_resident_el2, "resident-el2.bin"
	image	stage_head_resident_spin, "resident-spin.bin"

	.bss
	.balign	16
	.space	0x8000
stage_stack_end:
