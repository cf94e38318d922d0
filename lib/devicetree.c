/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include <baton/devicetree.h>
#include <baton/psci.h>
#include <baton/string.h>
#include <libfdt.h>

devicetree_error devicetree_check(const void *fdt, size_t max)
{
	/* libfdt reads all of the latest header, whatever version is in it. */
	if (max < sizeof(struct fdt_header) || fdt_check_header(fdt))
		return "the device tree has no valid header";
	if (fdt_totalsize(fdt) > max)
		return "the device tree is longer than the memory that is there for it";
	if (fdt_check_full(fdt, fdt_totalsize(fdt)))
		return "the device tree is damaged";
	return NULL;
}

uint64_t devicetree_number(const void *cell, int cells)
{
	const fdt32_t *next = cell;
	uint64_t value = 0;

	while (cells--)
		value = value << 32 | fdt32_ld(next++);
	return value;
}

bool devicetree_sane_cells(int cells)
{
	return cells == 1 || cells == 2;
}

bool devicetree_is_string(const void *fdt, int node, const char *property, const char *value)
{
	int length;
	const char *got = fdt_getprop(fdt, node, property, &length);

	for (int i = 0; got && i < length && got[i] == value[i]; i++)
		if (!value[i])
			return i == length - 1;
	return false;
}

bool devicetree_is_available(const void *fdt, int node)
{
	return !fdt_getprop(fdt, node, "status", NULL) ||
	       devicetree_is_string(fdt, node, "status", "okay") ||
	       devicetree_is_string(fdt, node, "status", "ok");
}

bool devicetree_has_failed(const void *fdt, int node)
{
	int length;
	const char *status = fdt_getprop(fdt, node, "status", &length);

	return status && length >= 5 && !memcmp(status, "fail", 4) &&
	       (status[4] == '-' || !status[4]);
}

bool devicetree_reg_has(const void *fdt, int node, uint64_t address, uint64_t length)
{
	int parent = fdt_parent_offset(fdt, node), bytes;
	int a = parent < 0 ? 0 : fdt_address_cells(fdt, parent);
	int s = parent < 0 ? 0 : fdt_size_cells(fdt, parent);
	const fdt32_t *reg = fdt_getprop(fdt, node, "reg", &bytes);

	if (!reg || !devicetree_sane_cells(a) || !devicetree_sane_cells(s))
		return false;
	for (; bytes >= (a + s) * 4; bytes -= (a + s) * 4, reg += a + s) {
		uint64_t start = devicetree_number(reg, a), size = devicetree_number(reg + a, s);

		if (!length && size)
			return true;
		if (length && address >= start && address - start <= size &&
		    length <= size - (address - start))
			return true;
	}
	return false;
}

bool devicetree_memory_has(const void *fdt, uint64_t address, uint64_t length)
{
	int node = fdt_first_subnode(fdt, 0);

	for (; node >= 0; node = fdt_next_subnode(fdt, node))
		if (devicetree_is_string(fdt, node, "device_type", "memory") &&
		    devicetree_is_available(fdt, node) &&
		    devicetree_reg_has(fdt, node, address, length))
			return true;
	return false;
}

/* From 0.2 on the functions have the numbers of the specification. */
static bool has_psci_numbers(const void *fdt, int node)
{
	return !fdt_node_check_compatible(fdt, node, "arm,psci-1.0") ||
	       !fdt_node_check_compatible(fdt, node, "arm,psci-0.2");
}

int devicetree_psci_node(const void *fdt)
{
	int node = 0;

	while ((node = fdt_next_node(fdt, node, NULL)) >= 0)
		if (has_psci_numbers(fdt, node) ||
		    !fdt_node_check_compatible(fdt, node, "arm,psci"))
			break;
	return node;
}

enum devicetree_psci devicetree_psci(const void *fdt)
{
	int node = devicetree_psci_node(fdt);

	if (node < 0 || !devicetree_is_available(fdt, node))
		return DEVICETREE_NO_PSCI;
	if (!has_psci_numbers(fdt, node))
		return DEVICETREE_PSCI_UNUSABLE;
	if (devicetree_is_string(fdt, node, "method", "hvc"))
		return DEVICETREE_PSCI_HVC;
	if (devicetree_is_string(fdt, node, "method", "smc"))
		return DEVICETREE_PSCI_SMC;
	return DEVICETREE_PSCI_UNUSABLE;
}

bool devicetree_is_cpu(const void *fdt, int node)
{
	const char *name = fdt_get_name(fdt, node, NULL);

	return devicetree_is_string(fdt, node, "device_type", "cpu") ||
	       (name && !memcmp(name, "cpu", 3) && (!name[3] || name[3] == '@'));
}

int devicetree_next_cpu(const void *fdt, int cpu)
{
	int node = cpu ? cpu : fdt_path_offset(fdt, "/cpus");

	if (node < 0)
		return node;
	node = cpu ? fdt_next_subnode(fdt, node) : fdt_first_subnode(fdt, node);
	while (node >= 0 && !devicetree_is_cpu(fdt, node))
		node = fdt_next_subnode(fdt, node);
	return node;
}

/* The address in property @name, of one or two cells; 0, as in trees to be filled in: none. */
static bool read_address(const void *fdt, int node, const char *name, unsigned alignment,
			 uint64_t *address)
{
	int length;
	const fdt32_t *cell = fdt_getprop(fdt, node, name, &length);

	*address = 0;
	if (!cell)
		return length == -FDT_ERR_NOTFOUND;
	if (length != 4 && length != 8)
		return false;
	*address = devicetree_number(cell, length / 4);
	return *address % alignment == 0;
}

devicetree_error devicetree_read_cpu(const void *fdt, int node, struct devicetree_cpu *cpu)
{
	int parent = fdt_parent_offset(fdt, node), length;
	int cells = parent < 0 ? 0 : fdt_address_cells(fdt, parent);
	const fdt32_t *reg = fdt_getprop(fdt, node, "reg", &length);

	if (!devicetree_sane_cells(cells))
		return "the cpus node has an impossible #address-cells";
	if (!reg || length != cells * 4)
		return "a CPU has no reg";
	cpu->mpidr = devicetree_number(reg, cells);
	if (cpu->mpidr & ~MPIDR_AFFINITY)
		return "a CPU's reg is no MPIDR";
	cpu->failed = devicetree_has_failed(fdt, node);
	cpu->method = devicetree_is_string(fdt, node, "enable-method", "psci")
			      ? DEVICETREE_METHOD_PSCI
		      : devicetree_is_string(fdt, node, "enable-method", "spin-table")
			      ? DEVICETREE_METHOD_SPIN_TABLE
			      : DEVICETREE_METHOD_UNKNOWN;
	if (!read_address(fdt, node, "cpu-release-addr", 8, &cpu->release))
		return "a CPU's cpu-release-addr is malformed, or not aligned";
	if (!read_address(fdt, node, "cpu-return-addr", 4, &cpu->return_address))
		return "a CPU's cpu-return-addr is malformed, or not aligned";
	if (!read_address(fdt, node, "cpu-held-addr", 8, &cpu->held))
		return "a CPU's cpu-held-addr is malformed, or not aligned";
	return NULL;
}

static bool has_way_back(const void *fdt, int node)
{
	return fdt_getprop(fdt, node, "cpu-return-addr", NULL) ||
	       fdt_getprop(fdt, node, "cpu-held-addr", NULL);
}

enum devicetree_word devicetree_word(const void *fdt, int node)
{
	bool shared = false, way_back = has_way_back(fdt, node);
	uint64_t release, others;
	int other = 0;

	if (!read_address(fdt, node, "cpu-release-addr", 8, &release) || !release)
		return DEVICETREE_WORD_OWN;
	while ((other = devicetree_next_cpu(fdt, other)) >= 0) {
		if (other == node || !read_address(fdt, other, "cpu-release-addr", 8, &others) ||
		    others != release)
			continue;
		shared = true;
		way_back |= has_way_back(fdt, other);
	}
	if (!shared)
		return DEVICETREE_WORD_OWN;
	return way_back ? DEVICETREE_WORD_WRONG : DEVICETREE_WORD_SHARED;
}

int devicetree_area(const void *fdt)
{
	int node = -1;

	do
		node = fdt_node_offset_by_compatible(fdt, node, "baton,area");
	while (node >= 0 && !devicetree_is_available(fdt, node));
	return node;
}

bool devicetree_area_range(const void *fdt, int node, uint64_t *address, uint64_t *size)
{
	int parent = fdt_parent_offset(fdt, node), length;
	int a = parent < 0 ? 0 : fdt_address_cells(fdt, parent);
	int s = parent < 0 ? 0 : fdt_size_cells(fdt, parent);
	const fdt32_t *reg = fdt_getprop(fdt, node, "reg", &length);

	if (!reg || !devicetree_sane_cells(a) || !devicetree_sane_cells(s) || length != (a + s) * 4)
		return false;
	*address = devicetree_number(reg, a);
	*size = devicetree_number(reg + a, s);
	return true;
}

uint64_t devicetree_table(const void *fdt)
{
	int node = devicetree_area(fdt), length;
	const fdt32_t *table = fdt_getprop(fdt, node, "baton,table", &length);
	uint64_t base, size, offset;

	if (!table || length != 4 || !devicetree_area_range(fdt, node, &base, &size))
		return 0;
	offset = devicetree_number(table, 1);
	return offset < size && base + offset > base ? base + offset : 0;
}
