/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * Traps of a held CPU.  NMI, machine check and fault each enter on a stack of
 * the CPU's own (IST), above which stands its slot.  The kernel that a CPU
 * is released to still has this IDT until it loads its own, so the handlers
 * rely on no register; they return by the resident's GDT.  Those of machine checks, of
 * interrupts, and of a TDX guest's #VE are platform.h's.
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
 * The end of a machine check after which the CPU can't go on where it was: return into
 * hold_again(slot), on the slot's stack.  On entry: rdi = the slot.
 */
	.globl traps_again
traps_again:
	lea	SLOT_STACK_TOP(%rdi), %rax
	pushq	$SELECTOR_DATA
	push	%rax
	pushq	$2
	pushq	$SELECTOR_CODE
	lea	1f(%rip), %rax
	push	%rax
	iretq
1:	call	hold_again
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

