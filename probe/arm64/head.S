/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The probe as an arm64 Image: Linux, Documentation/arch/arm64/booting.  x0: device
 * tree; MMU and data cache off, all masked, EL1 or EL2.
 */
#include "head.h"
#include "lib/arm64/image_start.h"
#include "lib/arm64/mmu_switch.h"

	.section .text.head, "ax"
	.globl	head_start
head_start:
	image_header	size_image, 1f

1:	msr	daifset, #0xf
	msr	spsel, #1
	mov	x19, x0
	adr	x20, head_start
	mrs	x21, CurrentEL
	cmp	x21, #LEVEL_2
	b.hi	park
	b.ne	2f
	mov	x0, #HCR_WANTED
	msr	hcr_el2, x0
	isb

	/*
	 * What is written here with the caches off must not be overwritten by a line
	 * that a loader left dirty, nor hidden by one that it left clean.
	 */
2:	image_address	x22, image_end
	mov	x0, x20
	sub	x1, x22, x20
	bl	cache_clean
	image_address	x0, boot_stack_end
	mov	sp, x0
	image_clear_bss
	image_relocate	x20

	mov	x0, x19
	bl	mmu_first_tables
	mov	x23, x0
	mov	x0, x20
	sub	x1, x22, x20
	bl	cache_clean
	mov	x0, x23
	bl	head_mmu_load
	mov	x0, x19
	bl	main_start

park:	wfe
	b	park

	.text
	/* Nothing is read from memory while the MMU is off, but instructions. */
	.globl	head_mmu_load
head_mmu_load:
	ldp	x1, x2, [x0]
	ldp	x3, x4, [x0, #16]
	mrs	x5, CurrentEL
	cmp	x5, #LEVEL_2
	b.eq	1f
	mmu_off	el1, (SCTLR_M | SCTLR_C), x5, x6
	mmu_on	el1, vmalle1, x1, x2, x3, x4
	ret
1:	mmu_off	el2, (SCTLR_M | SCTLR_C), x5, x6
	mmu_on	el2, alle2, x1, x2, x3, x4
	ret

	.globl	head_context_save
head_context_save:
	stp	x19, x20, [x0]
	stp	x21, x22, [x0, #16]
	stp	x23, x24, [x0, #32]
	stp	x25, x26, [x0, #48]
	stp	x27, x28, [x0, #64]
	stp	x29, x30, [x0, #80]
	mov	x1, sp
	str	x1, [x0, #96]
	mov	x0, xzr
	ret

	.globl	head_context_restore
head_context_restore:
	ldp	x19, x20, [x0]
	ldp	x21, x22, [x0, #16]
	ldp	x23, x24, [x0, #32]
	ldp	x25, x26, [x0, #48]
	ldp	x27, x28, [x0, #64]
	ldp	x29, x30, [x0, #80]
	ldr	x1, [x0, #96]
	mov	sp, x1
	mov	x0, #1
	ret

/* x2 to x30, from or to the registers' places behind x0. */
	.macro	most_registers pair, one
	\pair	x2, x3, [x0, #16]
	\pair	x4, x5, [x0, #32]
	\pair	x6, x7, [x0, #48]
	\pair	x8, x9, [x0, #64]
	\pair	x10, x11, [x0, #80]
	\pair	x12, x13, [x0, #96]
	\pair	x14, x15, [x0, #112]
	\pair	x16, x17, [x0, #128]
	\pair	x18, x19, [x0, #144]
	\pair	x20, x21, [x0, #160]
	\pair	x22, x23, [x0, #176]
	\pair	x24, x25, [x0, #192]
	\pair	x26, x27, [x0, #208]
	\pair	x28, x29, [x0, #224]
	\one	x30, [x0, #240]
	.endm

	/* [sp]: x0 and x1 as they came, then the callee's own registers, then a place for two. */
	.globl	head_firmware_call
head_firmware_call:
	sub	sp, sp, #128
	stp	x0, x1, [sp]
	stp	x19, x20, [sp, #16]
	stp	x21, x22, [sp, #32]
	stp	x23, x24, [sp, #48]
	stp	x25, x26, [sp, #64]
	stp	x27, x28, [sp, #80]
	stp	x29, x30, [sp, #96]
	cmp	x1, #0			/* nothing until the branch changes the flags */
	most_registers ldp, ldr
	ldp	x0, x1, [x0]
	b.ne	1f
	hvc	#0
	b	2f
1:	smc	#0
2:	stp	x0, x1, [sp, #112]
	ldr	x0, [sp]
	most_registers stp, str
	ldp	x2, x3, [sp, #112]
	stp	x2, x3, [x0]
	ldp	x19, x20, [sp, #16]
	ldp	x21, x22, [sp, #32]
	ldp	x23, x24, [sp, #48]
	ldp	x25, x26, [sp, #64]
	ldp	x27, x28, [sp, #80]
	ldp	x29, x30, [sp, #96]
	add	sp, sp, #128
	ret

	/* No more data is read or written: neither its order nor the stack matters. */
	.macro	spoil level, garbage
	msr	ttbr0_\level, \garbage
	msr	tcr_\level, \garbage
	msr	mair_\level, \garbage
	msr	vbar_\level, \garbage
	msr	tpidr_\level, \garbage
	msr	elr_\level, \garbage
	msr	spsr_\level, \garbage
	mrs	x5, sctlr_\level
	orr	x5, x5, #SCTLR_EE
	msr	sctlr_\level, x5
	.endm

	.globl	head_leave_to
head_leave_to:
	msr	daifset, #0xf
	mrs	x4, CurrentEL
	cmp	x4, #LEVEL_2
	b.eq	1f
	mmu_off	el1, (SCTLR_M | SCTLR_C), x5, x6
	cbz	x1, 3f
	spoil	el1, x1
	b	2f
1:	mmu_off	el2, (SCTLR_M | SCTLR_C), x5, x6
	cbz	x1, 3f
	spoil	el2, x1
	cbz	x2, 2f
	msr	hcr_el2, x2
2:	msr	spsel, #0
	mov	sp, x1
	.irp	n, 2,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30
	mov	x\n, x1
	.endr
3:	isb
	mov	x1, x0
	mov	x0, x3
	br	x1

	/* Entry: MMU off or on, x0: function.  Not for calls that return. */
	.globl	head_last_hvc, head_last_smc
head_last_hvc:
	hvc	#0
	b	park
head_last_smc:
	smc	#0
	b	park

	/* Save all as struct trap_frame; traps_take() sets where to go on. */
	.macro	vector
	.balign	128
	b	trapped
	.endm

	.balign	2048
	.globl	head_vectors
head_vectors:
	.rept	16
	vector
	.endr

trapped:
	sub	sp, sp, #FRAME_SIZE
	stp	x0, x1, [sp]
	mov	x0, sp
	most_registers stp, str
	bl	traps_take
	mov	x0, sp
	most_registers ldp, ldr
	ldp	x0, x1, [sp]
	add	sp, sp, #FRAME_SIZE
	eret

	.bss
	.balign	16
	.space	0x8000
boot_stack_end:
