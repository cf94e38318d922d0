/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * From a SIPI to the resident's reset vector: real mode, protected mode, long
 * mode on the resident's page tables.  Copied into a page below 1 MiB.
 *
 * On entry: the state after INIT and SIPI (Intel SDM volume 3, "Processor
 * state after reset"): real mode, cs:ip = the start of the page.  Uses no
 * stack.  Leaves the page for good with the jump to the reset vector.
 */
#include "../../resident/x86_64/registers.h"
#include "sipi.h"

#define CR0_CD 0x40000000
#define CR0_NW 0x20000000

	.section .rdata, "dr"
	.globl sipi_page
	.code16
sipi_page:
	cli
	cld
	mov	%cs, %ax
	mov	%ax, %ds
	movzwl	%ax, %ebx
	shll	$4, %ebx		/* the physical address of the page */
	lgdtl	SIPI_GDTR
	mov	%cr0, %eax
	andl	$~(CR0_CD | CR0_NW), %eax
	orl	$CR0_PE, %eax
	mov	%eax, %cr0
	ljmpl	*SIPI_TO_32

	.code32
sipi_32:
	mov	$SIPI_DATA, %eax
	mov	%eax, %ds
	mov	%eax, %ss
	mov	$(CR4_PAE | CR4_MCE), %eax
	mov	%eax, %cr4
	mov	SIPI_PML4(%ebx), %eax
	mov	%eax, %cr3
	mov	$MSR_EFER, %ecx
	rdmsr
	or	$EFER_LME, %eax
	wrmsr
	mov	%cr0, %eax
	or	$CR0_PG, %eax
	mov	%eax, %cr0
	ljmpl	*SIPI_TO_64(%ebx)

	.code64
sipi_64:
	mov	%ebx, %ebx
	jmp	*SIPI_RESET_VECTOR(%rbx)

	/* struct sipi_data; the stage adds the page's address, and fills in the zeros. */
	.org	sipi_page + SIPI_GDTR
	.word	4 * 8 - 1
	.long	SIPI_GDT
	.org	sipi_page + SIPI_TO_32
	.long	sipi_32 - sipi_page
	.word	SIPI_CODE32
	.org	sipi_page + SIPI_TO_64
	.long	sipi_64 - sipi_page
	.word	SIPI_CODE64
	.org	sipi_page + SIPI_PML4
	.long	0
	.org	sipi_page + SIPI_RESET_VECTOR
	.quad	0
	.org	sipi_page + SIPI_GDT
	.quad	0, 0x00cf9b000000ffff, 0x00cf93000000ffff, 0x00af9b000000ffff
	.org	sipi_page + SIPI_PAGE_SIZE
