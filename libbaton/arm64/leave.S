/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include <baton/arm64/registers.h>

/*
 * baton_leave(return address in x0, page-table root in x1, code in x2): out of the kernel's
 * address space.  On entry: EL1 or EL2.  The root maps this code where it is, unless
 * TTBR1 does; and the code in x2 at its physical address.
 *
 * The TLB goes after the root: the kernel may have something else where that code is.
 */
	.text
	.globl	baton_leave
baton_leave:
	msr	daifset, #0xf
	cbz	x1, 2f
	mrs	x3, CurrentEL
	lsr	x3, x3, #CURRENT_EL_SHIFT
	cmp	x3, #2
	b.eq	1f
	msr	ttbr0_el1, x1
	isb
	tlbi	vmalle1
	dsb	nsh
	isb
	br	x2
1:	msr	ttbr0_el2, x1
	isb
	tlbi	alle2
	dsb	nsh
	isb
2:	br	x2
