/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The device tree, with the resident in it.  Which CPUs there are and how they are started
 * is read by lib/devicetree_cpus.h.  On libfdt; no allocation.  Its trees have passed
 * devicetree_check().  Devicetree specification 0.4, sections 3.8 (cpus), 3.5
 * (reserved-memory); Linux's bindings arm/cpus, arm/psci.
 */
#ifndef STAGE_ARM64_DEVICETREE_H
#define STAGE_ARM64_DEVICETREE_H

#include "lib/devicetree_cpus.h"

/* The kernel's command line, or NULL. */
const char *devicetree_bootargs(const void *fdt);

/* What a kernel is offered. */
struct devicetree_offer {
	const char *conduit; /* "hvc", "smc": PSCI by it; NULL: a spin-table that takes CPUs back */
	uint64_t area, area_size; /* bytes */
	bool keep;	/* CPUs that no tree lists may be in it: no later stage may give it up */
	uint32_t table; /* offset of the BATN table in the area */
	uint64_t return_address; /* of such a spin-table: where CPUs go back to */
	/* The first CPU's words; the others' follow in the order of the tree, in the steps of
	 * <baton/arm64/area.h>. */
	uint64_t release, held;
};

/*
 * Copy @fdt to @to, of @size bytes, with the CPUs started by what @offer has, and its area
 * reserved, no-map, as a node compatible with "baton,area" whose property "baton,table"
 * is the offset of the BATN table; with "baton,keep" if it is never to be given up.  Areas
 * of earlier stages become "baton,area-left", still reserved.  An error, and @to not to be
 * used, if there is no room.
 */
devicetree_error devicetree_patch(const void *fdt, void *to, size_t size,
				  const struct devicetree_offer *offer);

/*
 * In a tree of devicetree_patch(): all its CPUs have left the earlier areas, which become
 * memory.  Not one that is to be kept; and none if a CPU has failed: it may have come late,
 * into any of them.
 */
void devicetree_forget_areas(void *fdt);

/*
 * In a tree of devicetree_patch(): a CPU may still wait at the release word at @address.  It
 * stays reserved, or becomes so: the kernel must not write there.
 */
devicetree_error devicetree_keep_word(void *fdt, uint64_t address);

/* In a tree of devicetree_patch(): the CPU @mpidr is not there. */
devicetree_error devicetree_disable_cpu(void *fdt, uint64_t mpidr);

#endif /* STAGE_ARM64_DEVICETREE_H */
