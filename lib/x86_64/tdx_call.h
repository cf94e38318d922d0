/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* clang-format off */
/*
 * For assembly on a CPU that has no stack and no IDT of its own yet: whether this is a TDX
 * guest (a TD), and TDVMCALL.  C has guest.h and tdx.h.
 */
#ifndef LIB_X86_64_TDX_CALL_H
#define LIB_X86_64_TDX_CALL_H

#include "lib/x86_64/guest.h"
#include "lib/x86_64/tdx.h"

#ifdef __ASSEMBLER__
/* Jumps to @label unless this is a TD, as guest_is_tdx().  Changes rax, rbx, rcx, rdx, flags. */
	.macro	tdx_call_unless label
	xor	%eax, %eax
	cpuid
	cmp	$TDX_LEAF, %eax
	jb	\label
	mov	$TDX_LEAF, %eax
	xor	%ecx, %ecx
	cpuid
	cmp	$TDX_EBX, %ebx
	jne	\label
	cmp	$TDX_EDX, %edx
	jne	\label
	cmp	$TDX_ECX, %ecx
	jne	\label
	.endm

/* The registers for the TDCALL of tdx_call_host, which has to follow. */
	.macro	tdx_call_prepare function, r12
	xor	%eax, %eax		/* TDG.VP.VMCALL */
	mov	$TDX_EXPOSED, %ecx
	xor	%r10d, %r10d
	mov	\function, %r11d
	mov	\r12, %r12d
	xor	%r13d, %r13d
	xor	%r14d, %r14d
	xor	%r15d, %r15d
	.endm

/*
 * TDG.VP.VMCALL of @function with one argument, @r12 (GHCI 1.0).  RAX and R10 are 0 if module
 * and host have done it; R11 to R15 are the answer.  Changes rcx and flags besides.
 */
	.macro	tdx_call_host function, r12
	tdx_call_prepare \function, \r12
	TDX_TDCALL
	.endm

/* Interrupts off, and never again anything else: HLT is an exception in a TD. */
	.macro	tdx_call_stop
	cli
	tdx_call_unless 9f
8:	tdx_call_host $TDX_REASON_HLT, $1 /* interrupts are off */
	jmp	8b
9:	hlt
	jmp	9b
	.endm
#endif

#endif /* LIB_X86_64_TDX_CALL_H */
