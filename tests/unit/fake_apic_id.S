/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* lib/x86_64/apic_id.S with CPUID, RDMSR and TDCALL of a machine that is not there. */
#include "lib/x86_64/tdx.h"
#undef TDX_TDCALL
#define TDX_TDCALL call fake_tdcall
#define cpuid call fake_cpuid
#define rdmsr call fake_rdmsr
#include "lib/x86_64/apic_id.S"
#undef cpuid
#undef rdmsr

/* Calls @function with rdi, an array of eax, ebx, ecx, edx, and loads them from it. */
	.macro	FAKE function
	push	%rbp
	mov	%rsp, %rbp
	push	%rdi
	push	%rsi
	push	%r8
	push	%r9
	sub	$16, %rsp
	mov	%eax, (%rsp)
	mov	%ebx, 4(%rsp)
	mov	%ecx, 8(%rsp)
	mov	%edx, 12(%rsp)
	mov	%rsp, %rdi
	and	$-16, %rsp
	mov	%rdi, %rbx
	call	\function
	mov	%rbx, %rsp
	mov	(%rsp), %eax
	mov	4(%rsp), %ebx
	mov	8(%rsp), %ecx
	mov	12(%rsp), %edx
	add	$16, %rsp
	pop	%r9
	pop	%r8
	pop	%rsi
	pop	%rdi
	pop	%rbp
	ret
	.endm

fake_cpuid:
	FAKE	test_apic_id_cpuid
fake_rdmsr:
	FAKE	test_apic_id_rdmsr

/* rdi = an array of rax, rcx, r10 to r15, which are loaded from it again. */
fake_tdcall:
	push	%rbp
	mov	%rsp, %rbp
	push	%rdi
	push	%rsi
	push	%rdx
	push	%r8
	push	%r9
	push	%rbx
	.irp	register, r15, r14, r13, r12, r11, r10, rcx, rax
	push	%\register
	.endr
	mov	%rsp, %rdi
	mov	%rsp, %rbx
	and	$-16, %rsp
	call	test_apic_id_tdcall
	mov	%rbx, %rsp
	.irp	register, rax, rcx, r10, r11, r12, r13, r14, r15
	pop	%\register
	.endr
	pop	%rbx
	pop	%r9
	pop	%r8
	pop	%rdx
	pop	%rsi
	pop	%rdi
	pop	%rbp
	ret
