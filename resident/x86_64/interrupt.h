/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* clang-format off */
/* Assembly: the handler of interrupts, platform_interrupt, which both platforms share. */
#ifndef RESIDENT_X86_64_INTERRUPT_H
#define RESIDENT_X86_64_INTERRUPT_H

/*
 * An interrupt: only to be let in.  The EOI is its taker's.  One that comes just before the
 * instruction at "halt", in which platform_halt sleeps, must not be slept over: an NMI between
 * sti and that instruction ends the shadow of sti that should keep it away until then.  The
 * instruction has @length bytes.  edx becomes 1 if the CPU is in platform_halt; no other register
 * is changed.
 */
	.macro	interrupt_handler length
	push	%rcx
	lea	halt(%rip), %rcx
	cmp	%rcx, 8(%rsp)
	jne	1f
	addq	$\length, 8(%rsp)
1:	add	$\length, %rcx
	cmp	%rcx, 8(%rsp)
	pop	%rcx
	jne	2f
	mov	$1, %edx
2:	iretq
	.endm

#endif /* RESIDENT_X86_64_INTERRUPT_H */
