/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* The stages that "baton wrap" puts in front of a kernel. */
	.section .rodata
	.balign	16
	.globl	blob_x86_64, blob_x86_64_size
blob_x86_64:
	.incbin	"blob.bin"
blob_x86_64_end:
	.balign	8
blob_x86_64_size:
	.quad	blob_x86_64_end - blob_x86_64
	.balign	16
	.globl	blob_arm64, blob_arm64_size
blob_arm64:
	.incbin	"stage.bin"
blob_arm64_end:
	.balign	8
blob_arm64_size:
	.quad	blob_arm64_end - blob_arm64
	.section .note.GNU-stack, "", @progbits
