/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "devicetree_cpus.h"
#include <libfdt.h>

bool devicetree_cpus_no_memory(const void *fdt)
{
	return !devicetree_memory_has(fdt, 0, 0);
}

static devicetree_error check_cpu(const struct devicetree_cpus *cpus,
				  const struct devicetree_cpu *cpu, uint64_t image,
				  uint64_t image_end)
{
	if (cpu->method != DEVICETREE_METHOD_SPIN_TABLE)
		return "a CPU is not started by spin-table";
	if (!cpu->release)
		return "a CPU has no cpu-release-addr";
	if (cpu->release < image_end && cpu->release + 8 > image)
		return "a CPU's cpu-release-addr is in the kernel's own image";
	for (uint32_t i = 0; i < cpus->n; i++) {
		if (cpus->mpidr[i] == cpu->mpidr)
			return "two CPUs have the same reg";
		if (cpus->release[i] == cpu->release)
			return "two CPUs share one cpu-release-addr";
	}
	return NULL;
}

devicetree_error devicetree_cpus_read(const void *fdt, uint64_t image, uint64_t image_end,
				      struct devicetree_cpus *cpus)
{
	struct devicetree_cpu cpu;
	int node = 0;

	cpus->n = 0;
	if (devicetree_psci(fdt) != DEVICETREE_NO_PSCI)
		return "there is PSCI already: nothing to do";
	if (fdt_path_offset(fdt, "/cpus") < 0)
		return "the device tree has no cpus node";
	while ((node = devicetree_next_cpu(fdt, node)) >= 0) {
		devicetree_error error = devicetree_read_cpu(fdt, node, &cpu);

		if (!error && cpu.failed)
			continue;
		if (!error && cpus->n == DEVICETREE_CPUS_MAX)
			error = "the device tree has more CPUs than are supported";
		if (!error)
			error = check_cpu(cpus, &cpu, image, image_end);
		if (error)
			return error;
		cpus->mpidr[cpus->n] = cpu.mpidr;
		cpus->release[cpus->n++] = cpu.release;
	}
	for (uint32_t i = 0; i < cpus->n; i++)
		if (!devicetree_memory_has(fdt, cpus->release[i], 8))
			return "a CPU's cpu-release-addr is outside of memory";
	return cpus->n ? NULL : "the device tree has no CPU";
}
