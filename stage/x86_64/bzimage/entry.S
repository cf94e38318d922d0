/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The ways into the blob, and the way on to the payload.
 *
 * 32-bit entry: protected mode, paging off, flat segments BOOT_CS and BOOT_DS,
 * ESI = boot_params.  64-bit entry: long mode, an identity map of the kernel, the
 * boot_params and the command line, RSI = boot_params.  Interrupts are off in both
 * (Linux, Documentation/arch/x86/boot.rst).  The payload is entered by the second.
 */
#include "lib/x86_64/bzimage.h"
#include "lib/x86_64/tdx.h"
#include "lib/x86_64/wrap.h"
#include <baton/x86_64/registers.h>

#define STACK_SIZE 0x8000
#define EXCEPTIONS 32
#define STUB_SIZE 16 /* of an exception's entry */
#define GATE_SIZE 16
#define INTERRUPT_GATE 0x8e00
#define NMI 2
#define PAGE_FAULT 14
#define VE TDX_VECTOR_VE

#define PRESENT_WRITABLE 0x03
#define LARGE 0x80

	.section .text.head, "ax"
	.globl	bzimage_blob
	.code32
bzimage_blob:
	cli
	cld
	lea	(BOOT_PARAMS_SCRATCH + 4)(%esi), %esp	/* the one word that may be used as a stack */
	call	1f
1:	pop	%ebp
	sub	$(1b - bzimage_blob), %ebp
	jmp	entry32

	.org	bzimage_blob + WRAP_INFO
	.globl	bzimage_info
bzimage_info:				/* struct baton_wrap; "baton wrap" fills in the zeros */
	.ascii	WRAP_MAGIC
	.long	WRAP_VERSION
	.long	blob_size - bzimage_blob, text_size - bzimage_blob, 0
	.fill	WRAP_ENTRY64 - WRAP_INFO - 24, 1, 0

	.org	bzimage_blob + WRAP_ENTRY64
	.code64
entry64:
	cli
	cld
	mov	%rsi, params(%rip)
	lea	stack_end(%rip), %rsp
	lea	gdt(%rip), %rax
	mov	%rax, gdtr + 2(%rip)
	lgdt	gdtr(%rip)
	call	own_segments
	call	own_idt
	mov	params(%rip), %rdi
	call	bzimage_start
	jmp	enter_payload

/*
 * EFI handover: long mode under the firmware's boot services, on its page tables;
 * RDI = image handle, RSI = system table, RDX = boot_params.
 */
	.org	bzimage_blob + WRAP_HANDOVER
	and	$-16, %rsp
	push	%rdi
	push	%rsi
	push	%rdx
	push	%rdx
	mov	%rsi, %rdi
	mov	%rdx, %rsi
	call	wrapped_handover
	pop	%rdx
	pop	%rdx
	pop	%rsi
	pop	%rdi
	jmp	*%rax

	.org	bzimage_blob + WRAP_PE_ENTRY
	jmp	wrapped_main
	.balign	16

/* On to long mode, by page tables of the first 4 GiB.  EBP = where the blob is. */
	.code32
entry32:
	lea	(gdt - bzimage_blob)(%ebp), %eax
	mov	%eax, (gdtr + 2 - bzimage_blob)(%ebp)
	lgdt	(gdtr - bzimage_blob)(%ebp)
	mov	$BOOT_DS, %eax
	mov	%eax, %ds
	mov	%eax, %es
	mov	%eax, %ss
	lea	(stack_end - bzimage_blob)(%ebp), %esp

	lea	(early_tables - bzimage_blob)(%ebp), %edi	/* PML4, page directory pointers, 4 directories */
	lea	(0x1000 + PRESENT_WRITABLE)(%edi), %eax
	mov	%eax, (%edi)
	mov	$4, %ecx
	lea	0x1000(%edi), %edx
1:	add	$0x1000, %eax
	mov	%eax, (%edx)
	add	$8, %edx
	loop	1b
	lea	0x2000(%edi), %edx
	mov	$(LARGE | PRESENT_WRITABLE), %eax
	mov	$2048, %ecx
1:	mov	%eax, (%edx)
	add	$0x200000, %eax
	add	$8, %edx
	loop	1b

	mov	%cr4, %eax
	or	$CR4_PAE, %eax
	mov	%eax, %cr4
	mov	%edi, %cr3
	mov	$MSR_EFER, %ecx
	rdmsr
	or	$EFER_LME, %eax
	wrmsr
	push	$BOOT_CS
	lea	(entry64 - bzimage_blob)(%ebp), %eax
	push	%eax
	mov	%cr0, %eax
	or	$CR0_PG, %eax
	mov	%eax, %cr0
	lretl

	.text
	.code64
/* Reload all segment registers from the GDT. */
own_segments:
	mov	$BOOT_DS, %eax
	mov	%eax, %ds
	mov	%eax, %es
	mov	%eax, %fs
	mov	%eax, %gs
	mov	%eax, %ss
	pop	%rax
	push	$BOOT_CS
	push	%rax
	lretq

own_idt:
	lea	idt(%rip), %rdi
	mov	%rdi, idtr + 2(%rip)
	lea	exception_stubs(%rip), %rax
	mov	$EXCEPTIONS, %ecx
1:	mov	%ax, (%rdi)
	movl	$INTERRUPT_GATE, 4(%rdi)
	movw	$BOOT_CS, 2(%rdi)
	mov	%rax, %rdx
	shr	$16, %rdx
	mov	%dx, 6(%rdi)
	shr	$16, %rdx
	mov	%rdx, 8(%rdi)
	add	$GATE_SIZE, %rdi
	add	$STUB_SIZE, %rax
	loop	1b
	lidt	idtr(%rip)
	ret

	.globl	bzimage_read_cr4, bzimage_write_cr3
bzimage_read_cr4:
	mov	%cr4, %rax
	ret

bzimage_write_cr3:
	mov	%rdi, %cr3
	ret

/* Each leaves its number on the stack, above an error code. */
	.balign	STUB_SIZE
exception_stubs:
	.set	vector, 0
	.rept	EXCEPTIONS
	.balign	STUB_SIZE
	.if	vector == NMI
	iretq
	.elseif	vector == VE
	jmp	tdx_ve_entry		/* only a TDX guest has it */
	.else
	.if	!(0x60227d00 >> vector & 1)	/* Intel SDM volume 3, "Exceptions with an error code" */
	push	$0
	.endif
	push	$vector
	jmp	exception
	.endif
	.set	vector, vector + 1
	.endr
	.balign	STUB_SIZE

/* The processor has aligned the stack: with 9 registers it is so again. */
#define SAVED (9 * 8)
exception:
	push	%rax
	push	%rcx
	push	%rdx
	push	%rsi
	push	%rdi
	push	%r8
	push	%r9
	push	%r10
	push	%r11
	cld
	cmpl	$PAGE_FAULT, SAVED(%rsp)
	jne	failed
	mov	%cr2, %rdi
	call	identity_fault
	test	%al, %al
	jz	failed
	pop	%r11
	pop	%r10
	pop	%r9
	pop	%r8
	pop	%rdi
	pop	%rsi
	pop	%rdx
	pop	%rcx
	pop	%rax
	add	$16, %rsp
	iretq

failed:
	testb	$1, failed_before(%rip)
	jnz	enter_payload
	movb	$1, failed_before(%rip)
	mov	SAVED(%rsp), %rax
	mov	SAVED + 8(%rsp), %rcx
	mov	SAVED + 16(%rsp), %rdx
	mov	%cr2, %rdi
	lea	stack_end(%rip), %rsp
	push	%rdi			/* struct bzimage_exception */
	push	%rdx
	push	%rcx
	push	%rax
	mov	%rsp, %rdi
	call	bzimage_failed

	.globl	bzimage_enter_payload
bzimage_enter_payload:
enter_payload:
	lea	stack_end(%rip), %rsp
	lea	bzimage_blob(%rip), %rax
	mov	bzimage_info + WRAP_STAGE_SIZE(%rip), %ecx
	lea	BZIMAGE_ENTRY64(%rax, %rcx), %rax
	mov	params(%rip), %rsi
	xor	%ebx, %ebx
	xor	%ecx, %ecx
	xor	%edx, %edx
	xor	%edi, %edi
	xor	%ebp, %ebp
	jmp	*%rax

	.data
	.balign	16
gdt:
	.quad	0, 0
	.quad	0x00af9b000000ffff	/* BOOT_CS: 64-bit code */
	.quad	0x00cf93000000ffff	/* BOOT_DS */
gdtr:
	.word	. - gdt - 1
	.quad	0
idtr:
	.word	EXCEPTIONS * GATE_SIZE - 1
	.quad	0

	.bss
	.balign	4096
early_tables:
	.fill	6 * 0x1000
stack:
	.fill	STACK_SIZE
stack_end:
idt:
	.fill	EXCEPTIONS * GATE_SIZE
params:
	.quad	0
failed_before:
	.byte	0
