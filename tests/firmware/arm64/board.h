/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The memory of the board's firmware, where QEMU's machine "virt" puts an Image
 * that can be anywhere.  Shared by C, assembly and linker script.
 *
 *	0x000000	code, data, stack, release words
 *	0x100000	the device tree that the kernel gets
 *	0x200000	the kernel
 */
#ifndef TESTS_FIRMWARE_ARM64_BOARD_H
#define TESTS_FIRMWARE_ARM64_BOARD_H

#define BOARD_BASE 0x40200000
#define BOARD_SIZE 0x200000
#define BOARD_TREE 0x100000
#define BOARD_TREE_MAX 0x100000
#define BOARD_KERNEL (BOARD_BASE + BOARD_SIZE)

#define BOARD_DISPLACED 0x80000

/* A CPU that is late waits so many seconds before it looks at its release word. */
#define BOARD_LATE_SECONDS 4

#endif /* TESTS_FIRMWARE_ARM64_BOARD_H */
