/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* libbaton's own entry: what a CPU does before it has a stack. */
#include <baton/cpus.h>
#include "lib/x86_64/apic_id.h"

/*
 * On entry: from the trampoline, on the kernel's page tables; rdi = struct
 * baton_machine.  Many CPUs may be in here at a time.
 *
 * The CPU finds itself by its APIC ID, as docs/contract.md, section 1, says.  It
 * may use its stack only if it is sent for, and has made itself ENTERED: firmware
 * that wakes the wrong CPU must not bring two onto one stack.
 */
	.text
	.globl baton_entry
baton_entry:
	endbr64
	mov	%rdi, %rbp
	mov	BATON_MACHINE_APIC(%rbp), %r8
	apic_id_find_anywhere %r8
	/* rsi = the struct baton_cpu with that ID. */
	mov	BATON_MACHINE_CPU(%rbp), %rsi
	mov	BATON_MACHINE_NCPUS(%rbp), %ecx
3:	sub	$1, %ecx
	jb	stray
	cmp	%rdi, BATON_CPU_ID(%rsi)
	je	4f
	add	$BATON_CPU_SIZE, %rsi
	jmp	3b
4:
	/* Whoever booted it may say COMING at any time. */
	mov	$BATON_ENTERED, %ecx
	mov	$BATON_WAKING, %eax
	lock cmpxchg %ecx, BATON_CPU_STATE(%rsi)
	je	5f
	mov	$BATON_COMING, %eax
	lock cmpxchg %ecx, BATON_CPU_STATE(%rsi)
	jne	stray
5:	mov	BATON_CPU_STACK(%rsi), %rsp
	mov	%rbp, %rdi
	xor	%ebp, %ebp
	call	baton_run
	ud2

stray:
	lock incl BATON_MACHINE_STRAYS(%rbp)
	tdx_call_stop
