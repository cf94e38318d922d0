/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* A TDX guest's part of platform.h that C can't express. */
#include <baton/table.h>
#include <baton/x86_64/area.h>
#include <baton/x86_64/registers.h>
#include "area/x86_64/slot.h"
#include "lib/x86_64/tdx_call.h"
#include "resident/x86_64/interrupt.h"

	.text

/*
 * The module says which CPU of the TD this is.  When it comes for the first time, it is not
 * known which slot is its own, and the host is asked for the APIC ID; the slot is bound to
 * the CPU then.  So no answer of the host moves a CPU that has a slot, and no slot ever has
 * two CPUs: one that is said to be another, which has come already, stops for ever.
 *
 * The host also says how long that takes, and may send an NMI meanwhile.  What stands by then
 * where the last owner had its IDT must not run: better the TD ends, by a triple fault.
 */
	.globl platform_identify
platform_identify:
	lidt	no_idt(%rip)
	mov	$TDX_VP_INFO, %eax
	TDX_TDCALL
	lea	1(%r9), %edx		/* VCPU_INDEX + 1 */
	mov	BATON_AREA_SLOTS(%rbp), %ebx
	add	%rbp, %rbx
	mov	%rbx, %rdi
	mov	BATON_AREA_NCPUS(%rbp), %esi
	mov	%esi, %r8d
1:	cmp	%edx, SLOT_VCPU(%rbx)
	je	reset_identified
	add	$SLOT_SIZE, %rbx
	dec	%esi
	jnz	1b
	/* The host's CPUID: EDX of leaf 0xb is the APIC ID.  Until it answers. */
2:	tdx_call_host $TDX_REASON_CPUID, $0xb
	or	%r10, %rax
	jnz	2b
	mov	BATON_AREA_APIC_IDS(%rbp), %esi
	add	%rbp, %rsi
3:	cmp	%r15d, (%rsi)
	je	4f
	add	$4, %rsi
	add	$SLOT_SIZE, %rdi
	dec	%r8d
	jnz	3b
	jmp	platform_stop		/* the stage did not know of this CPU */
4:	xor	%eax, %eax
	lock cmpxchg %edx, SLOT_VCPU(%rdi)
	mov	%rdi, %rbx
	je	reset_identified
	/* Falls through. */

	.globl platform_stop
platform_stop:
	tdx_call_host $TDX_REASON_HLT, $1 /* interrupts are blocked */
	jmp	platform_stop

/*
 * A machine check: counted.  IA32_MCG_STATUS is the host's, so nobody knows whether the CPU
 * could go on: it starts its wait again from what is in memory.
 */
	.globl platform_machine_check
platform_machine_check:
	push	%rax
	push	%rcx
	mov	56(%rsp), %rdi
	mov	SLOT_RECORD(%rdi), %rax
	movabs	$BATON_COUNT_ONE, %rcx
	add	%rcx, BATON_RECORD_MACHINE_CHECKS(%rax)
	jmp	traps_again

	.globl platform_interrupt
platform_interrupt:
	interrupt_handler TDX_TDCALL_LENGTH

/*
 * R12 = 0: the host is to end the sleep when an interrupt is pending.  The GHCI wants that
 * if and only if interrupts are on, or TDCALL follows sti.
 */
	.globl platform_halt
platform_halt:
	push	%r12
	push	%r13
	push	%r14
	push	%r15
	tdx_call_prepare $TDX_REASON_HLT, $0
	xor	%edx, %edx
	sti
halt:	TDX_TDCALL
	cli
	mov	%edx, %eax
	pop	%r15
	pop	%r14
	pop	%r13
	pop	%r12
	ret

	.section .rodata.no_idt, "a"
no_idt:
	.skip	10			/* limit and base */
