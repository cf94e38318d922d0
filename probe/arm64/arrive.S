/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "arrival.h"
#include "head.h"
#include "lib/arm64/mmu_switch.h"

/*
 * Entry: whatever the holder of the CPU has left, at EL1 or EL2, MMU off; the page
 * is not in any cache.  Writes down all registers, then goes on, if the level is the
 * one that is wanted, to entry(cpu) on the page's stack and page tables.
 * The page is copied to where it is used.
 */
	.section .rodata
	.balign	ARRIVAL_SIZE
	.globl	arrive_template
arrive_template:
	msr	tpidr_el0, x0		/* the one register whose old value is lost */
	adr	x0, arrive_template + ARRIVAL_DATA
	str	x1, [x0, #(ARRIVAL_GENERAL + 8)]
	mrs	x1, tpidr_el0
	str	x1, [x0, #ARRIVAL_GENERAL]
	stp	x2, x3, [x0, #(ARRIVAL_GENERAL + 16)]
	stp	x4, x5, [x0, #(ARRIVAL_GENERAL + 32)]
	stp	x6, x7, [x0, #(ARRIVAL_GENERAL + 48)]
	stp	x8, x9, [x0, #(ARRIVAL_GENERAL + 64)]
	stp	x10, x11, [x0, #(ARRIVAL_GENERAL + 80)]
	stp	x12, x13, [x0, #(ARRIVAL_GENERAL + 96)]
	stp	x14, x15, [x0, #(ARRIVAL_GENERAL + 112)]
	stp	x16, x17, [x0, #(ARRIVAL_GENERAL + 128)]
	stp	x18, x19, [x0, #(ARRIVAL_GENERAL + 144)]
	stp	x20, x21, [x0, #(ARRIVAL_GENERAL + 160)]
	stp	x22, x23, [x0, #(ARRIVAL_GENERAL + 176)]
	stp	x24, x25, [x0, #(ARRIVAL_GENERAL + 192)]
	stp	x26, x27, [x0, #(ARRIVAL_GENERAL + 208)]
	stp	x28, x29, [x0, #(ARRIVAL_GENERAL + 224)]
	str	x30, [x0, #(ARRIVAL_GENERAL + 240)]

	mrs	x1, CurrentEL
	str	x1, [x0, #ARRIVAL_LEVEL]
	mrs	x2, spsel
	str	x2, [x0, #ARRIVAL_SPSEL]
	mrs	x2, daif
	str	x2, [x0, #ARRIVAL_DAIF]
	mrs	x2, mpidr_el1
	str	x2, [x0, #ARRIVAL_MPIDR]
	mrs	x2, sctlr_el1
	mov	x3, xzr
	cmp	x1, #LEVEL_2
	b.ne	1f
	mrs	x2, sctlr_el2
	mrs	x3, hcr_el2
1:	str	x2, [x0, #ARRIVAL_SCTLR]
	str	x3, [x0, #ARRIVAL_HCR]
	ldr	x2, [x0, #ARRIVAL_COUNT]
	add	x2, x2, #1
	str	x2, [x0, #ARRIVAL_COUNT]
	dsb	sy			/* in memory before any other CPU can learn of it */

	msr	daifset, #0xf
	ldr	x2, [x0, #ARRIVAL_LEVEL_WANTED]
	cmp	x1, x2
	b.eq	3f
2:	wfe				/* at another level there is nothing to go on with */
	b	2b

3:	ldp	x4, x5, [x0, #ARRIVAL_REGISTERS]
	ldp	x6, x7, [x0, #(ARRIVAL_REGISTERS + 16)]
	ldr	x8, [x0, #ARRIVAL_STACK]
	ldr	x9, [x0, #ARRIVAL_ENTRY]
	ldr	x0, [x0, #ARRIVAL_CPU]
	msr	spsel, #1
	mov	sp, x8
	cmp	x1, #LEVEL_2
	b.eq	4f
	mmu_on	el1, vmalle1, x4, x5, x6, x7
	br	x9
4:	mov	x1, #HCR_WANTED
	msr	hcr_el2, x1
	isb
	mmu_on	el2, alle2, x4, x5, x6, x7
	br	x9
	.balign	ARRIVAL_DATA
	.space	ARRIVAL_SIZE - ARRIVAL_DATA
