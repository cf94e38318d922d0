/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* The way in, the reset vector, and the way out: what C can't express. */
#include <baton/x86_64/area.h>
#include <baton/x86_64/registers.h>
#include "area/x86_64/slot.h"

	.section .text.reset, "ax"

/*
 * The reset vector: every CPU that comes into the resident comes through
 * here, whether a kernel returns it or the stage collects it.
 *
 * On entry: long mode, 4- or 5-level paging, interrupts off, the reset
 * vector's own 4 KiB page mapped at its physical address, executable.
 * Nothing else is assumed: not one register or flag, no stack, no descriptor
 * table, no control register bit.  The CPU may be inside an NMI.
 * Does not return.  Ends in hold_arrived(slot), on the slot's stack, tables, GDT, TSS
 * and IDT, in 4-level paging, NMIs unblocked.
 *
 * An NMI before the IDT is loaded is fatal: the window can't be closed, so
 * the IDT comes as early as the CPU's slot is known.  platform_identify, which finds
 * the slot, is another in a TDX guest (platform.h).
 */
	.globl reset_vector
reset_vector:
	endbr64
	cli
	cld
	xor	%eax, %eax
	mov	%rax, %dr7		/* no breakpoint hits any more */
	/* The map is the identity: rip gives the physical address of the area. */
	lea	reset_vector - BATON_AREA_RESIDENT(%rip), %rbp
	mov	%cr4, %r12
	lea	BATON_AREA_PML4(%rbp), %rax
	lea	BATON_AREA_PML5(%rbp), %rcx
	bt	$CR4_LA57_BIT, %r12d
	cmovc	%rcx, %rax
	mov	%rax, %cr3		/* PCID 0 */

	/* On the resident's own tables: only now may anything else of the area be touched. */
	.globl reset_own_tables
reset_own_tables:
	/* Drops CET, PCIDE, PGE, SMEP, SMAP, PKE ...; LA57 can't change in long mode. */
	mov	%r12d, %eax
	and	$(1 << CR4_LA57_BIT), %eax
	or	$(CR4_PAE | CR4_MCE), %eax
	mov	%rax, %cr4

	jmp	platform_identify	/* comes back with rbx = the slot, or stops for ever */
	.globl reset_identified
reset_identified:
	/*
	 * CS, SS and RFLAGS before the IDT: a handler's iretq restores them, and
	 * those of the kernel mean nothing, or worse, with this GDT.
	 */
	lgdt	SLOT_GDTR(%rbx)
	lea	SLOT_STACK_TOP(%rbx), %rsp
	mov	$SELECTOR_DATA, %eax
	mov	%eax, %ss
	mov	%eax, %ds
	mov	%eax, %es
	mov	%eax, %fs
	mov	%eax, %gs
	pushq	$2			/* no TF, and no NT, which iretq refuses */
	popfq
	pushq	$SELECTOR_CODE
	lea	own_segments(%rip), %rax
	push	%rax
	lretq
own_segments:
	movb	$0x89, SLOT_TSS_TYPE(%rbx)	/* available: ltr refuses a busy TSS */
	mov	$SELECTOR_TSS, %eax
	ltr	%ax
	lidt	SLOT_IDTR(%rbx)
	xor	%eax, %eax
	lldt	%ax

	lea	6f(%rip), %rsi
	mov	%cr4, %rax
	bt	$CR4_LA57_BIT, %eax
	jnc	6f
	pushq	$SELECTOR_CODE32
	lea	leave_la57(%rip), %rax
	push	%rax
	lretq
6:
	/* A crashed kernel returns CPUs from within an NMI: iretq ends it. */
	mov	%rsp, %rax
	pushq	$SELECTOR_DATA
	push	%rax
	pushq	$2			/* RFLAGS: all clear */
	pushq	$SELECTOR_CODE
	lea	7f(%rip), %rax
	push	%rax
	iretq
7:	mov	%rbx, %rdi
	xor	%ebp, %ebp
	call	hold_arrived
	ud2

/*
 * From 5-level to 4-level paging, through compatibility mode.
 * On entry: compatibility mode, ebp = area, esp = stack, esi = where to go on
 * in 64-bit mode.  NMIs are fatal in here; inside a crash's NMI they are
 * still blocked.
 */
	.code32
leave_la57:
	mov	%cr0, %eax
	and	$~CR0_PG, %eax
	mov	%eax, %cr0
	mov	$(CR4_PAE | CR4_MCE), %ecx
	mov	%ecx, %cr4
	lea	BATON_AREA_PML4(%ebp), %ecx
	mov	%ecx, %cr3
	or	$CR0_PG, %eax
	mov	%eax, %cr0
	pushl	$SELECTOR_CODE
	pushl	%esi
	lret
	.code64

/*
 * reset_leave(wakeup_vector in rdi): the way out to a kernel.
 * On entry: as in hold_arrived(), the command acknowledged.  The kernel finds rax =
 * its wakeup vector, all other general registers 0, interrupts off, and the
 * resident's GDT, TSS, IDT and page tables still loaded.  Touches no memory.
 */
	.text
	.globl reset_leave
reset_leave:
	mov	%rdi, %rax
	xor	%ebx, %ebx
	xor	%ecx, %ecx
	xor	%edx, %edx
	xor	%esi, %esi
	xor	%edi, %edi
	xor	%ebp, %ebp
	xor	%r8d, %r8d
	xor	%r9d, %r9d
	xor	%r10d, %r10d
	xor	%r11d, %r11d
	xor	%r12d, %r12d
	xor	%r13d, %r13d
	xor	%r14d, %r14d
	xor	%r15d, %r15d
	mov	%rbp, %rsp
	jmp	*%rax
