/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "tree.h"
#include <libfdt.h>
#include "lib/devices.h"
#include "lib/identity_port.h"
#include "probe/memory.h"
#include "mmu.h"

#define FDT_MAX 0x200000 /* Linux, Documentation/arch/arm64/booting */

struct tree tree;

/* A property that is one number of one or two cells. */
static bool number(const void *fdt, int node, const char *name, uint64_t *value)
{
	int length;
	const void *cells = fdt_getprop(fdt, node, name, &length);

	if (!cells || (length != 4 && length != 8))
		return false;
	*value = devicetree_number(cells, length / 4);
	return true;
}

static const char *text(const void *fdt, int node, const char *name)
{
	int length;
	const char *value = fdt_getprop(fdt, node, name, &length);

	return value && length && !value[length - 1] ? value : NULL;
}

/* Call @visit on each range in "reg" of @node, a child of @parent. */
static void for_each_range(const void *fdt, int parent, int node,
			   void (*visit)(uint64_t start, uint64_t end, bool no_map))
{
	int a = fdt_address_cells(fdt, parent), s = fdt_size_cells(fdt, parent), bytes;
	const fdt32_t *reg = fdt_getprop(fdt, node, "reg", &bytes);
	bool no_map = fdt_getprop(fdt, node, "no-map", NULL);

	if (!reg || !devicetree_sane_cells(a) || !devicetree_sane_cells(s))
		return;
	for (; bytes >= (a + s) * 4; bytes -= (a + s) * 4, reg += a + s) {
		uint64_t start = devicetree_number(reg, a), size = devicetree_number(reg + a, s);

		if (size && start + size > start)
			visit(start, start + size, no_map);
	}
}

static void add_memory(uint64_t start, uint64_t end, bool no_map)
{
	uint64_t limit = 1ull << MMU_BITS;

	(void)no_map;
	start = (start + PAGE_SIZE - 1) & -(uint64_t)PAGE_SIZE;
	end = (end < limit ? end : limit) & -(uint64_t)PAGE_SIZE;
	memory_set(start, end, MEMORY_USABLE);
}

static void reserve(uint64_t start, uint64_t end, bool no_map)
{
	if (tree.nreserved < TREE_RESERVED_MAX)
		tree.reserved[tree.nreserved++] = (struct tree_reserved){start, end, no_map};
	memory_set(start & -(uint64_t)PAGE_SIZE, (end + PAGE_SIZE - 1) & -(uint64_t)PAGE_SIZE,
		   MEMORY_RESERVED);
}

static void read_memory(const void *fdt)
{
	int node;

	fdt_for_each_subnode(node, fdt, 0)
	{
		if (devicetree_is_string(fdt, node, "device_type", "memory"))
			for_each_range(fdt, 0, node, add_memory);
	}
}

static void read_reserved(const void *fdt)
{
	int parent = fdt_path_offset(fdt, "/reserved-memory"), node;

	for (int i = 0; i < fdt_num_mem_rsv(fdt); i++) {
		uint64_t start, size;

		if (!fdt_get_mem_rsv(fdt, i, &start, &size) && start + size > start)
			reserve(start, start + size, false);
	}
	if (parent < 0)
		return;
	fdt_for_each_subnode(node, fdt, parent)
	{
		for_each_range(fdt, parent, node, reserve);
	}
}

static void read_cpus(const void *fdt)
{
	for (int node = 0; (node = devicetree_next_cpu(fdt, node)) >= 0;) {
		tree.listed++;
		if (tree.ncpus == TREE_CPUS_MAX)
			continue;
		tree.cpu_error[tree.ncpus] = devicetree_read_cpu(fdt, node, &tree.cpu[tree.ncpus]);
		tree.ncpus++;
	}
}

static void take_area(uint64_t start, uint64_t end, bool no_map)
{
	(void)no_map;
	tree.area = start;
	tree.area_size = end - start;
}

static void read_area(const void *fdt)
{
	int node = fdt_node_offset_by_compatible(fdt, -1, "baton,area");

	if (node >= 0)
		for_each_range(fdt, fdt_parent_offset(fdt, node), node, take_area);
}

static void read_chosen(const void *fdt)
{
	int chosen = fdt_path_offset(fdt, "/chosen");

	tree.console = devices_console(fdt, &tree.console_kind);
	if (chosen < 0)
		return;
	tree.options = text(fdt, chosen, "bootargs");
	if (!number(fdt, chosen, "linux,initrd-start", &tree.initrd) ||
	    !number(fdt, chosen, "linux,initrd-end", &tree.initrd_end))
		tree.initrd = 0;
}

void tree_read(const void *fdt)
{
	tree.fdt = fdt;
	tree.options = "";
	tree.error = devicetree_check(fdt, FDT_MAX);
	if (tree.error)
		return;
	tree.size = fdt_totalsize(fdt);
	read_chosen(fdt);
	read_memory(fdt);
	read_reserved(fdt);
	read_cpus(fdt);
	tree.psci = devicetree_psci(fdt);
	tree.table = devicetree_table(fdt);
	read_area(fdt);
	tree.local_interrupts = devices_find(fdt, "brcm,bcm2836-l1-intc");
	if (!tree.options)
		tree.options = "";
}

/* As Normal memory only what mmu_start() takes for that, and is not usable, is mapped. */
bool identity_port_mapped(uint64_t address, size_t length, enum baton_memory memory)
{
	uint64_t limit = 1ull << MMU_BITS;

	if (address >= limit || length > limit - address)
		return false;
	return memory != BATON_MEMORY_NORMAL ||
	       memory_type(address, address + length) == MEMORY_PROBE;
}

bool tree_reserves(uint64_t start, uint64_t end, bool no_map)
{
	for (uint32_t i = 0; i < tree.nreserved; i++)
		if (tree.reserved[i].start <= start && end <= tree.reserved[i].end &&
		    (tree.reserved[i].no_map || !no_map))
			return true;
	return false;
}
