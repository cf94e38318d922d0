/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * A wrapped arm64 Image: the stage in a 2 MiB block of its own, and behind it the Image
 * that was wrapped, unchanged.  If that was compressed by gzip, so is the wrapped one: its
 * header and compressed blocks are those of the file that was wrapped, with blocks for the
 * stage in front of them, so that the same file can be taken out again.
 */
#ifndef LIB_ARM64_WRAP_H
#define LIB_ARM64_WRAP_H

#include "image.h"

/* The size of the block of memory that the stage takes: see stage/arm64/image/stage.h. */
#define WRAP_ARM64_STAGE_SIZE 0x200000

/* Offset of struct baton_wrap_arm64 in the file: behind the header of the Image. */
#define WRAP_ARM64_INFO IMAGE_HEADER_SIZE
#define WRAP_ARM64_MAGIC 0x4d52415741544142 /* "BATAWARM" */
#define WRAP_ARM64_VERSION 1

#define WRAP_ARM64_NO_STAGE2 1	/* the kernel can see the area: no stage-2 translation */
#define WRAP_ARM64_SPIN_TABLE 2 /* offer a spin-table that takes CPUs back, not PSCI */

#ifndef __ASSEMBLER__
#include <stdint.h>

struct baton_wrap_arm64 {
	uint64_t magic;
	uint32_t version;
	uint32_t flags;		/* WRAP_ARM64_... */
	uint64_t payload_size;	/* of the Image that was wrapped, bytes in the file */
	uint32_t payload_crc32; /* ISO 3309, as zlib has it */
	uint32_t gzip_crc32;	/* of the file that was wrapped, if it was compressed; ... */
	uint64_t gzip_size;	/* ... its size in bytes; 0: it was not */
	uint32_t reserved[6];
};

_Static_assert(sizeof(struct baton_wrap_arm64) == 64, "head.S");

#endif /* __ASSEMBLER__ */
#endif /* LIB_ARM64_WRAP_H */
