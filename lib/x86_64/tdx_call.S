/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* TDCALL, and the way into and out of the handler for #VE: what C can't express. */
#include "lib/x86_64/tdx.h"

	.text

/*
 * uint64_t tdx_vmcall(function, r12, r13, r14, r15, answer).  Of all registers the host sees
 * R10 to R15 alone; the module keeps the others.
 */
	.globl tdx_vmcall
tdx_vmcall:
	push	%r12
	push	%r13
	push	%r14
	push	%r15
	mov	%r8, %r15
	mov	%rcx, %r14
	mov	%rdx, %r13
	mov	%rsi, %r12
	mov	%rdi, %r11
	xor	%r10d, %r10d
	mov	$TDX_EXPOSED, %ecx
	xor	%eax, %eax		/* TDG.VP.VMCALL */
	TDX_TDCALL
	mov	%r11, (%r9)
	mov	%r12, 8(%r9)
	mov	%r13, 16(%r9)
	mov	%r14, 24(%r9)
	mov	%r15, 32(%r9)
	test	%rax, %rax
	cmovz	%r10, %rax
	pop	%r15
	pop	%r14
	pop	%r13
	pop	%r12
	ret

/* uint64_t tdx_module(leaf, rcx, rdx, result). */
	.globl tdx_module
tdx_module:
	push	%rcx
	mov	%rdi, %rax
	mov	%rsi, %rcx
	xor	%r8d, %r8d
	xor	%r9d, %r9d
	TDX_TDCALL
	pop	%rsi
	mov	%rcx, (%rsi)
	mov	%rdx, 8(%rsi)
	mov	%r8, 16(%rsi)
	mov	%r9, 24(%rsi)
	mov	%r10, 32(%rsi)
	mov	%r11, 40(%rsi)
	ret

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
