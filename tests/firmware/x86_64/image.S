/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* The loop's image, as testfw.efi carries it. */
	.section .rdata, "dr"
	.globl loop_image
	.balign 16
loop_image:
	.incbin "loop.bin"
