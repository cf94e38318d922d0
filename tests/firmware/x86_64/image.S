/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* The loop's image, as testfw.efi carries it. */
	.section .rdata, "dr"
	.globl image_loop
	.balign 16
image_loop:
	.incbin "loop.bin"
