/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* The world switch.  FS, GS, TR, LDTR and the MSRs of system calls stay the TD's: C uses none. */
#include "svm.h"
#include "vcpu.h"

/*
 * void world_switch(struct registers *regs, struct svm_vmcb *vmcb)
 *
 * Run the guest of @vmcb with the registers of @regs but RAX and RSP, which VMRUN loads, until
 * it exits; GIF is 0 from then on.
 */
	.text
	.globl world_switch
world_switch:
	push	%rbx
	push	%rbp
	push	%r12
	push	%r13
	push	%r14
	push	%r15
	push	%rdi
	mov	%rsi, %rax
	mov	VCPU_RBX(%rdi), %rbx
	mov	VCPU_RCX(%rdi), %rcx
	mov	VCPU_RDX(%rdi), %rdx
	mov	VCPU_RSI(%rdi), %rsi
	mov	VCPU_RBP(%rdi), %rbp
	mov	VCPU_R8 + 0x00(%rdi), %r8
	mov	VCPU_R8 + 0x08(%rdi), %r9
	mov	VCPU_R8 + 0x10(%rdi), %r10
	mov	VCPU_R8 + 0x18(%rdi), %r11
	mov	VCPU_R8 + 0x20(%rdi), %r12
	mov	VCPU_R8 + 0x28(%rdi), %r13
	mov	VCPU_R8 + 0x30(%rdi), %r14
	mov	VCPU_R8 + 0x38(%rdi), %r15
	mov	VCPU_RDI(%rdi), %rdi
	vmrun	%rax
	push	%rdi
	mov	8(%rsp), %rdi
	mov	%rbx, VCPU_RBX(%rdi)
	mov	%rcx, VCPU_RCX(%rdi)
	mov	%rdx, VCPU_RDX(%rdi)
	mov	%rsi, VCPU_RSI(%rdi)
	mov	%rbp, VCPU_RBP(%rdi)
	mov	%r8, VCPU_R8 + 0x00(%rdi)
	mov	%r9, VCPU_R8 + 0x08(%rdi)
	mov	%r10, VCPU_R8 + 0x10(%rdi)
	mov	%r11, VCPU_R8 + 0x18(%rdi)
	mov	%r12, VCPU_R8 + 0x20(%rdi)
	mov	%r13, VCPU_R8 + 0x28(%rdi)
	mov	%r14, VCPU_R8 + 0x30(%rdi)
	mov	%r15, VCPU_R8 + 0x38(%rdi)
	pop	VCPU_RDI(%rdi)
	pop	%rdi
	pop	%r15
	pop	%r14
	pop	%r13
	pop	%r12
	pop	%rbp
	pop	%rbx
	cld
	ret

/*
 * What the sleeping guest runs, on the host's page tables, without a stack.  The interrupt
 * that ends HLT exits before it is taken; so IF is all that matters.
 */
	.globl world_sleep
world_sleep:
	hlt
	jmp	world_sleep

/* void world_load_gdt(void): with the selectors of reset.S and of the trampoline. */
	.globl world_load_gdt
world_load_gdt:
	lgdt	gdtr(%rip)
	ret

/*
 * void world_take_interrupt(void): take what is pending, through the simulator's own IDT.
 * IF is 1 on a CPU in slices, and GIF is 0 after each exit.
 */
	.globl world_take_interrupt
world_take_interrupt:
	stgi
	nop
	clgi
	ret

	.globl world_interrupt
world_interrupt:
	iretq

	.section .rodata
	.balign 8
gdt:
	.quad	0, 0x00cf9b000000ffff, 0x00cf93000000ffff, 0x00af9b000000ffff
gdtr:
	.word	. - gdt - 1
	.quad	gdt
