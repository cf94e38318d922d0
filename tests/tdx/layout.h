/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* Where things lie in the machine of the simulator; for C, assembly and the linker script. */
#ifndef TESTS_TDX_LAYOUT_H
#define TESTS_TDX_LAYOUT_H

/*
 * The ROM ends at 4 GiB: the TD's firmware, the simulator, the code at the reset vector.
 * QEMU wants multiples of 64 KiB.
 */
#define ROM_END 0x100000000
#define RESET_SIZE 0x10000
#define SIMULATOR_SIZE 0x10000
#define SIMULATOR_ROM (ROM_END - RESET_SIZE - SIMULATOR_SIZE)

/* q35 with -m 3G: 2 GiB from 0, 1 GiB from 4 GiB.  The simulator has the last 64 MiB. */
#define TD_RAM_END 0x80000000
#define MEMORY_END 0x140000000
#define SIMULATOR_BASE (MEMORY_END - 0x4000000)

/* At the simulator's start. */
#define CPUS_MAX 8
#define STACK_SIZE 0x4000

#define COM1 0x3f8

#endif /* TESTS_TDX_LAYOUT_H */
