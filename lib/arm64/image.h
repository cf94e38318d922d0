/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* The header of an arm64 Image.  Linux, Documentation/arch/arm64/booting. */
#ifndef LIB_ARM64_IMAGE_H
#define LIB_ARM64_IMAGE_H

#define IMAGE_HEADER_SIZE 64
#define IMAGE_MAGIC_VALUE 0x644d5241 /* "ARM\x64" */
#define IMAGE_FLAG_BIG_ENDIAN 1
#define IMAGE_FLAGS_ANYWHERE 0xa /* 4 KiB pages, base anywhere */

#ifndef __ASSEMBLER__
#include <stdint.h>

/* Little-endian. */
struct image_header {
	uint32_t code[2];
	uint64_t text_offset;
	uint64_t image_size;
	uint64_t flags;
	uint64_t reserved[3];
	uint32_t magic;
	uint32_t reserved2;
};

_Static_assert(sizeof(struct image_header) == IMAGE_HEADER_SIZE, "arm64 booting");

#endif /* __ASSEMBLER__ */
#endif /* LIB_ARM64_IMAGE_H */
