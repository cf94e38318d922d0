/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The first 4 KiB of probe.efi.  One file is two things: a PE image, which UEFI
 * starts at entry_efi, and a bzImage, which a loader of the Linux boot protocol
 * starts at entry_32 or entry_64 (entry.S), or, with a BIOS, at setup_start below.
 *
 * UEFI 2.10, section 2.1.1 (PE/COFF); Linux, Documentation/arch/x86/boot.rst.
 */
#include "boot.h"

#define SETUP_SECTS 7 /* and the first one: 4 KiB */
#define SETUP_VERSION 0x20f

#define LOADED_HIGH 1
#define XLF_KERNEL_64 1
#define XLF_CAN_BE_LOADED_ABOVE_4G 2
#define XLF_EFI_HANDOVER_64 8
#define XLF_5LEVEL 32

#define SECTION_CODE 0x60000020 /* executable, readable */
#define SECTION_DATA 0xc0000040 /* readable, writable */

	.section .header, "ax"
	.code16
header:
	.ascii	"MZ"
	.org	header + 0x3c
	.long	pe - header
pe:
	.ascii	"PE\0\0"
	.word	0x8664			/* x86-64 */
	.word	2			/* sections */
	.long	0, 0, 0
	.word	sections - optional
	.word	0x22e			/* executable; no line numbers, symbols, debug information */
optional:
	.word	0x20b			/* PE32+ */
	.byte	0, 0
	.long	size_text, size_data, 0, at_efi_entry, 0x1000
	.quad	0			/* loaded anywhere: entry.S relocates */
	.long	0x1000, 0x1000		/* alignment in memory and in the file */
	.word	0, 0
	.word	1, 1			/* image version: as Linux, it asks for the initrd itself */
	.word	0, 0
	.long	0, size_image, 0x1000, 0
	.word	10, 0			/* EFI application */
	.quad	0, 0, 0, 0
	.long	0, 6
	.quad	0, 0, 0, 0, 0, 0	/* no data directories */
sections:
	.ascii	".text\0\0\0"
	.long	size_text, 0x1000, size_text, 0x1000, 0, 0, 0, SECTION_CODE
	.ascii	".data\0\0\0"
	.long	size_data_in_memory, at_data, size_data, at_data, 0, 0, 0, SECTION_DATA

	.org	header + 0x1f1
	.byte	SETUP_SECTS
	.word	0
	.long	paragraphs
	.word	0, 0, 0
	.word	0xaa55
	.byte	0xeb, header_end - header - 0x202	/* jmp; and where the header ends */
	.ascii	"HdrS"
	.word	SETUP_VERSION
	.long	0
	.word	0
	.word	version - header - 0x200
	.byte	0			/* type_of_loader */
	.byte	LOADED_HIGH
	.word	0
code32_start:
	.long	0x100000
	.long	0, 0			/* ramdisk */
	.long	0
	.word	0
	.byte	0, 0
	.long	0			/* cmd_line_ptr */
	.long	0x7fffffff		/* initrd_addr_max */
	.long	0x1000			/* kernel_alignment */
	.byte	1, 12			/* relocatable_kernel, min_alignment */
	.word	XLF_KERNEL_64 | XLF_CAN_BE_LOADED_ABOVE_4G | XLF_EFI_HANDOVER_64 | XLF_5LEVEL
	.long	OPTIONS_MAX - 1		/* cmdline_size */
	.long	0
	.quad	0
	.long	0, 0			/* payload */
	.quad	0			/* setup_data */
	.quad	0x1000000		/* pref_address */
	.long	size_init
	.long	ENTRY_HANDOVER - ENTRY_64	/* handover_offset, counted from entry_64 */
	.long	0
	.org	header + 0x26c
header_end:
	jmp	setup_start

version:
	.asciz	"baton probe"

/*
 * Real mode, from a loader that leaves the memory map to us.  On entry: ds = the
 * segment that this file's header was loaded to, with what the loader has filled
 * in; 64 KiB from there are ours, the command line beyond.
 */
#define PARAMS 0x2000	/* boot_params, offset in the segment */
#define STACK 0x7ff0
#define E820_TABLE (PARAMS + 0x2d0)
#define E820_ENTRIES (PARAMS + 0x1e8)
#define E820_MAX 128
#define SMAP 0x534d4150

setup_start:
	cld
	mov	%ds, %ax
	mov	%ax, %es
	mov	%ax, %ss
	mov	$STACK, %sp
	xor	%eax, %eax
	mov	$PARAMS, %di
	mov	$0x400, %cx
	rep stosl
	mov	$0x1f1, %si
	mov	$(PARAMS + 0x1f1), %di
	mov	$(header_end - header - 0x1f1), %cx
	rep movsb

	mov	$0x0003, %ax		/* text, 80 by 25 */
	int	$0x10
	movb	$3, PARAMS + 0x06
	movb	$80, PARAMS + 0x07
	movb	$25, PARAMS + 0x0e
	movb	$1, PARAMS + 0x0f

	xor	%ebx, %ebx
	mov	$E820_TABLE, %di
1:	mov	$0xe820, %eax
	mov	$20, %ecx
	mov	$SMAP, %edx
	int	$0x15
	jc	2f
	cmp	$SMAP, %eax
	jne	2f
	add	$20, %di
	incb	E820_ENTRIES
	cmpb	$E820_MAX, E820_ENTRIES
	jae	2f
	test	%ebx, %ebx
	jnz	1b
2:
	mov	$0x2401, %ax		/* A20: a BIOS without this call has it on already */
	int	$0x15
	cli
	xor	%ebx, %ebx
	mov	%ds, %bx
	shl	$4, %ebx
	lea	PARAMS(%ebx), %esi
	mov	code32_start - header, %edx
	lea	gdt - header(%ebx), %eax
	mov	%eax, gdtr + 2 - header
	lea	setup_32 - header(%ebx), %eax
	mov	%eax, to_32 - header
	lgdtl	gdtr - header
	mov	%cr0, %eax
	or	$1, %al
	mov	%eax, %cr0
	ljmpl	*(to_32 - header)

	.code32
setup_32:
	mov	$BOOT_DS, %eax
	mov	%eax, %ds
	mov	%eax, %es
	mov	%eax, %ss
	mov	%eax, %fs
	mov	%eax, %gs
	jmp	*%edx

	.balign	8
gdt:	.quad	0, 0, 0x00cf9b000000ffff, 0x00cf93000000ffff
gdtr:	.word	4 * 8 - 1
	.long	0
to_32:	.long	0
	.word	BOOT_CS
	.org	header + 0x1000
