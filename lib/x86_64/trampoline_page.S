/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The trampoline: from wherever a CPU comes to 64-bit code on the page tables
 * that struct trampoline_data names.  It is copied into a page of its own, and
 * only read here.  Many CPUs may be in it at a time: it uses no stack, and writes
 * nothing.
 */
#include <baton/x86_64/registers.h>
#include "trampoline.h"

	.text
	.balign 16
	.globl trampoline_page
	.code16
trampoline_page:

/*
 * From a SIPI.  On entry: the state after INIT (Intel SDM volume 3, "Processor
 * state after reset"), real mode, cs:ip = the start of the page.
 */
	cli
	cld
	mov	%cs, %ax
	mov	%ax, %ds
	movzwl	%ax, %ebx
	shll	$4, %ebx		/* the physical address of the page */
	lgdtl	TRAMPOLINE_GDTR
	mov	%cr0, %eax
	andl	$~(CR0_CD | CR0_NW), %eax
	orl	$CR0_PE, %eax
	mov	%eax, %cr0
	ljmpl	*TRAMPOLINE_TO_32

/* Protected mode without paging, ebx = the page. */
	.code32
protected_mode:
	mov	$TRAMPOLINE_DATA, %eax
	mov	%eax, %ds
	mov	%eax, %es
	mov	%eax, %ss
	mov	TRAMPOLINE_CR4(%ebx), %eax
	mov	%eax, %cr4
	mov	TRAMPOLINE_ROOT(%ebx), %eax
	mov	%eax, %cr3
	mov	$MSR_EFER, %ecx
	rdmsr
	or	TRAMPOLINE_EFER(%ebx), %eax
	wrmsr
	mov	%cr0, %eax
	or	$(CR0_PG | CR0_WP), %eax
	mov	%eax, %cr0
	ljmpl	*TRAMPOLINE_TO_64(%ebx)

	.code64
long_mode:
	mov	%ebx, %ebx
go:
	mov	TRAMPOLINE_ARGUMENT(%rbx), %rdi
	mov	TRAMPOLINE_VECTOR(%rbx), %rax
	jmp	*%rax

/*
 * From a mailbox.  On entry: 64-bit mode, interrupts off, this page mapped at its
 * physical address, flat segments; ACPI 6.6, section 5.2.12.19.  What need not be
 * changed is not written: in a confidential guest each write may be an exception.
 */
	.org	trampoline_page + TRAMPOLINE_64
	endbr64
	cli
	cld
	lea	trampoline_page(%rip), %rbx
	mov	%cr4, %rax
	mov	%eax, %ecx
	xor	TRAMPOLINE_CR4(%rbx), %ecx
	test	$CR4_LA57, %ecx
	jnz	1f			/* the number of levels can't change in long mode */
	test	%ecx, %ecx
	jz	2f
	mov	TRAMPOLINE_CR4(%rbx), %eax
	mov	%rax, %cr4
2:
	mov	$MSR_EFER, %ecx
	rdmsr
	mov	%eax, %esi
	or	TRAMPOLINE_EFER(%rbx), %eax
	cmp	%eax, %esi
	je	3f
	wrmsr
3:
	mov	TRAMPOLINE_ROOT(%rbx), %eax
	mov	%rax, %cr3
	mov	%cr0, %rax
	bts	$16, %rax		/* CR0_WP */
	jc	go
	mov	%rax, %cr0
	jmp	go
1:
	lgdt	TRAMPOLINE_GDTR(%rbx)
	ljmpl	*TRAMPOLINE_TO_COMPATIBILITY(%rbx)

	.code32
compatibility_mode:
	mov	%cr0, %eax
	and	$~CR0_PG, %eax
	mov	%eax, %cr0
	jmp	protected_mode
	.code64

	/* struct trampoline_data; trampoline_write() adds the page's address, fills in zeros. */
	.org	trampoline_page + TRAMPOLINE_GDTR
	.word	4 * 8 - 1
	.quad	TRAMPOLINE_GDT
	.org	trampoline_page + TRAMPOLINE_TO_32
	.long	protected_mode - trampoline_page
	.word	TRAMPOLINE_CODE32
	.org	trampoline_page + TRAMPOLINE_TO_64
	.long	long_mode - trampoline_page
	.word	TRAMPOLINE_CODE64
	.org	trampoline_page + TRAMPOLINE_TO_COMPATIBILITY
	.long	compatibility_mode - trampoline_page
	.word	TRAMPOLINE_CODE32
	.org	trampoline_page + TRAMPOLINE_GDT
	.quad	0, 0x00cf9b000000ffff, 0x00cf93000000ffff, 0x00af9b000000ffff
	.org	trampoline_page + TRAMPOLINE_SIZE
