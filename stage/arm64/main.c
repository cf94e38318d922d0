/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The stage in front of an arm64 Image: takes the CPUs of a spin-table into the
 * resident, tells the kernel so by its device tree, and starts it.  If anything is not as
 * it should be, the kernel starts as without it.
 */
#include <baton/acpi.h>
#include <baton/arm64/registers.h>
#include <baton/psci.h>
#include <baton/string.h>
#include <baton/table.h>
#include "../../resident/arm64/install.h"
#include "../../resident/arm64/slot.h"
#include "../devicetree.h"
#include "console.h"
#include "head.h"
#include "mmu.h"

#define ARRIVAL_SECONDS 2
#define IMAGE_ALIGNMENT 0x200000u /* of the kernel's start */

extern const struct baton_wrap_arm64 wrap_info; /* in head.S */
extern const uint8_t resident_el2[];		/* likewise */
extern const uint64_t resident_el2_size;

/* Called from head.S. */
const struct way_out *stage_main(uint64_t fdt, uint64_t base);

static struct way_out way_out;
static struct devicetree_cpus cpus;
static struct resident_plan plan;
static struct baton_area *area;
static uint64_t kernel; /* where it is */

static unsigned current_level(void)
{
	return read_register(CurrentEL) >> CURRENT_EL_SHIFT;
}

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

static uint32_t physical_bits(void)
{
	static const uint8_t bits[] = {32, 36, 40, 42, 44, 48, 52};
	unsigned range = id_field(id_aa64mmfr0_el1, 0);

	return range < sizeof(bits) ? bits[range] : 48;
}

/* The CPU that runs this, among all. */
static bool find_boot_cpu(void)
{
	uint64_t mpidr = read_register(mpidr_el1) & MPIDR_AFFINITY;

	for (plan.boot = 0; plan.boot < cpus.n; plan.boot++)
		if (cpus.mpidr[plan.boot] == mpidr)
			return true;
	say("the device tree does not list the boot CPU (MPIDR 0x%llx)", (unsigned long long)mpidr);
	return false;
}

static bool make_area(const void *fdt, uint64_t base)
{
	size_t size;

	plan.mpidrs = cpus.mpidr;
	plan.ncpus = cpus.n;
	plan.level = current_level();
	plan.stage2 = plan.level == 2 && !(wrap_info.flags & WRAP_ARM64_NO_STAGE2);
	plan.ticks_per_us = (uint32_t)(read_register(cntfrq_el0) / 1000000);
	plan.physical_bits = physical_bits();
	plan.power = devicetree_registers(fdt, "brcm,bcm2835-pm-wdt");
	if (!plan.power)
		plan.power = devicetree_registers(fdt, "brcm,bcm2835-pm");
	size = resident_area_size(&plan);
	area = (struct baton_area *)(base + STAGE_AREA);
	if (size && size <= STAGE_AREA_MAX &&
	    resident_install(area, (uint64_t)area, &plan, resident_el2, resident_el2_size))
		return true;
	say("no room for an area for %u CPUs", cpus.n);
	return false;
}

static struct baton_table *table(void)
{
	return (struct baton_table *)((uint8_t *)area + area->table);
}

static uint32_t state_of(uint32_t cpu)
{
	return baton_count_value(__atomic_load_n(&table()->cpu[cpu].state, __ATOMIC_ACQUIRE));
}

/* Count what is held; the boot CPU is not. */
static uint32_t count_held(void)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < cpus.n; i++)
		n += state_of(i) == BATON_CPU_HELD;
	return n;
}

/*
 * Send every secondary CPU from its spin-table to the resident.  They read with
 * their caches off: the area must be in memory before the release address is.
 * The release address is mapped as Device here, so that the store goes to memory;
 * a line that a loader has left of it must not follow it there.
 */
static void collect(void)
{
	uint64_t frequency = read_register(cntfrq_el0);
	uint64_t start = read_register(cntpct_el0);

	cache_clean(area, area->size);
	for (uint32_t i = 0; i < cpus.n; i++) {
		if (i == plan.boot)
			continue;
		cache_clean((void *)cpus.release[i], 8);
		*(volatile uint64_t *)cpus.release[i] = (uintptr_t)area + BATON_AREA_RESIDENT;
	}
	__asm__ volatile("dsb sy; sev" ::: "memory");
	while (count_held() < cpus.n - 1 &&
	       read_register(cntpct_el0) - start < ARRIVAL_SECONDS * frequency)
		__asm__ volatile("yield");
}

/* Write down who came, for the kernel and for whoever reads the console. */
static void account(void *tree)
{
	struct baton_table *batn = table();

	batn->collected = count_held();
	batn->missing = cpus.n - 1 - batn->collected;
	batn->flags |= BATON_TABLE_COMPLETE;
	for (uint32_t i = 0; i < cpus.n; i++) {
		if (i == plan.boot || state_of(i) == BATON_CPU_HELD)
			continue;
		say("the CPU with MPIDR 0x%llx did not arrive: it is left out",
		    (unsigned long long)cpus.mpidr[i]);
		__atomic_store_n(&batn->cpu[i].state, baton_count_of(BATON_CPU_MISSING),
				 __ATOMIC_RELAXED);
		devicetree_disable_cpu(tree, cpus.mpidr[i]);
	}
	acpi_set_checksum((struct acpi_header *)batn->acpi_header);
	say("%u CPUs: %u held at EL%u, %u missing; PSCI 1.1 by %s; area 0x%llx, %u KiB", cpus.n,
	    batn->collected, plan.level, batn->missing, plan.level == 3 ? "SMC" : "HVC",
	    (unsigned long long)(uintptr_t)area, area->size >> 10);
}

/* Everything, or false, and said why, with nothing changed. */
static bool hand_over(const void *fdt, uint64_t base)
{
	void *tree = (void *)(base + STAGE_TREE);
	devicetree_error error;

	if (current_level() == 1) {
		say("started at EL1: somebody else has EL2, and the CPUs");
		return false;
	}
	if (devicetree_psci(fdt) != DEVICETREE_NO_PSCI) {
		say("there is PSCI already: nothing to do");
		return false;
	}
	error = devicetree_read_cpus(fdt, base, kernel + STAGE_SIZE, &cpus);
	if (!error && (!find_boot_cpu() || !make_area(fdt, base)))
		return false;
	if (!error)
		error = devicetree_patch(fdt, tree, STAGE_TREE_MAX, plan.level == 3 ? "smc" : "hvc",
					 (uintptr_t)area, area->size, area->table);
	if (error) {
		say("%s", error);
		return false;
	}
	collect();
	account(tree);
	cache_clean(tree, STAGE_TREE_MAX);
	cache_clean(area, area->size);
	way_out = (struct way_out){.entry = (uintptr_t)area + BATON_AREA_RESIDENT + 4,
				   .x0 = kernel,
				   .x1 = (uintptr_t)tree};
	return true;
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
	if (error || !hand_over(tree, base))
		say("the kernel starts as without baton");
	return &way_out;
}
