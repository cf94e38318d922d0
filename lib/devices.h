/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * Where the devices of a device tree are, for the stage and the probe.  The tree has passed
 * devicetree_check().  Any CPU state with a C stack; on libfdt, no allocation.  Devicetree
 * specification 0.4, sections 2.3.8 (ranges) and 3.6 (chosen).
 */
#ifndef LIB_DEVICES_H
#define LIB_DEVICES_H

#include <stdint.h>

/*
 * The physical address of the first registers of the first enabled node compatible with
 * @compatible, through the ranges of all buses above it; 0: none.
 */
uint64_t devices_find(const void *fdt, const char *compatible);

/*
 * The same for the console, which is stdout-path of /chosen.  *@compatible becomes the first
 * string of its property of that name, in the tree, or NULL.
 */
uint64_t devices_console(const void *fdt, const char **compatible);

#endif /* LIB_DEVICES_H */
