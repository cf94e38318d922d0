/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The stage in front of an arm64 Image.  It takes the CPUs of a spin-table into a resident:
 * of PSCI, or of a spin-table that takes CPUs back.  The kernel gets a device tree that
 * offers them, and starts.  If that can't be, the kernel starts as without the stage.
 */
#include <baton/arm64/area.h>
#include <baton/arm64/registers.h>
#include <baton/string.h>
#include "lib/cmdline.h"
#include "stage/arm64/console.h"
#include "stage/arm64/handover.h"
#include "stage/say.h"
#include "stage.h"
#include "lib/arm64/cache.h"

#define IMAGE_ALIGNMENT 0x200000u /* of the kernel's start */
#define CWG_SHIFT 24 /* in CTR_EL0: log2 of words; 0: not known, the largest that there is */

extern const struct baton_wrap_arm64 stage_head_wrap_info;		    /* in stage_head.S */
extern const uint8_t stage_head_resident_el2[], stage_head_resident_spin[]; /* likewise */
extern const uint64_t stage_head_resident_el2_size, stage_head_resident_spin_size;

/* Called from stage_head.S. */
const struct way_out *stage_main(uint64_t fdt, uint64_t base);

static struct way_out way_out;
static uint64_t kernel, kernel_end; /* where it is */

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
	uint64_t size = header->image_size;

	if (header->magic != IMAGE_MAGIC_VALUE || size > UINT32_MAX)
		return false;
	kernel = aligned + header->text_offset;
	kernel_end = kernel + size;
	if (kernel != loaded) {
		memmove((void *)kernel, header, size);
		cache_clean((void *)kernel, size);
	}
	return true;
}

/* Whether a CPU before @cpu has its release word: it has been written. */
static bool is_written(const struct devicetree_cpus *cpus, uint32_t boot, uint32_t cpu)
{
	for (uint32_t i = 0; i < cpu; i++)
		if (i != boot && cpus->release[i] == cpus->release[cpu])
			return true;
	return false;
}

/*
 * The spin-table may be the firmware's, or one of ours that a kernel before this has
 * returned the CPUs to.  The release address is mapped as Device here, so that the store
 * goes to memory, or as Normal with the device tree; a line that a loader has left of it
 * must not follow it there.
 *
 * All CPUs that share a word leave by one store.  Each finds its slot by its MPIDR; one that
 * has none waits at the entry for good.
 */
static void send_cpus(const struct devicetree_cpus *cpus, uint32_t boot, uint64_t entry)
{
	for (uint32_t i = 0; i < cpus->n; i++) {
		if (i == boot || is_written(cpus, boot, i))
			continue;
		cache_clean((void *)cpus->release[i], 8);
		*(volatile uint64_t *)cpus->release[i] = entry;
		cache_clean((void *)cpus->release[i], 8);
	}
	__asm__ volatile("dsb sy; sev" ::: "memory"); /* the event comes after the stores */
}

/* As it was wrapped, or as the command line, by its last such word, has it. */
static bool wants_spin_table(const void *fdt)
{
	bool wanted = stage_head_wrap_info.flags & WRAP_ARM64_SPIN_TABLE;
	const char *line = devicetree_bootargs(fdt);
	char value[16];

	for (unsigned i = 0; line && cmdline_value(line, "baton", i, value, sizeof(value)); i++) {
		if (!memcmp(value, "spin-table", sizeof("spin-table")))
			wanted = true;
		else if (!memcmp(value, "psci", sizeof("psci")))
			wanted = false;
		else
			say("baton=%s: neither psci nor spin-table", value);
	}
	return wanted;
}

/* Whether a kernel can write a release word without writing back what is around it. */
static bool words_are_apart(void)
{
	unsigned granule = 4u << (read_register(ctr_el0) >> CWG_SHIFT & 0xf);

	if (granule <= BATON_SPIN_RELEASE_SIZE)
		return true;
	say("caches write back %u bytes at once: release words can't be kept apart", granule);
	return false;
}

static bool take_cpus(const void *fdt, uint64_t base)
{
	bool spin_table = wants_spin_table(fdt);
	const struct handover h = {
		.fdt = fdt,
		.kernel = kernel,
		.image = base,
		.image_end = kernel_end,
		.area = base + STAGE_AREA,
		.area_max = STAGE_AREA_MAX,
		.tree = base + STAGE_TREE,
		.tree_max = STAGE_TREE_MAX,
		.resident = spin_table ? stage_head_resident_spin : stage_head_resident_el2,
		.resident_size =
			spin_table ? stage_head_resident_spin_size : stage_head_resident_el2_size,
		.send_cpus = send_cpus,
		.stage2 = !spin_table && !(stage_head_wrap_info.flags & WRAP_ARM64_NO_STAGE2),
		.spin_table = spin_table,
	};
	unsigned level = read_register(CurrentEL) >> CURRENT_EL_SHIFT;

	if (level == 1)
		say("started at EL1: somebody else has EL2, and the CPUs");
	return level == 2 && (!spin_table || words_are_apart()) && handover(&h, &way_out);
}

const struct way_out *stage_main(uint64_t fdt, uint64_t base)
{
	const void *tree = (const void *)fdt;
	devicetree_error error = devicetree_check(tree, IMAGE_ALIGNMENT);

	if (!error)
		console_find(tree);
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
