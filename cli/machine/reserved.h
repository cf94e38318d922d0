/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#ifndef CLI_MACHINE_RESERVED_H
#define CLI_MACHINE_RESERVED_H

#include <stddef.h>

/*
 * The BATN table of a running machine without ACPI: the node "baton,area" of
 * /proc/device-tree says where it is, /dev/mem gives it.  At most @max bytes into
 * @to; how many, or 0: errno says why, ENOENT if there is no such node,
 * ENXIO if there is no /dev/mem, EPERM if the kernel keeps it from being read.
 */
size_t reserved_table(void *to, size_t max);

#endif /* CLI_MACHINE_RESERVED_H */
