/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The device tree, before and after: which CPUs there are and how they are
 * started, and the same tree with the resident in it.  On libfdt and what kernels
 * read it by, <baton/devicetree.h>; no allocation.  Its trees have passed
 * devicetree_check().  Devicetree specification 0.4, sections 3.8 (cpus), 3.5
 * (reserved-memory); Linux's bindings arm/cpus, arm/psci.
 */
#ifndef STAGE_DEVICETREE_H
#define STAGE_DEVICETREE_H

#include <baton/devicetree.h>

#define DEVICETREE_CPUS_MAX 256

struct devicetree_cpus {
	uint32_t n;
	uint64_t mpidr[DEVICETREE_CPUS_MAX];
	uint64_t release[DEVICETREE_CPUS_MAX]; /* cpu-release-addr */
};

/*
 * The CPUs.  An error unless each can be started by a release address of its
 * own: enable-method spin-table, aligned to 8, in memory, outside [@image,
 * @image_end), used by no other.
 */
devicetree_error devicetree_read_cpus(const void *fdt, uint64_t image, uint64_t image_end,
				      struct devicetree_cpus *cpus);

/*
 * The first of the registers of the first enabled node compatible with
 * @compatible, as a CPU sees them, through all buses' ranges; 0: none.
 */
uint64_t devicetree_registers(const void *fdt, const char *compatible);

/* Likewise for the console: stdout-path of /chosen.  @compatible: its first word, of the tree. */
uint64_t devicetree_console(const void *fdt, const char **compatible);

/*
 * Copy @fdt to @to, of @size bytes, with the CPUs started by PSCI over
 * @conduit ("hvc", "smc"), and [@area, @area + @area_size) reserved, no-map, as a node
 * compatible with "baton,area" whose property "baton,table" is the offset of
 * the BATN table.  An error, and @to not to be used, if there is no room.
 */
devicetree_error devicetree_patch(const void *fdt, void *to, size_t size, const char *conduit,
				  uint64_t area, uint64_t area_size, uint32_t table);

/* In a tree of devicetree_patch(): the CPU @mpidr is not there. */
devicetree_error devicetree_disable_cpu(void *fdt, uint64_t mpidr);

#endif /* STAGE_DEVICETREE_H */
