/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The hand-over, for all forms of the stage: the secondary CPUs go from where they wait
 * into a resident, and the kernel gets a device tree that offers them.
 */
#ifndef STAGE_ARM64_HANDOVER_H
#define STAGE_ARM64_HANDOVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "devicetree.h"

/* What a form of the stage has found and made, and how it sends CPUs away. */
struct handover {
	const void *fdt;	   /* the loader's device tree, checked */
	uint64_t kernel;	   /* its entry */
	uint64_t image, image_end; /* what the loader has loaded: no release address may be there */
	uint64_t area, area_max;   /* where the area goes, and the bytes that there are for it */
	uint64_t tree, tree_max;   /* likewise for the changed device tree */
	const uint8_t *resident;   /* the image, for the level that this runs at */
	size_t resident_size;
	/*
	 * Send all @cpus but number @boot to @entry, which is in memory with all that it needs:
	 * they may run with their caches off.  CPUs that are not among them may come, too.
	 */
	void (*send_cpus)(const struct devicetree_cpus *cpus, uint32_t boot, uint64_t entry);
	bool stage2;	 /* hide the area from the kernel; at EL2 only */
	bool spin_table; /* that takes CPUs back, not PSCI; at EL2 only */
};

/*
 * Where the stage's way ends: at entry, at the level it runs at, MMU off, and with
 * nothing of [uncached, uncached + uncached_size) in any cache.  Known to stage_head.S and
 * stub_head.S.
 */
struct way_out {
	uint64_t entry, x0, x1;
	uint64_t uncached, uncached_size;
};

/*
 * Everything: the area written, the CPUs collected, the tree changed, all of it
 * clean to the point of coherency, and *@out the way to the kernel.  Returns
 * false after printing an error if that can't be; only the memory of area and tree has
 * changed then.
 * Runs once, on the boot CPU, MMU on, release addresses mapped as Device.
 */
bool handover(const struct handover *h, struct way_out *out);

#endif /* STAGE_ARM64_HANDOVER_H */
