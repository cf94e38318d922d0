/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* TDCALL: what C can't express. */
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
