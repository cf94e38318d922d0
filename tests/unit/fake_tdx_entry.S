/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * resident/x86_64/tdx/entry.S with a TDX module, a host and interrupts that are not there:
 * TDCALL calls test_tdx_entry_tdcall(), and an interrupt comes where it is to come.
 */
#include "lib/x86_64/tdx.h"
#undef TDX_TDCALL
#define TDX_TDCALL call fake_tdcall
/* The call has 5 bytes. */
#undef TDX_TDCALL_LENGTH
#define TDX_TDCALL_LENGTH 5
#define sti call fake_sti
#define cli nop
#define lidt testb $0,
#include "resident/x86_64/tdx/entry.S"

#define USER_CS 0x33
#define USER_SS 0x2b

	.text

/* struct slot *fake_tdx_entry_identify(area): NULL can't be; it may not return. */
	.globl fake_tdx_entry_identify
fake_tdx_entry_identify:
	push	%rbx
	push	%rbp
	push	%r12
	push	%r13
	push	%r14
	push	%r15
	mov	%rdi, %rbp
	jmp	platform_identify
	.globl reset_identified
reset_identified:
	mov	%rbx, %rax
	pop	%r15
	pop	%r14
	pop	%r13
	pop	%r12
	pop	%rbp
	pop	%rbx
	ret

/* uint64_t fake_tdx_entry_elsewhere(rdx): an interrupt that is not in platform_halt. */
	.globl fake_tdx_entry_elsewhere
fake_tdx_entry_elsewhere:
	mov	%rdi, %rdx
	call	interrupt
	nop
	mov	%rdx, %rax
	ret

	.globl traps_again
traps_again:
	ud2

fake_sti:
	cmpl	$1, test_tdx_entry_interrupt(%rip)
	je	interrupt
	ret

/* An interrupt at the instruction behind the call, on the same stack. */
interrupt:
	pop	resume(%rip)
	mov	%rsp, stack(%rip)
	and	$-16, %rsp
	pushq	$USER_SS
	push	stack(%rip)
	pushfq
	pushq	$USER_CS
	push	resume(%rip)
	jmp	platform_interrupt

/* test_tdx_entry_tdcall() has the registers that a TDCALL may read or write, rdx among them. */
fake_tdcall:
	push	%rbp
	push	%rsi
	push	%rdi
	push	%r15
	push	%r14
	push	%r13
	push	%r12
	push	%r11
	push	%r10
	push	%r9
	push	%r8
	push	%rdx
	push	%rcx
	push	%rax
	mov	%rsp, %rdi
	mov	%rsp, %rbp
	and	$-16, %rsp
	call	test_tdx_entry_tdcall
	mov	%rbp, %rsp
	pop	%rax
	pop	%rcx
	pop	%rdx
	pop	%r8
	pop	%r9
	pop	%r10
	pop	%r11
	pop	%r12
	pop	%r13
	pop	%r14
	pop	%r15
	pop	%rdi
	pop	%rsi
	pop	%rbp
	cmpl	$2, test_tdx_entry_interrupt(%rip)
	je	interrupt
	ret

	.bss
	.balign 8
resume:
	.skip	8
stack:
	.skip	8
