/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* The way into the simulator. */
#include "layout.h"

/*
 * The boot CPU, from the reset code.  On entry: 64-bit mode, the identity map of the ROM's
 * page tables, interrupts off, no stack.
 */
	.section .text.entry, "ax"
	.globl entry_boot_cpu
entry_boot_cpu:
	lea	bss_start(%rip), %rdi
	lea	bss_end(%rip), %rcx
	sub	%rdi, %rcx
	shr	$3, %rcx
	xor	%eax, %eax
	rep stosq
	lea	entry_stacks + STACK_SIZE(%rip), %rsp
	call	main_boot_cpu
	ud2

/* Another CPU, from the trampoline.  Likewise.  They come one after another. */
	.text
	.globl entry_other_cpu
entry_other_cpu:
	mov	entry_arrived(%rip), %eax
	add	$2, %eax
	imul	$STACK_SIZE, %rax, %rax
	lea	entry_stacks(%rip), %rsp
	add	%rax, %rsp
	incl	entry_arrived(%rip)
	call	main_other_cpu
	ud2

	.bss
	.balign 16
entry_stacks:
	.skip	CPUS_MAX * STACK_SIZE
	.globl entry_arrived
	.balign 4
entry_arrived:
	.skip	4
