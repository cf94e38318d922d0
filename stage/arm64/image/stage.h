/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The memory of the stage in front of an arm64 Image, from the 2 MiB block in
 * which the loader has put it.  Shared by C and assembly.
 *
 *	0x000000	the stage, its data and stack
 *	0x100000	the area
 *	0x1c0000	the changed device tree
 *	0x200000	the kernel
 */
#ifndef STAGE_ARM64_IMAGE_STAGE_H
#define STAGE_ARM64_IMAGE_STAGE_H

#include <baton/arm64/registers.h>
#include "lib/arm64/wrap.h"

#define STAGE_SIZE WRAP_ARM64_STAGE_SIZE
#define STAGE_OWN_SIZE 0x100000
#define STAGE_AREA 0x100000
#define STAGE_AREA_MAX 0xc0000
#define STAGE_TREE 0x1c0000
#define STAGE_TREE_MAX 0x40000

#endif /* STAGE_ARM64_IMAGE_STAGE_H */
