/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* The way into and out of the handler for #VE. */

	.text

/* On entry: as after a #VE, which has no error code.  rsp ends up a multiple of 16. */
	.globl tdx_ve_entry
tdx_ve_entry:
	endbr64
	push	%r15			/* struct tdx_frame */
	push	%r14
	push	%r13
	push	%r12
	push	%r11
	push	%r10
	push	%r9
	push	%r8
	push	%rdi
	push	%rsi
	push	%rbp
	push	%rbx
	push	%rdx
	push	%rcx
	push	%rax
	pushq	$0			/* the #VE's reason and qualification */
	pushq	$0
	cld
	mov	%rsp, %rdi
	call	tdx_ve
	test	%al, %al
	jz	1f
	add	$16, %rsp
	pop	%rax
	pop	%rcx
	pop	%rdx
	pop	%rbx
	pop	%rbp
	pop	%rsi
	pop	%rdi
	pop	%r8
	pop	%r9
	pop	%r10
	pop	%r11
	pop	%r12
	pop	%r13
	pop	%r14
	pop	%r15
	iretq
1:	mov	%rsp, %rdi
	call	tdx_port_fatal
	ud2
