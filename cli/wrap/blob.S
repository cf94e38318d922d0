/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* The stages that "baton wrap" puts in front of a kernel. */
	.section .rodata
	.balign	16
	.globl	blob_image, blob_image_size
blob_image:
	.incbin	"blob.bin"
blob_image_end:
	.balign	8
blob_image_size:
	.quad	blob_image_end - blob_image
	.balign	16
	.globl	stage_arm64, stage_arm64_size
stage_arm64:
	.incbin	"stage.bin"
stage_arm64_end:
	.balign	8
stage_arm64_size:
	.quad	stage_arm64_end - stage_arm64
	.section .note.GNU-stack, "", @progbits
