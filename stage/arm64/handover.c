/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "handover.h"
#include <baton/acpi.h>
#include <baton/arm64/registers.h>
#include <baton/psci.h>
#include <baton/table.h>
#include "area/arm64/install.h"
#include "lib/devices.h"
#include "stage/say.h"
#include "lib/arm64/cache.h"

#define ARRIVAL_SECONDS 2

static struct devicetree_cpus cpus;
static struct install_plan plan;
static struct baton_area *area;

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

static bool make_area(const struct handover *h)
{
	size_t size;

	plan.mpidrs = cpus.mpidr;
	plan.ncpus = cpus.n;
	plan.level = read_register(CurrentEL) >> CURRENT_EL_SHIFT;
	plan.stage2 = h->stage2;
	plan.ticks_per_us = (uint32_t)(read_register(cntfrq_el0) / 1000000);
	plan.physical_bits = physical_bits();
	plan.spin_table = h->spin_table;
	if (!h->spin_table) /* which has no call for that */
		plan.power = devices_find(h->fdt, "brcm,bcm2835-pm-wdt");
	if (!h->spin_table && !plan.power)
		plan.power = devices_find(h->fdt, "brcm,bcm2835-pm");
	size = install_arm64_size(&plan);
	area = (struct baton_area *)h->area;
	if (size && size <= h->area_max &&
	    install_arm64_area(area, h->area, &plan, h->resident, h->resident_size))
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
 * Until they are all held, or time is up.  They read with their caches off: the
 * area must be in memory before they are sent there, and their instruction caches
 * must not have what was there before.
 */
static void collect(const struct handover *h)
{
	uint64_t frequency = read_register(cntfrq_el0);
	uint64_t start = read_register(cntpct_el0);

	cache_clean(area, area->size);
	__asm__ volatile("ic ialluis; dsb ish" ::: "memory");
	h->send_cpus(&cpus, plan.boot, (uintptr_t)area + BATON_AREA_RESIDENT);
	while (count_held() < cpus.n - 1 &&
	       read_register(cntpct_el0) - start < ARRIVAL_SECONDS * frequency)
		__asm__ volatile("yield");
}

/* How the kernel is going to start and stop CPUs. */
static const char *method(void)
{
	if (plan.spin_table)
		return "spin-table with return";
	return plan.level == 3 ? "PSCI 1.1 by SMC" : "PSCI 1.1 by HVC";
}

/*
 * A CPU that did not arrive may still wait at its release word, and one that no tree lists at
 * a word that others share.  It finds the way into the area there for as long as nobody
 * else writes to that memory.
 */
static void keep_words(void *tree)
{
	for (uint32_t i = 0; i < cpus.n; i++)
		if (i != plan.boot && (cpus.shared || state_of(i) != BATON_CPU_HELD) &&
		    devicetree_keep_word(tree, cpus.release[i]))
			say("no room to reserve the release word 0x%llx",
			    (unsigned long long)cpus.release[i]);
}

/* Record which CPUs arrived, in BATN and in the tree, and report it on the console. */
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
	if (!batn->missing)
		devicetree_forget_areas(tree);
	keep_words(tree);
	acpi_set_checksum((struct acpi_header *)batn->acpi_header);
	say("%u CPUs: %u held at EL%u, %u missing; %s; area 0x%llx, %u KiB", cpus.n,
	    batn->collected, plan.level, batn->missing, method(),
	    (unsigned long long)(uintptr_t)area, area->size >> 10);
}

static struct devicetree_offer make_offer(void)
{
	struct devicetree_offer offer = {
		.area = (uintptr_t)area,
		.area_size = area->size,
		.keep = cpus.shared,
		.table = area->table,
	};

	if (plan.spin_table) {
		offer.return_address = offer.area + BATON_AREA_RESIDENT;
		offer.release = install_release_word(area, 0);
		offer.held = install_held_word(area, 0);
	} else {
		offer.conduit = plan.level == 3 ? "smc" : "hvc";
	}
	return offer;
}

/*
 * By the resident, which makes way for the kernel below it; or, to a kernel that runs at
 * the resident's own level, directly.  Such a one looks at the words without caches, in
 * which there may be older ones by this stage's own map.
 */
static struct way_out way_to_kernel(const struct handover *h)
{
	if (plan.spin_table)
		return (struct way_out){.entry = h->kernel,
					.x0 = h->tree,
					.uncached = h->area,
					.uncached_size = area->size};
	return (struct way_out){
		.entry = h->area + BATON_AREA_RESIDENT + 4, .x0 = h->kernel, .x1 = h->tree};
}

bool handover(const struct handover *h, struct way_out *out)
{
	void *tree = (void *)h->tree;
	struct devicetree_offer offer;
	devicetree_error error;

	error = devicetree_cpus_read(h->fdt, h->image, h->image_end, &cpus);
	if (!error && (!find_boot_cpu() || !make_area(h)))
		return false;
	if (!error) {
		offer = make_offer();
		error = devicetree_patch(h->fdt, tree, h->tree_max, &offer);
	}
	if (error) {
		say("%s", error);
		return false;
	}
	collect(h);
	account(tree);
	cache_clean(tree, h->tree_max);
	cache_clean(area, area->size);
	*out = way_to_kernel(h);
	return true;
}
