/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* A plain machine's part of platform.h that C can't express. */
#include <baton/table.h>
#include <baton/x86_64/area.h>
#include <baton/x86_64/registers.h>
#include "area/x86_64/slot.h"
#include "lib/x86_64/apic_id.h"
#include "resident/x86_64/interrupt.h"

#define HLT_LENGTH 1

	.text

	.globl platform_identify
platform_identify:
	/* r8 = the page of an xAPIC, if the tables map it. */
	mov	$MSR_APIC_BASE, %ecx
	rdmsr
	shl	$32, %rdx
	or	%rdx, %rax
	mov	$APIC_BASE_PAGE, %r8
	and	%rax, %r8
	xor	%eax, %eax
	cmp	BATON_AREA_MAP_END(%rbp), %r8
	cmovae	%rax, %r8
	apic_id_find	%r8
	/* rbx = the slot of that APIC ID. */
	mov	BATON_AREA_APIC_IDS(%rbp), %esi
	add	%rbp, %rsi
	xor	%eax, %eax
3:	cmp	%edi, (%rsi,%rax,4)
	je	4f
	inc	%eax
	cmp	BATON_AREA_NCPUS(%rbp), %eax
	jb	3b
	/* The stage did not know of this CPU: there is no slot to hold it in. */
	.globl platform_stop
platform_stop:
	hlt
	jmp	platform_stop
4:	imul	$SLOT_SIZE, %eax, %eax
	mov	BATON_AREA_SLOTS(%rbp), %ebx
	add	%rbp, %rbx
	add	%rax, %rbx
	jmp	reset_identified

/*
 * A machine check.  With a valid restart address the CPU goes on; without,
 * what it was doing can't be trusted, and it starts its wait again from what
 * is in memory.  Clearing MCG_STATUS allows the next one; the banks are left
 * to the kernel, which reports them.
 */
	.globl platform_machine_check
platform_machine_check:
	push	%rax
	push	%rcx
	push	%rdx
	mov	64(%rsp), %rax
	mov	SLOT_RECORD(%rax), %rax
	movabs	$BATON_COUNT_ONE, %rcx
	add	%rcx, BATON_RECORD_MACHINE_CHECKS(%rax)
	mov	$MSR_MCG_STATUS, %ecx
	rdmsr
	push	%rax
	xor	%eax, %eax
	xor	%edx, %edx
	wrmsr
	pop	%rax
	test	$MCG_STATUS_RIPV, %al
	jz	1f
	pop	%rdx
	pop	%rcx
	pop	%rax
	iretq
1:	mov	64(%rsp), %rdi
	jmp	traps_again

	.globl platform_interrupt
platform_interrupt:
	interrupt_handler HLT_LENGTH

	.globl platform_halt
platform_halt:
	xor	%edx, %edx
	sti
halt:	hlt
	cli
	mov	%edx, %eax
	ret
