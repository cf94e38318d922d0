/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* The resident's images, as the stage carries them. */
#include "lib/x86_64/rodata.h"

	.section RODATA_SECTION
	.balign	16
	.globl	image_resident
image_resident:
	.incbin	"resident.bin"
	.balign	16
	.globl	image_resident_tdx
image_resident_tdx:
	.incbin	"resident-tdx.bin"
