/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#ifndef LIBBATON_EXAMPLE_ARM64_KERNEL_H
#define LIBBATON_EXAMPLE_ARM64_KERNEL_H

/*
 * Where kernel_head.S goes on, in C: on the boot CPU, MMU and caches on, with a stack.  @fdt is
 * the device tree.  kernel.c has it; and a kernel of the tests in its place.
 */
void kernel_main(const void *fdt);

#endif /* LIBBATON_EXAMPLE_ARM64_KERNEL_H */
