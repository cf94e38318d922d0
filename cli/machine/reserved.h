/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#ifndef CLI_MACHINE_RESERVED_H
#define CLI_MACHINE_RESERVED_H

#include <stddef.h>
#include <stdint.h>

/*
 * Copies the BATN table of a running machine without ACPI, at most @max bytes, to @to.
 * The node "baton,area" in /proc/device-tree has its address; it is read through
 * /dev/mem.  Returns the number of bytes, or 0 with errno: ENOENT if there is no such
 * node, ENXIO if there is no /dev/mem, EPERM if the kernel does not allow reading it.
 */
size_t reserved_table(void *to, size_t max);

/*
 * Finds the BATN table's physical address by @tree, which is "/proc/device-tree" or a copy.
 * Returns the number of bytes from there to the end of the area, or 0: there is none.
 */
size_t reserved_find(const char *tree, uint64_t *address);

#endif /* CLI_MACHINE_RESERVED_H */
