/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "devicetree.h"
#include <baton/arm64/area.h>
#include <baton/string.h>
#include <libfdt.h>

#define SPARE 8192 /* for devicetree_disable_cpu(), and for later changes by others */
#define AREA "baton,area"
#define AREA_LEFT "baton,area-left" /* a later stage has called its CPUs away */
#define KEEP "baton,keep"
#define WORD 8 /* bytes */
#define NO_ROOM "no room for the changed device tree"

const char *devicetree_bootargs(const void *fdt)
{
	int chosen = fdt_path_offset(fdt, "/chosen");

	return chosen < 0 ? NULL : fdt_stringlist_get(fdt, chosen, "bootargs", 0, NULL);
}

static bool add_psci(void *fdt, const char *conduit)
{
	static const char compatible[] = "arm,psci-1.0\0arm,psci-0.2";
	int node;

	/* One that is not available, as lk2nd leaves it: a kernel would find it first. */
	while ((node = devicetree_psci_node(fdt)) >= 0)
		if (fdt_del_node(fdt, node))
			return false;
	node = fdt_add_subnode(fdt, 0, "psci");
	return node >= 0 && !fdt_setprop(fdt, node, "compatible", compatible, sizeof(compatible)) &&
	       !fdt_setprop_string(fdt, node, "method", conduit);
}

static int add_reserved_memory(void *fdt)
{
	int node = fdt_path_offset(fdt, "/reserved-memory");

	if (node >= 0)
		return node;
	node = fdt_add_subnode(fdt, 0, "reserved-memory");
	if (node < 0 || fdt_setprop_u32(fdt, node, "#address-cells", 2) ||
	    fdt_setprop_u32(fdt, node, "#size-cells", 2) || fdt_setprop_empty(fdt, node, "ranges"))
		return -FDT_ERR_NOSPACE;
	return node;
}

static void put_cells(fdt32_t *cell, int cells, uint64_t value)
{
	for (int i = cells; i--; value >>= 32)
		fdt32_st(cell + i, (uint32_t)value);
}

/* The first reserved memory that is @compatible, or a negative number. */
static int find_area(const void *fdt, const char *compatible)
{
	int parent = fdt_path_offset(fdt, "/reserved-memory"), node;

	if (parent < 0)
		return parent;
	fdt_for_each_subnode(node, fdt, parent)
	{
		if (!fdt_node_check_compatible(fdt, node, compatible))
			return node;
	}
	return node;
}

static bool leave_areas(void *fdt)
{
	int node;

	while ((node = find_area(fdt, AREA)) >= 0) {
		fdt_delprop(fdt, node, "baton,table");
		if (fdt_setprop_string(fdt, node, "compatible", AREA_LEFT))
			return false;
	}
	return true;
}

static bool any_failed(const void *fdt)
{
	int node = 0;

	while ((node = devicetree_next_cpu(fdt, node)) >= 0)
		if (devicetree_has_failed(fdt, node))
			return true;
	return false;
}

/* The first earlier area that is not to be kept, or a negative number. */
static int find_empty_area(const void *fdt)
{
	int node = find_area(fdt, AREA_LEFT);

	while (node >= 0 && (fdt_node_check_compatible(fdt, node, AREA_LEFT) ||
			     fdt_getprop(fdt, node, KEEP, NULL)))
		node = fdt_next_subnode(fdt, node);
	return node;
}

void devicetree_forget_areas(void *fdt)
{
	int node;

	if (any_failed(fdt))
		return;
	do
		node = find_empty_area(fdt);
	while (node >= 0 && !fdt_del_node(fdt, node));
}

devicetree_error devicetree_keep_word(void *fdt, uint64_t address)
{
	if (devicetree_cpus_word_reserved(fdt, address))
		return NULL;
	return fdt_add_mem_rsv(fdt, address, WORD) ? NO_ROOM : NULL;
}

static bool add_area(void *fdt, const struct devicetree_offer *offer)
{
	uint64_t area = offer->area;
	int parent = add_reserved_memory(fdt);
	int a = parent < 0 ? 0 : fdt_address_cells(fdt, parent);
	int s = parent < 0 ? 0 : fdt_size_cells(fdt, parent);
	char name[] = "baton@0000000000000000";
	fdt32_t reg[4];
	int node, digits = 1;

	if (!devicetree_sane_cells(a) || !devicetree_sane_cells(s) || (a == 1 && area >> 32))
		return false;
	while (digits < 16 && area >> digits * 4)
		digits++;
	for (int i = 0; i < digits; i++)
		name[6 + i] = "0123456789abcdef"[area >> (digits - 1 - i) * 4 & 0xf];
	name[6 + digits] = 0;
	put_cells(reg, a, area);
	put_cells(reg + a, s, offer->area_size);
	node = fdt_add_subnode(fdt, parent, name);
	return node >= 0 && !fdt_setprop_string(fdt, node, "compatible", AREA) &&
	       !fdt_setprop(fdt, node, "reg", reg, (a + s) * sizeof(reg[0])) &&
	       !fdt_setprop_empty(fdt, node, "no-map") &&
	       (!offer->keep || !fdt_setprop_empty(fdt, node, KEEP)) &&
	       !fdt_setprop_u32(fdt, node, "baton,table", offer->table);
}

static bool use_psci(void *fdt, int node)
{
	fdt_delprop(fdt, node, "cpu-release-addr");
	fdt_delprop(fdt, node, "cpu-return-addr");
	fdt_delprop(fdt, node, "cpu-held-addr");
	return !fdt_setprop_string(fdt, node, "enable-method", "psci");
}

static bool use_spin_table(void *fdt, int node, const struct devicetree_offer *offer, uint32_t cpu)
{
	uint64_t release = offer->release + (uint64_t)cpu * BATON_SPIN_RELEASE_SIZE;
	uint64_t held = offer->held + (uint64_t)cpu * BATON_SPIN_HELD_SIZE;

	return !fdt_setprop_u64(fdt, node, "cpu-release-addr", release) &&
	       !fdt_setprop_u64(fdt, node, "cpu-return-addr", offer->return_address) &&
	       !fdt_setprop_u64(fdt, node, "cpu-held-addr", held);
}

/* Kernels may start a CPU that is "disabled", by a method that this one does not have any more. */
static bool disable(void *fdt, int node)
{
	return !fdt_setprop_string(fdt, node, "status", "fail");
}

/* In the order of devicetree_cpus_read(). */
static bool start_cpus(void *fdt, const struct devicetree_offer *offer)
{
	int node = 0;
	uint32_t n = 0;

	while ((node = devicetree_next_cpu(fdt, node)) >= 0) {
		bool done;

		if (devicetree_has_failed(fdt, node))
			done = disable(fdt, node);
		else if (offer->conduit)
			done = use_psci(fdt, node);
		else
			done = use_spin_table(fdt, node, offer, n++);
		if (!done)
			return false;
	}
	return true;
}

devicetree_error devicetree_patch(const void *fdt, void *to, size_t size,
				  const struct devicetree_offer *offer)
{
	/* Some trees are padded to far more than they hold. */
	size_t used = fdt_off_dt_strings(fdt) + fdt_size_dt_strings(fdt);
	size_t structure = fdt_off_dt_struct(fdt) + fdt_size_dt_struct(fdt);
	size_t reserve = fdt_off_mem_rsvmap(fdt) +
			 (fdt_num_mem_rsv(fdt) + 1) * sizeof(struct fdt_reserve_entry);

	if (used < structure)
		used = structure;
	if (used < reserve)
		used = reserve;
	if (used > size)
		return NO_ROOM;
	memcpy(to, fdt, used);
	fdt_set_totalsize(to, used);
	if (fdt_open_into(to, to, size))
		return NO_ROOM;
	if ((offer->conduit && !add_psci(to, offer->conduit)) || !leave_areas(to) ||
	    !add_area(to, offer) || !start_cpus(to, offer) || fdt_pack(to) ||
	    fdt_totalsize(to) + SPARE > size || fdt_open_into(to, to, fdt_totalsize(to) + SPARE))
		return NO_ROOM;
	return NULL;
}

devicetree_error devicetree_disable_cpu(void *fdt, uint64_t mpidr)
{
	int parent = fdt_path_offset(fdt, "/cpus"), node;
	int cells = parent < 0 ? 0 : fdt_address_cells(fdt, parent);

	fdt_for_each_subnode(node, fdt, parent)
	{
		int length;
		const fdt32_t *reg = fdt_getprop(fdt, node, "reg", &length);

		if (devicetree_is_cpu(fdt, node) && reg && length == cells * 4 &&
		    devicetree_number(reg, cells) == mpidr)
			return disable(fdt, node) ? NULL : NO_ROOM;
	}
	return "the CPU is not in the device tree";
}
