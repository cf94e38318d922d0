/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "devicetree_cpus.h"
#include <libfdt.h>

#define WORD 8 /* bytes */

bool devicetree_cpus_no_memory(const void *fdt)
{
	return !devicetree_memory_has(fdt, 0, 0);
}

static bool in_reserve_map(const void *fdt, uint64_t word)
{
	uint64_t start, size;

	for (int i = 0; i < fdt_num_mem_rsv(fdt); i++)
		if (!fdt_get_mem_rsv(fdt, i, &start, &size) && word >= start && size >= WORD &&
		    word - start <= size - WORD)
			return true;
	return false;
}

bool devicetree_cpus_word_reserved(const void *fdt, uint64_t word)
{
	int parent = fdt_path_offset(fdt, "/reserved-memory"), node;

	if (in_reserve_map(fdt, word))
		return true;
	if (parent < 0)
		return false;
	fdt_for_each_subnode(node, fdt, parent)
	{
		if (devicetree_is_available(fdt, node) && devicetree_reg_has(fdt, node, word, WORD))
			return true;
	}
	return false;
}

static devicetree_error check_cpu(const struct devicetree_cpus *cpus,
				  const struct devicetree_cpu *cpu, uint64_t image,
				  uint64_t image_end)
{
	if (cpu->method != DEVICETREE_METHOD_SPIN_TABLE)
		return "a CPU is not started by spin-table";
	if (!cpu->release)
		return "a CPU has no cpu-release-addr";
	if (cpu->release < image_end && cpu->release + WORD > image)
		return "a CPU's cpu-release-addr is in the kernel's own image";
	for (uint32_t i = 0; i < cpus->n; i++)
		if (cpus->mpidr[i] == cpu->mpidr)
			return "two CPUs have the same reg";
	return NULL;
}

devicetree_error devicetree_cpus_read(const void *fdt, uint64_t image, uint64_t image_end,
				      struct devicetree_cpus *cpus)
{
	struct devicetree_cpu cpu;
	int node = 0;

	cpus->n = 0;
	cpus->shared = false;
	if (devicetree_psci(fdt) != DEVICETREE_NO_PSCI)
		return "there is PSCI already: nothing to do";
	if (fdt_path_offset(fdt, "/cpus") < 0)
		return "the device tree has no cpus node";
	while ((node = devicetree_next_cpu(fdt, node)) >= 0) {
		devicetree_error error = devicetree_read_cpu(fdt, node, &cpu);
		enum devicetree_word word;

		if (!error && cpu.failed)
			continue;
		if (!error && cpus->n == DEVICETREE_CPUS_MAX)
			error = "the device tree has more CPUs than are supported";
		if (!error)
			error = check_cpu(cpus, &cpu, image, image_end);
		word = error ? DEVICETREE_WORD_OWN : devicetree_word(fdt, node);
		if (word == DEVICETREE_WORD_WRONG)
			error = "two CPUs share one cpu-release-addr, and one has a way back";
		if (error)
			return error;
		cpus->shared |= word == DEVICETREE_WORD_SHARED;
		cpus->mpidr[cpus->n] = cpu.mpidr;
		cpus->release[cpus->n++] = cpu.release;
	}
	for (uint32_t i = 0; i < cpus->n; i++)
		if (!devicetree_memory_has(fdt, cpus->release[i], WORD))
			return "a CPU's cpu-release-addr is outside of memory";
	return cpus->n ? NULL : "the device tree has no CPU";
}
