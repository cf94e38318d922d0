/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The ways in.  The image may lie anywhere: each way first makes the image fit
 * its place (prepare_image), then goes on in C.
 */
#include "boot.h"

#define CR0_PE_PG 0x80000001
#define CR4_PAE 0x20
#define MSR_EFER 0xc0000080
#define EFER_LME 0x100
#define STACK_SIZE 0x8000
#define IMAGE_START 0x1000		/* where probe.lds has entry_32 */
#define R_X86_64_RELATIVE 8

/*
 * Linux boot protocol, 32-bit: protected mode, paging off, esi = boot_params.
 * Goes on at entry_64 with the first 4 GiB mapped at their own addresses.
 */
	.section .text.entry, "ax"
	.code32
	.globl entry_32
entry_32:
	cli
	cld
	lea	0x1e8(%esi), %esp	/* boot_params.scratch: 4 bytes of stack */
	call	1f
1:	pop	%ebx
	sub	$(1b - entry_32), %ebx

	lea	early_tables - entry_32(%ebx), %edi
	mov	%edi, %ebp
	xor	%eax, %eax
	mov	$(6 * 0x1000 / 4), %ecx
	rep stosl
	lea	0x1007(%ebp), %eax
	mov	%eax, (%ebp)
	lea	0x2007(%ebp), %eax
	mov	$4, %ecx
	lea	0x1000(%ebp), %edi
2:	mov	%eax, (%edi)
	add	$0x1000, %eax
	add	$8, %edi
	loop	2b
	mov	$0x83, %eax		/* present, writable, 2 MiB */
	mov	$2048, %ecx
	lea	0x2000(%ebp), %edi
3:	mov	%eax, (%edi)
	add	$0x200000, %eax
	add	$8, %edi
	loop	3b

	lea	early_gdt - entry_32(%ebx), %eax
	mov	%eax, early_gdtr + 2 - entry_32(%ebx)
	lgdt	early_gdtr - entry_32(%ebx)
	mov	$CR4_PAE, %eax
	mov	%eax, %cr4
	mov	%ebp, %cr3
	mov	$MSR_EFER, %ecx
	rdmsr
	or	$EFER_LME, %eax
	wrmsr
	mov	$CR0_PE_PG, %eax
	lea	early_stack_end - entry_32(%ebx), %esp
	pushl	$BOOT_CS
	lea	entry_64 - entry_32(%ebx), %ecx
	push	%ecx
	mov	%eax, %cr0
	lret

	.balign	8
early_gdt:
	.quad	0, 0, 0x00af9b000000ffff, 0x00cf93000000ffff
early_gdtr:
	.word	4 * 8 - 1
	.long	0

/*
 * Linux boot protocol, 64-bit: rsi = boot_params; the image, boot_params and the
 * command line mapped at their own addresses, 4- or 5-level paging.
 */
	.org	entry_32 + ENTRY_64
	.code64
entry_64:
	cli
	cld
	lea	early_stack_end(%rip), %rsp
	call	prepare_image
	mov	%rsi, %rdi
	call	boot_params_enter
	ud2

/* EFI handover: rdi = image handle, rsi = system table, rdx = boot_params. */
	.org	entry_32 + ENTRY_HANDOVER
entry_handover:
	push	%rdi
	push	%rsi
	push	%rdx
	call	prepare_image
	pop	%rdx
	pop	%rsi
	pop	%rdi
	and	$-16, %rsp
	call	efi_boot
	ud2

/* UEFI: rcx = image handle, rdx = system table; returns a status. */
	.globl entry_efi
entry_efi:
	push	%rdi
	push	%rsi
	push	%rbx
	push	%rcx
	push	%rdx
	call	prepare_image
	pop	%rsi
	pop	%rdi
	xor	%edx, %edx
	call	efi_boot
	pop	%rbx
	pop	%rsi
	pop	%rdi
	ret

/* Zero .bss, and relocate.  Keeps rsi. */
prepare_image:
	lea	bss_start(%rip), %rdi
	lea	bss_end(%rip), %rcx
	sub	%rdi, %rcx
	xor	%eax, %eax
	rep stosb
	lea	entry_32 - IMAGE_START(%rip), %rdi
	lea	rela_start(%rip), %rax
	lea	rela_end(%rip), %rcx
1:	cmp	%rcx, %rax
	jae	2f
	cmpl	$R_X86_64_RELATIVE, 8(%rax)
	jne	3f
	mov	(%rax), %rdx		/* r_offset */
	mov	16(%rax), %rbx		/* r_addend */
	add	%rdi, %rbx
	mov	%rbx, (%rdi,%rdx)
	add	$24, %rax
	jmp	1b
2:	ret
3:	ud2				/* there is no other kind in a static image */

	.globl entry_leave_loader
entry_leave_loader:
	cli
	cld
	lea	early_stack_end(%rip), %rsp
	xor	%ebp, %ebp
	call	main_start
	ud2

/*
 * entry_jump_to_kernel(entry in rdi, boot_params in rsi): flat selectors as the boot
 * protocol wants them, an IDT that is none, all other registers 0.
 */
	.globl entry_jump_to_kernel
entry_jump_to_kernel:
	cli
	cld
	lea	early_gdt(%rip), %rax
	mov	%rax, kernel_gdtr + 2(%rip)
	lgdt	kernel_gdtr(%rip)
	lidt	kernel_idtr(%rip)
	mov	$BOOT_DS, %eax
	mov	%eax, %ds
	mov	%eax, %es
	mov	%eax, %ss
	xor	%eax, %eax
	mov	%eax, %fs
	mov	%eax, %gs
	pushq	$BOOT_CS
	push	%rdi
	.irp	register, rax, rbx, rcx, rdx, rdi, rbp, r8, r9, r10, r11, r12, r13, r14, r15
	xor	%\register, %\register
	.endr
	lretq

	.data
kernel_gdtr:
	.word	4 * 8 - 1
	.quad	0
kernel_idtr:
	.word	0
	.quad	0

	.section .early, "aw", @nobits
	.balign	0x1000
early_tables:
	.skip	6 * 0x1000
early_stack:
	.skip	STACK_SIZE
early_stack_end:
