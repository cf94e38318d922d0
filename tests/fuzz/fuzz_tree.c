/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* A device tree: as the stage takes it, and as "baton inspect" reads it. */
#include "fuzz.h"
#include "inspect.h"

#include <baton/arm64/area.h>
#include "lib/devices.h"
#include "stage/arm64/devicetree.h"

#define KERNEL "6.12.0-fuzz"
#define ROOM 0x2000

static const struct devicetree_offer psci = {
	.conduit = "hvc", .area = 0x7e000000, .area_size = 0x10000, .table = 0x5000};
static const struct devicetree_offer spin_table = {
	.area = 0x7e000000,
	.area_size = 0x30000,
	.table = 0x5000,
	.return_address = 0x7e001000,
	.release = 0x7e020000,
	.held = 0x7e00a000,
};

/* Every CPU that was read has the words that are its own. */
static void words_are_told(const void *tree, const struct devicetree_cpus *cpus)
{
	struct devicetree_cpu cpu;
	int node = 0;

	for (uint32_t i = 0; i < cpus->n; i++) {
		do
			node = devicetree_next_cpu(tree, node);
		while (node > 0 && !devicetree_is_available(tree, node));
		promise(node > 0 && !devicetree_read_cpu(tree, node, &cpu));
		promise(cpu.mpidr == cpus->mpidr[i] && cpu.method == DEVICETREE_METHOD_SPIN_TABLE);
		promise(cpu.release == spin_table.release + i * BATON_SPIN_RELEASE_SIZE);
		promise(cpu.held == spin_table.held + i * BATON_SPIN_HELD_SIZE);
		promise(cpu.return_address == spin_table.return_address);
	}
}

static void patch(const void *tree, const struct devicetree_cpus *cpus,
		  const struct devicetree_offer *offer)
{
	void *to = exact(ROOM);

	if (!devicetree_patch(tree, to, ROOM, offer)) {
		promise(!devicetree_check(to, ROOM));
		if (offer->conduit)
			promise(devicetree_psci(to) != DEVICETREE_NO_PSCI);
		else
			words_are_told(to, cpus);
		devicetree_bootargs(to);
		if (cpus->n)
			devicetree_disable_cpu(to, cpus->mpidr[0]);
		devicetree_forget_areas(to);
		promise(!devicetree_check(to, ROOM));
	}
	free(to);
}

static void stage(const void *tree, size_t size)
{
	struct devicetree_cpus cpus = {0};
	const char *compatible;

	if (devicetree_check(tree, size))
		return;
	devicetree_psci(tree);
	devicetree_table(tree);
	devices_find(tree, "arm,pl011");
	devices_console(tree, &compatible);
	if (!devicetree_cpus_read(tree, 0x200000, 0x2200000, &cpus)) {
		promise(cpus.n <= DEVICETREE_CPUS_MAX);
		patch(tree, &cpus, &psci);
		patch(tree, &cpus, &spin_table);
	}
}

static void inspect(const void *tree, size_t size)
{
	struct machine m;

	machine_init(&m);
	machine_set_kernel(&m, KERNEL);
	dtb_read(&m, tree, size);
	inspect_machine(&m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	void *tree = exact_copy(data, size);

	stage(tree, size);
	inspect(tree, size);
	free(tree);
	return 0;
}
