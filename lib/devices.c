/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "devices.h"
#include <baton/devicetree.h>
#include <libfdt.h>

#define DEPTH_MAX 8 /* buses between a device and the CPUs */

/* Translate *@address from the bus below @parent to the bus that @parent is on. */
static bool through_ranges(const void *fdt, int parent, uint64_t *address)
{
	int up = fdt_parent_offset(fdt, parent), bytes;
	int child = fdt_address_cells(fdt, parent), size = fdt_size_cells(fdt, parent);
	int above = up < 0 ? 0 : fdt_address_cells(fdt, up);
	const fdt32_t *range = fdt_getprop(fdt, parent, "ranges", &bytes);

	if (!range || !devicetree_sane_cells(child) || !devicetree_sane_cells(size) ||
	    !devicetree_sane_cells(above))
		return false;
	if (!bytes)
		return true;
	for (; bytes >= (child + above + size) * 4;
	     bytes -= (child + above + size) * 4, range += child + above + size) {
		uint64_t start = devicetree_number(range, child);

		if (*address < start ||
		    *address - start >= devicetree_number(range + child + above, size))
			continue;
		*address = *address - start + devicetree_number(range + child, above);
		return true;
	}
	return false;
}

static uint64_t registers_of(const void *fdt, int node)
{
	int parent = fdt_parent_offset(fdt, node), length;
	const fdt32_t *reg = fdt_getprop(fdt, node, "reg", &length);
	int cells = parent < 0 ? 0 : fdt_address_cells(fdt, parent);
	uint64_t address;

	if (!reg || !devicetree_sane_cells(cells) || length < cells * 4)
		return 0;
	address = devicetree_number(reg, cells);
	for (int depth = 0; parent > 0; parent = fdt_parent_offset(fdt, parent))
		if (++depth > DEPTH_MAX || !through_ranges(fdt, parent, &address))
			return 0;
	return address;
}

uint64_t devices_find(const void *fdt, const char *compatible)
{
	int node = -1;

	while ((node = fdt_node_offset_by_compatible(fdt, node, compatible)) >= 0)
		if (devicetree_is_available(fdt, node))
			return registers_of(fdt, node);
	return 0;
}

uint64_t devices_console(const void *fdt, const char **compatible)
{
	int chosen = fdt_path_offset(fdt, "/chosen"), length, node;
	const char *path = chosen < 0 ? NULL : fdt_getprop(fdt, chosen, "stdout-path", &length);
	int end = 0;

	if (!path)
		return 0;
	while (end < length && path[end] && path[end] != ':')
		end++;
	node = fdt_path_offset_namelen(fdt, path, end);
	*compatible = node < 0 ? NULL : fdt_getprop(fdt, node, "compatible", NULL);
	return *compatible ? registers_of(fdt, node) : 0;
}
