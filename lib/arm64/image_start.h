/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* clang-format off */
/*
 * Assembly: the header of an arm64 Image, and what a flat program that is linked at 0 does
 * before its first C.  The linker script defines bss_start, bss_end, rela_start, rela_end.
 */
#ifndef LIB_ARM64_IMAGE_START_H
#define LIB_ARM64_IMAGE_START_H

#include "image.h"

/*
 * image_header SIZE, START: the header at the start of a 2 MiB block.  SIZE: bytes from
 * here that the program needs, .bss included.  START: where its code goes on.
 */
	.macro	image_header size, start
	b	\start
	.long	0
	.quad	0			/* text_offset */
	.quad	\size
	.quad	IMAGE_FLAGS_ANYWHERE
	.quad	0, 0, 0
	.long	IMAGE_MAGIC_VALUE
	.long	0
	.endm

/* image_address REGISTER, LABEL: where LABEL is, up to 4 GiB away. */
	.macro	image_address register, label
	adrp	\register, \label
	add	\register, \register, :lo12:\label
	.endm

/* image_clear_bss: from bss_start to bss_end, multiples of 8.  Changes x0 and x1. */
	.macro	image_clear_bss
	image_address	x0, bss_start
	image_address	x1, bss_end
8:	cmp	x0, x1
	b.hs	9f
	str	xzr, [x0], #8
	b	8b
9:
	.endm

/*
 * image_relocate BASE: add BASE, where the program is, to the addresses in data that
 * rela_start to rela_end list (Elf64_Rela, type RELATIVE); until then they are relative
 * to 0.  Changes x0 to x3.
 */
	.macro	image_relocate base
	image_address	x0, rela_start
	image_address	x1, rela_end
8:	cmp	x0, x1
	b.hs	9f
	ldr	x2, [x0], #16
	ldr	x3, [x0], #8
	add	x3, x3, \base
	str	x3, [x2, \base]
	b	8b
9:
	.endm

#endif /* LIB_ARM64_IMAGE_START_H */
