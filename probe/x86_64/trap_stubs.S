/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "traps.h"

/* Exceptions that push an error code: Intel SDM volume 3, "Exceptions with error codes". */
#define HAS_ERROR 0x60227d00

	.text
	.balign	TRAP_STUB_SIZE
	.globl trap_stubs
trap_stubs:
	.set	vector, 0
	.rept	256
	.balign	TRAP_STUB_SIZE
	.if	vector >= EXCEPTIONS || !(HAS_ERROR >> vector & 1)
	push	$0
	.endif
	pushq	$vector
	jmp	trap_common
	.set	vector, vector + 1
	.endr

/* struct trap_frame, and on in C. */
trap_common:
	cld
	.irp	register, rax, rbx, rcx, rdx, rsi, rdi, rbp, r8, r9, r10, r11, r12, r13, r14, r15
	push	%\register
	.endr
	mov	%rsp, %rdi
	call	traps_take
	mov	%rsp, %rdi
	.globl trap_stubs_resume
trap_stubs_resume:
	mov	%rdi, %rsp
	.irp	register, r15, r14, r13, r12, r11, r10, r9, r8, rbp, rdi, rsi, rdx, rcx, rbx, rax
	pop	%\register
	.endr
	add	$16, %rsp		/* vector, error code */
	iretq

/* trap_stubs_load(gdtr in rdi, idtr in rsi): and all selectors with them. */
	.globl trap_stubs_load
trap_stubs_load:
	lgdt	(%rdi)
	mov	$SELECTOR_DATA, %eax
	mov	%eax, %ss
	mov	%eax, %ds
	mov	%eax, %es
	mov	%eax, %fs
	mov	%eax, %gs
	pop	%rax
	pushq	$SELECTOR_CODE
	push	%rax
	mov	$SELECTOR_TSS, %eax
	ltr	%ax
	lidt	(%rsi)
	lretq

	.globl trap_stubs_unblock_nmis
trap_stubs_unblock_nmis:
	pop	%rdx
	mov	%rsp, %rax
	pushq	$SELECTOR_DATA
	push	%rax
	pushfq
	pushq	$SELECTOR_CODE
	push	%rdx
	iretq
