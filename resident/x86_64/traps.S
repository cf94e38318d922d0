/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * Traps of a held CPU.  NMI, machine check and fault each enter on a stack of
 * the CPU's own (IST), above which stands its slot.  The kernel that a CPU
 * is released to still has this IDT until it loads its own, so the handlers
 * rely on no register; they return by the resident's GDT.
 *
 * A machine check inside the NMI handler ends the blocking of NMIs early: an NMI
 * that comes in the few instructions that are left would reuse the stack.  A
 * machine check without a restart address may leave a count off by one.
 */
#include <baton/table.h>
#include <baton/x86_64/registers.h>
#include "area/x86_64/slot.h"


	.text

/* An NMI: counted, and otherwise ignored.  Entry and exit: any state. */
	.globl traps_nmi
traps_nmi:
	push	%rax
	push	%rcx
	mov	56(%rsp), %rax		/* 5 words of frame, 2 of ours: the slot */
	mov	SLOT_RECORD(%rax), %rax
	movabs	$BATON_COUNT_ONE, %rcx
	add	%rcx, BATON_RECORD_NMIS(%rax)
	pop	%rcx
	pop	%rax
	iretq

/*
 * A machine check.  With a valid restart address the CPU goes on; without,
 * what it was doing can't be trusted, and it starts its wait again from what
 * is in memory.  Clearing MCG_STATUS allows the next one; the banks are left
 * to the kernel, which reports them.
 */
	.globl traps_machine_check
traps_machine_check:
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
1:	/* Return into hold_again(slot), on the slot's stack. */
	mov	64(%rsp), %rdi
	lea	SLOT_STACK_TOP(%rdi), %rax
	pushq	$SELECTOR_DATA
	push	%rax
	pushq	$2
	pushq	$SELECTOR_CODE
	lea	2f(%rip), %rax
	push	%rax
	iretq
2:	call	hold_again
	ud2

/*
 * Any other exception: an error of the resident, or of a kernel that has not
 * loaded its IDT yet.  hold_failed(slot) records it, and the CPU stops.
 * Rounding up finds the slot, with or without an error code on the stack.
 */
	.globl traps_fault
traps_fault:
	lea	48(%rsp), %rax
	and	$-16, %rax
	mov	(%rax), %rdi
	and	$-16, %rsp
	call	hold_failed
	ud2

/*
 * An interrupt: only to be let in.  The EOI is its taker's.  One that comes
 * just before the hlt of traps_halt() must not be slept over: an NMI between
 * sti and hlt ends the shadow of sti that should keep it away until then.
 * traps_halt() returns true if one came.
 */
	.globl traps_interrupt
traps_interrupt:
	push	%rcx
	lea	halt(%rip), %rcx
	cmp	%rcx, 8(%rsp)
	jne	1f
	incq	8(%rsp)			/* hlt is one byte */
1:	inc	%rcx
	cmp	%rcx, 8(%rsp)
	pop	%rcx
	jne	2f
	mov	$1, %eax
2:	iretq

/* bool traps_halt(void): interrupts off on entry and on return. */
	.globl traps_halt
traps_halt:
	xor	%eax, %eax
	sti
halt:	hlt
	cli
	ret
