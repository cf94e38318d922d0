/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The end of the ROM: from the reset vector to the simulator, in 64-bit mode.  The page
 * tables are part of the ROM, with the bits "accessed" and "dirty" set, so that nobody
 * writes to them.  Only the boot CPU comes this way; the others come by the trampoline.
 */
#include <baton/x86_64/registers.h>
#include "layout.h"

#define PAGE_TABLE 0x63	  /* present, writable, accessed, dirty */
#define PAGE_GIANT 0xe3	  /* likewise, 1 GiB */
#define TABLES_GIB 512

	.section .text.start, "ax"
	.code16
	.globl	reset_start
reset_start:
reset_16:
	cli
	cld
	lgdtl	%cs:(reset_gdtr - (ROM_END - RESET_SIZE))
	mov	%cr0, %eax
	andl	$~(CR0_CD | CR0_NW), %eax
	orl	$CR0_PE, %eax
	mov	%eax, %cr0
	ljmpl	$0x08, $reset_32

	.code32
reset_32:
	mov	$0x10, %eax
	mov	%eax, %ds
	mov	%eax, %es
	mov	%eax, %ss
	mov	%cr4, %eax
	or	$CR4_PAE, %eax
	mov	%eax, %cr4
	mov	$reset_pml4, %eax
	mov	%eax, %cr3
	mov	$MSR_EFER, %ecx
	rdmsr
	or	$(EFER_LME | EFER_NXE), %eax
	wrmsr
	mov	%cr0, %eax
	or	$(CR0_PG | CR0_WP), %eax
	mov	%eax, %cr0
	ljmpl	$0x18, $reset_64

	.code64
reset_64:
	/* Memory that is not there reads as ones, or as what was never written. */
	movabs	$SIMULATOR_BASE, %rdi
	movl	$0x74647369, (%rdi)
	cmpl	$0x74647369, (%rdi)
	jne	no_memory
	mov	%rdi, %rbx
	mov	$SIMULATOR_ROM, %esi
	mov	$(SIMULATOR_SIZE / 8), %ecx
	rep movsq
	jmp	*%rbx

no_memory:
	mov	$no_memory_text, %esi
	mov	$COM1, %edx
1:	lodsb
	test	%al, %al
	jz	2f
	out	%al, %dx
	jmp	1b
2:	hlt
	jmp	2b

no_memory_text:
	.asciz	"tdx: no memory below 5 GiB: start QEMU with -machine q35 -m 3G\r\n"

	.balign 8
reset_gdt:
	.quad	0, 0x00cf9b000000ffff, 0x00cf93000000ffff, 0x00af9b000000ffff
reset_gdt_end:
reset_gdtr:
	.word	reset_gdt_end - reset_gdt - 1
	.long	reset_gdt

	.balign 4096
reset_pml4:
	.quad	reset_pdpt + PAGE_TABLE
	.fill	511, 8, 0
reset_pdpt:
	.set	gib, 0
	.rept	TABLES_GIB
	.quad	(gib << 30) + PAGE_GIANT
	.set	gib, gib + 1
	.endr

	.section .text.vector, "ax"
	.code16
reset_vector:
	.byte	0xe9			/* jmp reset_16: the processor is in this segment of 64 KiB */
	.word	reset_16 - reset_vector - 3
