/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include <baton/x86_64/registers.h>

/*
 * baton_leave(reset vector in rdi, page-table root in rsi): the way out of a
 * kernel.  On entry: 64-bit mode, interrupts off.  The page tables map this code
 * at the address that it has now, and the reset vector at its physical one: so
 * nothing but registers is used here.  Within a page: it is no longer than 64
 * bytes, and aligned to that.
 *
 * Global translations go first: a load of CR3 leaves them (Intel SDM volume 3,
 * "Operations that invalidate TLBs"), and the kernel may have a global page
 * where the reset vector is.
 */
	.text
	.balign 64
	.globl baton_leave_code
	.globl baton_leave
baton_leave_code:
baton_leave:
	cli
	cld
	mov	%cr4, %rax
	and	$~CR4_PGE, %rax
	mov	%rax, %cr4
	mov	%rsi, %cr3
	jmp	*%rdi
	.org	baton_leave_code + 64
