/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* What the device tree has of the CPUs and of what holds them: before any is asked for. */
#include "checks.h"
#include "probe/memory.h"
#include "probe/tap.h"
#include "psci.h"

#define GRANULE 2048 /* the largest that CTR_EL0.CWG can have: Arm ARM, D19.2.34 */

typedef unsigned long long ull;

static bool sane_cpus(void)
{
	static const struct check check = {
		"tree-cpus", "each CPU has a number of its own; this one is among them",
		"Devicetree specification, 3.8"};
	bool listed = false;

	tap_begin(&check);
	if (tree.listed > tree.ncpus)
		tap_remark("%u CPUs, of which only %u are used", tree.listed, tree.ncpus);
	for (uint32_t i = 0; i < tree.ncpus; i++) {
		uint64_t mpidr = tree.cpu[i].mpidr;

		listed |= mpidr == own_mpidr() && !tree.cpu[i].failed;
		if (tree.cpu_error[i])
			tap_fault("CPU number %u: %s", i, tree.cpu_error[i]);
		for (uint32_t k = 0; k < i; k++)
			if (tree.cpu[k].mpidr == mpidr)
				tap_fault("CPUs number %u and %u are both 0x%llx", k, i,
					  (ull)mpidr);
	}
	if (!listed)
		tap_fault("the CPU that this runs on, 0x%llx, is not there", (ull)own_mpidr());
	return tap_good();
}

static enum devicetree_method method(void)
{
	static const struct check check = {
		"enable-method", "all CPUs are started in one way, which is known", BINDING_SPEC};
	enum devicetree_method method = tree.cpu[0].method;

	tap_begin(&check);
	for (uint32_t i = 0; i < tree.ncpus; i++) {
		if (tree.cpu[i].method == DEVICETREE_METHOD_UNKNOWN)
			tap_fault("CPU 0x%llx: neither psci nor spin-table",
				  (ull)tree.cpu[i].mpidr);
		else if (tree.cpu[i].method != method)
			tap_fault("CPU 0x%llx: another one than the first", (ull)tree.cpu[i].mpidr);
	}
	return tap_good() ? method : DEVICETREE_METHOD_UNKNOWN;
}

static enum way psci_node(void)
{
	static const struct check check = {"psci-node", "the psci node says how it is called",
					   "arm/psci.yaml"};

	tap_begin(&check);
	if (tree.psci == DEVICETREE_NO_PSCI)
		tap_fault("there is none");
	if (tree.psci == DEVICETREE_PSCI_UNUSABLE)
		tap_fault("it is of version 0.1 alone, or has no method that there is");
	psci_by_smc = tree.psci == DEVICETREE_PSCI_SMC;
	return tap_good() ? WAY_PSCI : WAY_NONE;
}

/* One word of each CPU. */
static void good_word(const struct devicetree_cpu *cpu, const char *name, uint64_t word)
{
	if (!word)
		tap_fault("CPU 0x%llx has no %s", (ull)cpu->mpidr, name);
	else if (!tree_reserves(word, word + 8, false))
		tap_fault("CPU 0x%llx: %s is 0x%llx, which is not in reserved memory",
			  (ull)cpu->mpidr, name, (ull)word);
}

static bool release_words(void)
{
	static const struct check check = {
		"release-addr",
		"each CPU has a release word of its own, aligned, in reserved memory",
		BINDING_SPEC "; " BOOT_SPEC};

	tap_begin(&check);
	for (uint32_t i = 0; i < tree.ncpus; i++) {
		const struct devicetree_cpu *cpu = &tree.cpu[i];

		good_word(cpu, "cpu-release-addr", cpu->release);
		for (uint32_t k = 0; k < i; k++)
			if (cpu->release && tree.cpu[k].release == cpu->release)
				tap_fault("CPUs 0x%llx and 0x%llx share one release word",
					  (ull)tree.cpu[k].mpidr, (ull)cpu->mpidr);
	}
	return tap_good();
}

static bool any_return(void)
{
	for (uint32_t i = 0; i < tree.ncpus; i++)
		if (tree.cpu[i].return_address || tree.cpu[i].held)
			return true;
	return false;
}

static void alone(const struct devicetree_cpu *cpu, const char *name, uint64_t word, bool held)
{
	for (uint32_t i = 0; i < tree.ncpus; i++) {
		const struct devicetree_cpu *other = &tree.cpu[i];

		if ((held || other != cpu) && other->release / GRANULE == word / GRANULE)
			tap_fault("CPU 0x%llx: %s is in the same 2 KiB as the release word of "
				  "CPU 0x%llx",
				  (ull)cpu->mpidr, name, (ull)other->mpidr);
		if (held && other < cpu && other->held == cpu->held)
			tap_fault("CPUs 0x%llx and 0x%llx share one held word", (ull)other->mpidr,
				  (ull)cpu->mpidr);
	}
}

static bool return_words(void)
{
	static const struct check check = {
		"return-addr",
		"each CPU has a way back, and words that share no cache line with another's",
		CONTRACT_SPEC "8"};

	tap_begin(&check);
	if (!any_return()) {
		tap_skip("no CPU has a way back");
		return false;
	}
	for (uint32_t i = 0; i < tree.ncpus; i++) {
		const struct devicetree_cpu *cpu = &tree.cpu[i];

		good_word(cpu, "cpu-held-addr", cpu->held);
		if (!tree_reserves(cpu->return_address, cpu->return_address + 4, true))
			tap_fault("CPU 0x%llx: its cpu-return-addr is missing, or not in "
				  "memory that is no-map",
				  (ull)cpu->mpidr);
		if (!tree_reserves(cpu->release, cpu->release + 8, true) ||
		    !tree_reserves(cpu->held, cpu->held + 8, true))
			tap_fault("CPU 0x%llx: a word of it is not in memory that is no-map",
				  (ull)cpu->mpidr);
		alone(cpu, "its release word", cpu->release, false);
		alone(cpu, "its held word", cpu->held, true);
	}
	return tap_good();
}

enum way check_tree(void)
{
	static const struct check whole = {"tree", "the device tree can be read",
					   "Devicetree specification, 5"};

	tap_begin(&whole);
	if (tree.error)
		tap_fault("%s", tree.error);
	else if (!tree.ncpus)
		tap_fault("it has no CPUs");
	if (!tap_good())
		return WAY_NONE;
	if (!sane_cpus())
		return WAY_NONE;
	switch (method()) {
	case DEVICETREE_METHOD_PSCI:
		return psci_node();
	case DEVICETREE_METHOD_SPIN_TABLE:
		if (!release_words())
			return WAY_NONE;
		return return_words() ? WAY_SPIN_TABLE_RETURN : WAY_SPIN_TABLE;
	default:
		return WAY_NONE;
	}
}
