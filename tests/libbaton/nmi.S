/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* What test.c needs of assembly: an NMI handler, and descriptor tables. */

/*
 * On entry: as the processor enters a handler, on the stack that it interrupts.
 * Calls test_take_nmi(struct baton_registers *), for UEFI's calling convention.
 */
	.text
	.globl nmi_entry
nmi_entry:
	sub	$(4 * 8), %rsp			/* control registers: libbaton's */
	push	(4 * 8 + 4 * 8)(%rsp)		/* ss */
	push	(5 * 8 + 1 * 8)(%rsp)		/* cs */
	push	(6 * 8 + 2 * 8)(%rsp)		/* rflags */
	push	(7 * 8 + 0 * 8)(%rsp)		/* rip */
	push	%r15
	push	%r14
	push	%r13
	push	%r12
	push	%r11
	push	%r10
	push	%r9
	push	%r8
	push	(16 * 8 + 3 * 8)(%rsp)		/* rsp */
	push	%rbp
	push	%rdi
	push	%rsi
	push	%rdx
	push	%rcx
	push	%rbx
	push	%rax
	mov	%rsp, %rcx
	cld
	and	$-16, %rsp
	sub	$32, %rsp
	call	test_take_nmi
	ud2

/* nmi_load_tables(struct pseudo_descriptor *gdt, struct pseudo_descriptor *idt) */
	.globl nmi_load_tables
nmi_load_tables:
	lgdt	(%rcx)
	lidt	(%rdx)
	mov	$0x10, %eax
	mov	%eax, %ds
	mov	%eax, %es
	mov	%eax, %ss
	pop	%rax
	push	$0x08
	push	%rax
	lretq
