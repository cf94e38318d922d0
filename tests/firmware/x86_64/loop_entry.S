/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* The way into the loop of testfw.efi and out of it. */
#include <baton/x86_64/registers.h>
#include "loop.h"

	.section .text.reset, "ax"

/*
 * The reset vector.  On entry: long mode on the kernel's page tables, which map
 * this page at its physical address; interrupts off.  A slow return stays on
 * them for a while: a hypervisor may stall a CPU anywhere.
 */
	.globl loop_entry_reset_vector
loop_entry_reset_vector:
	endbr64
	mov	$1, %r15d		/* it has been with a kernel */
	jmp	slow_return

/* On entry: from the trampoline, on the loop's own page tables. */
	.org	loop_entry_reset_vector + LOOP_FROM_SIPI
	cli
	cld
	xor	%r15d, %r15d
	jmp	enter

slow_return:
	cli
	cld
	rdtsc
	shl	$32, %rdx
	lea	(%rax,%rdx), %r8
	add	loop_entry_reset_vector + LOOP_SLOW_RETURN(%rip), %r8	/* until then */
1:	pause
	rdtsc
	shl	$32, %rdx
	or	%rdx, %rax
	cmp	%r8, %rax
	jb	1b

enter:
	lea	loop_entry_reset_vector(%rip), %rbp	/* the area: the map is the identity */
	mov	%cr4, %rcx
	lea	LOOP_PML4(%rbp), %rax
	lea	LOOP_PML5(%rbp), %rdx
	and	$(1 << CR4_LA57_BIT), %ecx
	cmovnz	%rdx, %rax
	mov	%rax, %cr3
	or	$(CR4_PAE | CR4_MCE), %ecx
	mov	%rcx, %cr4
	.globl loop_entry_own_tables
loop_entry_own_tables:
	mov	$MSR_EFER, %ecx
	rdmsr
	or	$(EFER_LME | EFER_NXE), %eax
	wrmsr

	/* edx = APIC ID. */
	xor	%eax, %eax
	cpuid
	cmp	$0xb, %eax
	jb	1f
	mov	$0xb, %eax
	xor	%ecx, %ecx
	cpuid
	test	%ebx, %ebx
	jnz	2f
1:	mov	$1, %eax
	cpuid
	shr	$24, %ebx
	mov	%ebx, %edx
2:
	/* rdi = struct loop, esi = the CPU's index in the MADT. */
	lea	LOOP_STATE(%rbp), %rdi
	xor	%esi, %esi
3:	cmp	%edx, LOOP_APIC_ID(%rdi,%rsi,4)
	je	5f
	inc	%esi
	cmp	LOOP_NCPUS(%rdi), %esi
	jb	3b
4:	hlt
	jmp	4b
5:
	lgdt	LOOP_GDTR(%rdi)
	imul	$LOOP_STACK_SIZE, %esi, %eax
	lea	LOOP_STACKS + LOOP_STACK_SIZE(%rbp,%rax), %rbx	/* its own stack */
	mov	LOOP_RETURN_STACK(%rdi), %rsp
	test	%rsp, %rsp
	cmovz	%rbx, %rsp
	pushq	$LOOP_CODE64
	lea	6f(%rip), %rax
	push	%rax
	lretq
6:	mov	$LOOP_DATA, %eax
	mov	%eax, %ds
	mov	%eax, %es
	mov	%eax, %ss
	mov	%eax, %fs
	mov	%eax, %gs
	mov	%rbx, %rsp
	mov	%r15d, %edx
	call	loop_hold
	jmp	*%rax
