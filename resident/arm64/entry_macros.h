/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* clang-format off */
/* Assembly: steps of the way in that all residents share. */
#ifndef RESIDENT_ARM64_ENTRY_MACROS_H
#define RESIDENT_ARM64_ENTRY_MACROS_H

#include "lib/arm64/mmu_switch.h"
#include "entry.h"

#define MPIDR_KEEP_HIGH 0xff00000000

/*
 * entry_find_slot UNKNOWN: which CPU is this?  MMU on or off, no stack.  Out: x9 the area,
 * x13 the CPU's slot, sp the end of its stack there.  Changes x10 to x14.  A CPU
 * that has no slot goes to UNKNOWN.
 */
	.macro entry_find_slot unknown
	adr	x9, entry_start
	sub	x9, x9, #BATON_AREA_RESIDENT
	mrs	x10, mpidr_el1
	and	x11, x10, #0xffffff
	and	x10, x10, #MPIDR_KEEP_HIGH
	orr	x10, x10, x11
	ldr	w12, [x9, #BATON_AREA_NCPUS]
	mov	x13, #BATON_AREA_SLOTS
	add	x13, x9, x13		/* struct psci_cpu[] or spin_cpu[]: MPIDRs come first */
	mov	x11, xzr
1:	cmp	x11, x12
	b.hs	\unknown
	ldr	x14, [x13]
	cmp	x14, x10
	b.eq	2f
	add	x13, x13, #(1 << AREA_CPU_SHIFT)
	add	x11, x11, #1
	b	1b

	/* Own slot, own stack: behind the CPUs. */
2:	mov	x13, #BATON_AREA_SLOTS
	add	x13, x9, x13
	add	x13, x13, x12, lsl #AREA_CPU_SHIFT
	add	x13, x13, x11, lsl #SLOT_SHIFT
	add	x14, x13, #SLOT_SIZE
	mov	sp, x14
	.endm

/*
 * entry_own_map LEVEL, INVALIDATE: own page tables, caches on; exclusives and coherent
 * memory begin here.  Own vectors; TPIDR of the level is the slot.  In: x9 and x13 of
 * entry_find_slot.  Changes x14 to x17.  LEVEL, INVALIDATE: as for mmu_on.
 */
	.macro entry_own_map level, invalidate
	ldp	x14, x15, [x9, #BATON_AREA_REGISTERS]
	ldr	x16, [x9, #(BATON_AREA_REGISTERS + 16)]
	ldr	x17, =SCTLR_EL2_ON	/* EL3's is the same */
	mmu_on	\level, \invalidate, x14, x15, x16, x17
	adr	x14, entry_vectors
	msr	vbar_\level, x14
	msr	tpidr_\level, x13
	isb
	.endm

/*
 * entry_own_fault LEVEL: an exception in the resident itself, which should never come.  The
 * CPU is recorded as failed, on an empty stack, and stays.
 */
	.macro entry_own_fault level
	mrs	x0, tpidr_\level
	add	x1, x0, #SLOT_SIZE
	mov	sp, x1
	mrs	x1, elr_\level
	b	record_failed
	.endm

#endif /* RESIDENT_ARM64_ENTRY_MACROS_H */
