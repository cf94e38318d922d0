/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The smallest firmware of a TD: its metadata, the way to 64-bit mode, and exceptions that are
 * noted.  On entry: the first state of a TD's CPU, 32-bit protected mode.  One CPU.
 */
#include <baton/x86_64/registers.h>

#define HOB 0x800000

	.section .text.tables, "awx"
	.balign 4096
pml4:
	.quad	pdpt + 0x63
	.fill	511, 8, 0
pdpt:
	.quad	0x000000e3, 0x400000e3
	.quad	0x80000000e3		/* at 2 GiB: from 0 on, shared */
	.quad	0xc00000e3
	.quad	0x80c00000e3		/* at 4 GiB: from 3 GiB on, shared */
	.fill	507, 8, 0

	.text
	.code32
entry:
	lgdt	gdtr
	mov	$pml4, %eax
	mov	%eax, %cr3
	mov	$(CR4_PAE | CR4_MCE), %eax
	mov	%eax, %cr4
	mov	%cr0, %eax
	or	$CR0_PG, %eax
	mov	%eax, %cr0
	ljmp	$0x08, $long_mode
	.code64
long_mode:
	mov	$0x10, %eax
	mov	%eax, %ss
	mov	%eax, %ds
	mov	%eax, %es
	mov	$stack_end, %esp
	call	selftest_main
1:	jmp	1b

/* Exceptions: note the vector, and go on where selftest_resume says. */
	.macro	exception vector, error_code
	.globl	selftest_entry_exception_\vector
selftest_entry_exception_\vector:
	.if	\error_code
	add	$8, %rsp
	.endif
	movl	$\vector, selftest_caught(%rip)
	push	selftest_resume(%rip)
	pop	(%rsp)
	iretq
	.endm
	exception 6, 0
	exception 8, 1
	exception 13, 1
	exception 14, 1
	exception 20, 0

	.balign 8
gdt:
	.quad	0, 0x00af9b000000ffff, 0x00cf93000000ffff
gdtr:
	.word	. - gdt - 1
	.long	gdt

	.bss
	.balign 16
	.skip	0x2000
stack_end:

	.section .end, "ax"
	.ascii	"TDVF"
	.long	16 + 2 * 32, 1, 2
	.long	0, 0x10000		/* this image */
	.quad	0xffff0000, 0x10000
	.long	0, 1
	.long	0, 0			/* the HOB list, which nobody reads */
	.quad	HOB, 0x1000
	.long	2, 0
	.org	0xe0 - 18 - 22
	.long	0x100			/* the metadata's distance from the end */
	.word	22
	.long	0xe47a6535
	.word	0x984a, 0x4798
	.byte	0x86, 0x5e, 0x46, 0x85, 0xa7, 0xbf, 0x8e, 0xc2
	.word	18 + 22
	.long	0x96b582de
	.word	0x1fb2, 0x45f7
	.byte	0xba, 0xea, 0xa3, 0x66, 0xc5, 0x5a, 0x08, 0x2d
	.org	0xf0
	.code32
	jmp	entry
