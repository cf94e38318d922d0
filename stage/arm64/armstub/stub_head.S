/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The stub: all CPUs of a Raspberry Pi come out of reset here, at EL3, MMU and
 * caches off.  The first one decides where the others go and opens the gate:
 * into the resident, or, if that can't be, to the spin-table of the device tree, as
 * with the firmware's own stub.
 */
#include "lib/arm64/image_start.h"
#include "stage/arm64/switch.h"
#include "stub.h"

#define SCR_PLAIN 0x5b1 /* NS, RES1, SMD, HCE, RW */
#define AFFINITY_0 0xff

	.section .text.head, "ax"
	.globl	stub_head_start
stub_head_start:
	b	start

	.org	STUB_SPIN_TABLE
spin_table:
	.quad	0, 0, 0
	.org	STUB_MAGIC_AT
	.long	STUB_MAGIC, 0
	.org	STUB_FDT
	.long	0
	.org	STUB_KERNEL
	.long	0

/* Where the other CPUs go on; 0: not known yet. */
	.globl	stub_head_gate
stub_head_gate:	.quad	0

start:	msr	daifset, #0xf
	mrs	x19, mpidr_el1
	and	x19, x19, #AFFINITY_0
	cmp	x19, #STUB_CPUS
	b.hs	unknown
	image_address	x0, stacks
	add	x1, x19, #1
	mov	x2, #STUB_STACK_SIZE
	madd	x0, x1, x2, x0
	mov	sp, x0
	bl	stub_cpu
	cbz	x19, first
	adr	x20, stub_head_gate
1:	wfe
	ldr	x0, [x20]
	cbz	x0, 1b
	br	x0

unknown:
	wfe
	b	unknown

first:	adr	x0, stub_head_start
	ldr	w24, [x0, #STUB_FDT]
	ldr	w25, [x0, #STUB_KERNEL]
	adr	x0, spin_table		/* not every firmware has cleared its last word */
	stp	xzr, xzr, [x0]
	stp	xzr, xzr, [x0, #16]
	mov	x0, x24
	mov	x1, xzr
	mov	x2, #STUB_SIZE
	bl	map_make		/* x0: struct mmu_registers */
	ldp	x21, x22, [x0]		/* MAIR, TCR */
	ldr	x23, [x0, #16]		/* TTBR */
	mov	x0, xzr
	mov	x1, #STUB_SIZE
	bl	cache_clean
	map_on	el3, alle3
	mov	x0, x24
	mov	x1, x25
	bl	stub_main		/* x0: struct way_out */
	ldp	x19, x20, [x0]
	ldr	x21, [x0, #16]
	map_off	el3

	/*
	 * EL3's lines are of Secure memory, the kernel's are not: one that is dirty and
	 * goes to memory later would overwrite what the kernel has put there.
	 */
	mov	x0, xzr
	mov	x1, #STUB_SIZE
	bl	cache_clean
	mov	x0, x20
	mov	x1, x21
	br	x19

/*
 * Without a resident there are two entries like its own.  Both leave a CPU as the
 * firmware's stub does: SMC undefined, nothing else trapped.
 */
	.macro	to_el2
	mov	x2, #SCR_PLAIN
	msr	scr_el3, x2
	msr	cptr_el3, xzr
	msr	cntvoff_el2, xzr
	ldr	x2, =SCTLR_EL2_OFF
	msr	sctlr_el2, x2
	mov	x2, #SPSR_EL2H_MASKED
	msr	spsr_el3, x2
	adr	x2, 1f
	msr	elr_el3, x2
	eret
1:
	.endm

/* A CPU waits for the kernel's call, in the page that the kernel leaves alone. */
	.globl	stub_head_plain_arrive
stub_head_plain_arrive:
	to_el2
	mrs	x6, mpidr_el1
	and	x6, x6, #AFFINITY_0
	adr	x5, spin_table
2:	wfe
	ldr	x4, [x5, x6, lsl #3]
	cbz	x4, 2b
	mov	x1, xzr
	b	3f

/* The boot CPU: on to x0, with x1 there in x0. */
	.globl	stub_head_plain_depart
stub_head_plain_depart:
	mov	x4, x0
	to_el2
3:	mov	x0, x1
	mov	x1, xzr
	mov	x2, xzr
	mov	x3, xzr
	br	x4

	.ltorg
	.globl	stub_head_page_end
stub_head_page_end:

	.section .rodata
	.globl	stub_head_resident, stub_head_resident_size
	.balign	16
stub_head_resident:
	.incbin	"resident-el3.bin"
resident_end:
	.balign	8
stub_head_resident_size:
	.quad	resident_end - stub_head_resident

	/* CPUs without caches use them while the first one has its on: no line is shared. */
	.bss
	.balign	STUB_STACK_SIZE
stacks:	.space	STUB_CPUS * STUB_STACK_SIZE
