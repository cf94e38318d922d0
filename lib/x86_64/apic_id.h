/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* clang-format off */
/*
 * The APIC ID of the CPU that this runs on, as docs/contract.md, section 1, has it: that of the
 * local APIC's ID register.  In some guests of Xen and Firecracker CPUID has another one, and
 * the MADT and the mailbox go by the register.  In a TDX guest (a TD) none of it can be read
 * without an exception: there the ID is that of the host's CPUID.
 */
#ifndef LIB_X86_64_APIC_ID_H
#define LIB_X86_64_APIC_ID_H

#include <baton/x86_64/registers.h>
#include "lib/x86_64/guest.h"
#include "lib/x86_64/tdx_call.h"

#ifdef __ASSEMBLER__
/*
 * Sets edi to the APIC ID, not in a TD.  The 64-bit register @page has the address at which the
 * page of an xAPIC is mapped, or 0: it is not.  Changes rax, rbx, rcx, rdx, rsi, and flags.
 * Needs no stack and no IDT, and reads no other memory: for CPUs that have neither yet.
 * Privilege level 0.
 */
	.macro	apic_id_find page
	xor	%eax, %eax
	cpuid
	mov	%eax, %esi
	.irp	leaf, 0x1f, 0xb
	cmp	$\leaf, %esi
	jb	1f
	mov	$\leaf, %eax
	xor	%ecx, %ecx
	cpuid
	mov	%edx, %edi
	test	%ebx, %ebx
	jnz	2f
1:
	.endr
	mov	$1, %eax
	cpuid
	shr	$24, %ebx
	mov	%ebx, %edi
2:
	/* edi = the ID of CPUID. */
	mov	$MSR_APIC_BASE, %ecx
	rdmsr
	test	$APIC_BASE_ENABLE, %eax
	jz	5f
	test	$APIC_BASE_X2APIC, %eax
	jz	4f
	mov	$(MSR_X2APIC + APIC_ID_REGISTER / 16), %ecx
	rdmsr
	mov	%eax, %edi
	jmp	5f
4:	test	\page, \page
	jz	5f
	mov	APIC_ID_REGISTER(\page), %eax
	shr	$24, %eax
	cmp	$0xff, %eax		/* nobody's: there is no APIC at that address */
	je	5f
	cmp	%al, %dil		/* the low bits of the same ID: CPUID has all of them */
	je	5f
	mov	%eax, %edi
5:
	.endm

/*
 * Likewise, in a TD, too: there by TDVMCALL, since the CPU has no handler for #VE yet.  The ID
 * is 0xffffffff, which is nobody's, if the host refuses.  Also changes r10 to r15.
 */
	.macro	apic_id_find_anywhere page
	tdx_call_unless 6f
	tdx_call_host $TDX_REASON_CPUID, $0xb
	mov	%r15d, %edi		/* its EDX */
	or	%r10, %rax
	jz	7f
	mov	$-1, %edi
	jmp	7f
6:	apic_id_find \page
7:
	.endm
#else
#include <stdint.h>

#pragma GCC visibility push(hidden)
/*
 * The APIC ID, by the above, in a TD, too.  @page is where the page of an xAPIC is mapped, or
 * NULL.  At privilege level 0, in any state of interrupts.
 */
__attribute__((sysv_abi)) uint32_t apic_id_read(const volatile void *page);
#pragma GCC visibility pop
#endif

#endif /* LIB_X86_64_APIC_ID_H */
