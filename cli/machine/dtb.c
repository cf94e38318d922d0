/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The CPUs that a flattened device tree lists: Devicetree Specification,
 * section 3.8 ("/cpus"), and Linux' bindings for PSCI.  What is there and where it lies is
 * read as the stage and libbaton do it, by <baton/devicetree.h>; what is malformed is listed
 * here, too, as far as possible.
 */
#include <baton/arm64/area.h>
#include <inttypes.h>
#include <libfdt.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "lib/devicetree_cpus.h"
#include "machine.h"

#define TREE "device tree"

struct tree {
	struct machine *m;
	const void *fdt;
};

/* An address of one or two cells; false if it is none, or 0: that is to be filled in. */
static bool address(const struct tree *t, int node, const char *name, uint64_t *value)
{
	int length;
	const void *property = fdt_getprop(t->fdt, node, name, &length);

	if (!property || (length != 4 && length != 8))
		return false;
	*value = devicetree_number(property, length / 4);
	return *value;
}

/* A property that is one string; NULL if it is not there, or not a string. */
static const char *string(const struct tree *t, int node, const char *name)
{
	return fdt_stringlist_get(t->fdt, node, name, 0, NULL);
}

static char *printable(const char *string)
{
	return cli_printable(cli_text("%s", string));
}

static void tree_problem(const struct tree *t, int node, bool fatal, const char *what)
{
	char path[256];
	char *name, *where;

	if (fdt_get_path(t->fdt, node, path, sizeof(path)))
		snprintf(path, sizeof(path), "a node");
	name = printable(path);
	where = cli_text(TREE ", %s", name);
	machine_problem(t->m, fatal, where, "%s", what);
	free(where);
	free(name);
}

static void read_method(const struct tree *t, int node, int cpus, struct machine_cpu *cpu)
{
	const char *method = string(t, node, "enable-method");

	if (!method)
		method = string(t, cpus, "enable-method"); /* 32-bit Arm has it there */
	if (!method)
		return;
	if (!strcmp(method, "psci"))
		cpu->method = START_PSCI;
	else if (!strcmp(method, "spin-table"))
		cpu->method = START_SPIN_TABLE;
	else
		cpu->method_name = printable(method);
	if (cpu->method != START_UNKNOWN)
		t->m->arch = ARCH_ARM64;
}

/* The ID is a number of as many cells as /cpus says. */
static bool read_id(const struct tree *t, int node, int cpus, uint64_t *id)
{
	int cells = fdt_address_cells(t->fdt, cpus), length;
	const void *reg = fdt_getprop(t->fdt, node, "reg", &length);

	if (!reg || !devicetree_sane_cells(cells) || length != cells * 4)
		return false;
	*id = devicetree_number(reg, cells);
	return true;
}

static void read_cpu(const struct tree *t, int node, int cpus)
{
	struct machine_cpu *cpu;
	uint64_t id;

	if (!read_id(t, node, cpus, &id)) {
		tree_problem(t, node, false,
			     "no ID: reg is missing, or of another length than #address-cells "
			     "of /cpus has it");
		return;
	}
	cpu = machine_add_cpu(t->m);
	cpu->id = id;
	cpu->enabled = !devicetree_has_failed(t->fdt, node);
	read_method(t, node, cpus, cpu);
	cpu->has_release = address(t, node, "cpu-release-addr", &cpu->release_address);
	cpu->has_return = address(t, node, "cpu-return-addr", &cpu->return_address);
	cpu->has_held = address(t, node, "cpu-held-addr", &cpu->held_address);
	if (cpu->has_return != cpu->has_held)
		tree_problem(t, node, false,
			     cpu->has_return ? "cpu-return-addr without a cpu-held-addr: nothing "
					       "would prove its return"
					     : "cpu-held-addr without a cpu-return-addr");
	if (cpu->enabled && cpu->method == START_SPIN_TABLE && !cpu->has_release)
		tree_problem(t, node, false,
			     "spin-table without a cpu-release-addr, or with 0: it can't be "
			     "started, unless the boot loader fills the address in");
}

static void read_cpus(const struct tree *t)
{
	int cpus = fdt_path_offset(t->fdt, "/cpus"), node = 0;

	if (cpus < 0) {
		machine_problem(t->m, true, TREE, "there is no /cpus");
		return;
	}
	while ((node = devicetree_next_cpu(t->fdt, node)) >= 0)
		read_cpu(t, node, cpus);
	if (!machine_enabled(t->m))
		machine_problem(t->m, true, TREE, "no CPU is enabled");
}

static const char *psci_version(const void *fdt, int node)
{
	if (!fdt_node_check_compatible(fdt, node, "arm,psci-1.0"))
		return "1.0";
	return fdt_node_check_compatible(fdt, node, "arm,psci-0.2") ? "0.1" : "0.2";
}

/* Why Linux can't use this PSCI to start a CPU (drivers/firmware/psci/psci.c); NULL: it can. */
static const char *psci_refusal(const struct tree *t, int node)
{
	const char *conduit = string(t, node, "method");

	if (!devicetree_is_available(t->fdt, node))
		return "its status is not okay: there is no PSCI";
	if (!conduit || (strcmp(conduit, "hvc") && strcmp(conduit, "smc")))
		return "its method is neither hvc nor smc: Linux can't call it";
	if (!strcmp(psci_version(t->fdt, node), "0.1") &&
	    !fdt_getprop(t->fdt, node, "cpu_on", NULL))
		return "PSCI 0.1 without cpu_on, the number of that function: Linux can't call it";
	return NULL;
}

static void read_psci(const struct tree *t)
{
	int node = devicetree_psci_node(t->fdt);
	const char *refusal = node < 0 ? NULL : psci_refusal(t, node);

	if (node < 0)
		return;
	if (refusal) {
		tree_problem(t, node, false, refusal);
		if (!devicetree_is_available(t->fdt, node))
			machine_harmless(t->m);
		return;
	}
	t->m->psci_version = cli_text("%s", psci_version(t->fdt, node));
	t->m->has_psci = true;
	t->m->psci_conduit = cli_text("%s", string(t, node, "method"));
}

/* Finds baton's area: the node that its stage adds. */
static void find_area(const struct tree *t)
{
	int node = devicetree_area(t->fdt);

	if (node >= 0 && !devicetree_area_range(t->fdt, node, &t->m->area, &t->m->area_size))
		tree_problem(t, node, false, "an area without an address");
}

/*
 * What the stage in front of a kernel makes of this tree: its own check.  A tree that comes
 * with a kernel may have no memory: the boot loader fills it in.  The memory is judged last,
 * so nothing else is wrong if all CPUs have been read.
 */
static void ask_stage(const struct tree *t)
{
	static struct devicetree_cpus cpus;
	devicetree_error error = devicetree_cpus_read(t->fdt, 0, 0, &cpus);

	if (error &&
	    !(cpus.n && cpus.n == machine_enabled(t->m) && devicetree_cpus_no_memory(t->fdt)))
		t->m->refusal = cli_text("%s", error);
}

static int by_release(const void *a, const void *b)
{
	const struct machine_cpu *const *one = a, *const *other = b;
	uint64_t x = (*one)->release_address, y = (*other)->release_address;

	if (x == y)
		return (*one)->id < (*other)->id ? -1 : (*one)->id > (*other)->id;
	return x < y ? -1 : 1;
}

/*
 * What there is to say of the release word that the @n CPUs have, one or several, out of
 * reach of the kernel or not.
 */
static void check_word(const struct tree *t, struct machine_cpu *const *cpus, size_t n)
{
	uint64_t address = cpus[0]->release_address;
	bool way_back = false;

	for (size_t i = 0; i < n; i++)
		way_back |= cpus[i]->has_return || cpus[i]->has_held;
	if (n > 1) {
		machine_problem(t->m, false, TREE,
				"CPU 0x%" PRIx64
				" and %zu more share the release address 0x%" PRIx64 ": %s",
				cpus[0]->id, n - 1, address,
				way_back ? "one that can be returned can't be started alone"
					 : "all leave at once; Linux's holding pen, or baton, "
					   "starts each by its MPIDR");
		if (!way_back)
			machine_harmless(t->m);
	}
	if (devicetree_memory_has(t->fdt, address, sizeof(uint64_t)) &&
	    !devicetree_cpus_word_reserved(t->fdt, address))
		machine_problem(t->m, false, TREE,
				"the release address 0x%" PRIx64 " of CPU 0x%" PRIx64
				" is in memory that is not reserved",
				address, cpus[0]->id);
}

/* Two CPUs with different words, the one of the lower address first. */
static void check_distance(const struct tree *t, const struct machine_cpu *one,
			   const struct machine_cpu *other)
{
	if ((one->has_return || other->has_return) &&
	    one->release_address / BATON_SPIN_RELEASE_SIZE ==
		    other->release_address / BATON_SPIN_RELEASE_SIZE)
		machine_problem(t->m, false, TREE,
				"the release addresses of CPUs 0x%" PRIx64 " and 0x%" PRIx64
				" are in the same %u bytes, which a cache may write at once: a "
				"returning CPU could be lost",
				one->id, other->id, BATON_SPIN_RELEASE_SIZE);
}

/* Checks the release words, in the order of their addresses. */
static void check_spin_table(const struct tree *t)
{
	struct machine *m = t->m;
	struct machine_cpu **sorted = cli_alloc(m->ncpus * sizeof(struct machine_cpu *));
	size_t n = 0;

	for (size_t i = 0; i < m->ncpus; i++)
		if (m->cpus[i].method == START_SPIN_TABLE && m->cpus[i].has_release)
			sorted[n++] = &m->cpus[i];
	qsort(sorted, n, sizeof(*sorted), by_release);
	for (size_t i = 0, same; i < n; i += same) {
		same = 1;
		while (i + same < n &&
		       sorted[i + same]->release_address == sorted[i]->release_address)
			same++;
		if (i)
			check_distance(t, sorted[i - 1], sorted[i]);
		check_word(t, sorted + i, same);
	}
	free(sorted);
}

static int by_id(const void *a, const void *b)
{
	const struct machine_cpu *const *one = a, *const *other = b;
	uint64_t first = (*one)->id, second = (*other)->id;

	return first < second ? -1 : first > second;
}

static void check_ids(const struct tree *t)
{
	struct machine *m = t->m;
	struct machine_cpu **sorted = cli_alloc(m->ncpus * sizeof(struct machine_cpu *));

	for (size_t i = 0; i < m->ncpus; i++)
		sorted[i] = &m->cpus[i];
	qsort(sorted, m->ncpus, sizeof(*sorted), by_id);
	for (size_t i = 1; i < m->ncpus; i++)
		if (sorted[i]->id == sorted[i - 1]->id)
			machine_problem(m, false, TREE, "two CPUs with the ID 0x%" PRIx64,
					sorted[i]->id);
	free(sorted);
}

void dtb_read(struct machine *m, const void *tree, size_t size)
{
	const struct tree t = {m, tree};
	int error =
		size < sizeof(struct fdt_header) ? -FDT_ERR_TRUNCATED : fdt_check_full(tree, size);
	const char *model;

	if (error) {
		machine_problem(m, true, TREE, "broken: libfdt reports %s", fdt_strerror(error));
		return;
	}
	model = string(&t, 0, "model");
	if (model)
		m->model = printable(model);
	read_cpus(&t);
	read_psci(&t);
	find_area(&t);
	m->bcm2836 = fdt_node_offset_by_compatible(tree, -1, "brcm,bcm2836-armctrl-ic") >= 0;
	check_ids(&t);
	check_spin_table(&t);
	ask_stage(&t);
	for (size_t i = 0; i < m->ncpus; i++)
		if (m->cpus[i].method == START_PSCI && !m->has_psci) {
			machine_problem(m, false, TREE,
					"CPUs are to be started by PSCI, but no node describes "
					"one that can be called: they can't be, unless the boot "
					"loader adds it");
			break;
		}
}
