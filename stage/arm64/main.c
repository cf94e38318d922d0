/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The stage in front of an arm64 Image: takes the CPUs of a spin-table into the
 * resident, tells the kernel so by its device tree, and starts it.  If anything is not as
 * it should be, the kernel starts as without it.
 */
#include <baton/arm64/registers.h>
#include <baton/string.h>
#include "console.h"
#include "handover.h"
#include "head.h"
#include "mmu.h"

#define IMAGE_ALIGNMENT 0x200000u /* of the kernel's start */

extern const struct baton_wrap_arm64 wrap_info; /* in head.S */
extern const uint8_t resident_el2[];		/* likewise */
extern const uint64_t resident_el2_size;

/* Called from head.S. */
const struct way_out *stage_main(uint64_t fdt, uint64_t base);

static struct way_out way_out;
static uint64_t kernel; /* where it is */

/*
 * The kernel behind the stage, at a place where it can run.  A loader that
 * knows nothing of the boot protocol's alignment makes it move, into the room
 * that the wrapper has added for that.
 */
static bool place_kernel(uint64_t base)
{
	uint64_t loaded = base + STAGE_SIZE;
	const struct image_header *header = (const struct image_header *)loaded;
	uint64_t aligned = (loaded + IMAGE_ALIGNMENT - 1) & -(uint64_t)IMAGE_ALIGNMENT;

	if (header->magic != IMAGE_MAGIC_VALUE || header->image_size > UINT32_MAX)
		return false;
	kernel = aligned + header->text_offset;
	if (kernel != loaded) {
		uint64_t size = header->image_size;

		memmove((void *)kernel, header, size);
		cache_clean((void *)kernel, size);
	}
	return true;
}

/*
 * The release address is mapped as Device here, so that the store goes to memory;
 * a line that a loader has left of it must not follow it there.
 */
void send_cpus(const struct devicetree_cpus *cpus, uint32_t boot, uint64_t entry)
{
	for (uint32_t i = 0; i < cpus->n; i++) {
		if (i == boot)
			continue;
		cache_clean((void *)cpus->release[i], 8);
		*(volatile uint64_t *)cpus->release[i] = entry;
	}
	__asm__ volatile("dsb sy; sev" ::: "memory"); /* the event comes after the stores */
}

static bool take_cpus(const void *fdt, uint64_t base)
{
	const struct handover h = {
		.fdt = fdt,
		.kernel = kernel,
		.image = base,
		.image_end = kernel + STAGE_SIZE,
		.area = base + STAGE_AREA,
		.area_max = STAGE_AREA_MAX,
		.tree = base + STAGE_TREE,
		.tree_max = STAGE_TREE_MAX,
		.resident = resident_el2,
		.resident_size = resident_el2_size,
		.stage2 = !(wrap_info.flags & WRAP_ARM64_NO_STAGE2),
	};
	unsigned level = read_register(CurrentEL) >> CURRENT_EL_SHIFT;

	if (level == 1)
		say("started at EL1: somebody else has EL2, and the CPUs");
	return level == 2 && handover(&h, &way_out);
}

const struct way_out *stage_main(uint64_t fdt, uint64_t base)
{
	const void *tree = (const void *)fdt;
	devicetree_error error = devicetree_check(tree, IMAGE_ALIGNMENT);

	if (!error)
		console_start(tree);
	if (!place_kernel(base)) {
		say("no arm64 kernel behind the stage");
		for (;;)
			__asm__ volatile("wfe");
	}
	way_out = (struct way_out){.entry = kernel, .x0 = fdt};
	if (error)
		say("%s", error);
	if (error || !take_cpus(tree, base))
		say("the kernel starts as without baton");
	return &way_out;
}
