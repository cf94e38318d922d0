/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* clang-format off */
/* Assembly: a CPU finds its place in the area.  For the doors of every level. */
#ifndef RESIDENT_ARM64_FIND_H
#define RESIDENT_ARM64_FIND_H

#include <baton/arm64/area.h>
#include "area/arm64/slot.h"

#define MPIDR_KEEP_HIGH 0xff00000000

/*
 * find_slot UNKNOWN: which CPU is this?  MMU on or off, no stack.  Out: x9 the area,
 * x13 the CPU's slot, sp the end of its stack there.  x10 to x14 are lost.  A CPU
 * that has no slot goes to UNKNOWN.
 */
	.macro find_slot unknown
	adr	x9, resident_start
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

#endif /* RESIDENT_ARM64_FIND_H */
