/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* A device tree: as the stage takes it, and as "baton inspect" reads it. */
#include "fuzz.h"

#include <devicetree.h>
#include <inspect.h>

#define KERNEL "6.12.0-fuzz"
#define ROOM 0x2000

static void patch(const void *tree, const struct devicetree_cpus *cpus)
{
	void *to = exact(ROOM);

	if (!devicetree_patch(tree, to, ROOM, "hvc", 0x7e000000, 0x10000, 0x5000)) {
		promise(!devicetree_check(to, ROOM));
		promise(devicetree_psci(to) != DEVICETREE_NO_PSCI);
		if (cpus->n)
			devicetree_disable_cpu(to, cpus->mpidr[0]);
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
	devicetree_registers(tree, "arm,pl011");
	devicetree_console(tree, &compatible);
	if (!devicetree_read_cpus(tree, 0x200000, 0x2200000, &cpus)) {
		promise(cpus.n <= DEVICETREE_CPUS_MAX);
		patch(tree, &cpus);
	}
}

static void inspect(const void *tree, size_t size)
{
	struct verdict verdict[SUBJECTS] = {0};
	struct machine m;

	machine_init(&m);
	machine_set_kernel(&m, KERNEL);
	devicetree_read(&m, tree, size);
	judge(&m, verdict);
	json_decref(inspect_json(&m, verdict));
	verdict_free(verdict);
	machine_free(&m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	void *tree = exact_copy(data, size);

	stage(tree, size);
	inspect(tree, size);
	free(tree);
	return 0;
}
