/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* The resident's image, as the stage carries it. */
#include "lib/x86_64/rodata.h"

	.section RODATA_SECTION
	.balign	16
	.globl	image_resident
image_resident:
	.incbin	"resident.bin"
