/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* stage/arm64/devicetree.c: what a board's tree says, and the tree that its kernel gets. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "unit.h"

#include <libfdt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <baton/arm64/area.h>
#include "lib/devices.h"
#include "stage/arm64/devicetree.h"

#define TREE_MAX 0x4000
#define IMAGE 0x200000ull
#define IMAGE_END 0x2e00000ull

/* A board like a Raspberry Pi 3; what a test wants different, it changes in here. */
static struct board {
	int cpus;
	uint64_t reg[4], release[4];
	uint64_t way_back[4]; /* cpu-return-addr */
	const char *method;
	const char *psci, *conduit; /* a node compatible with it, and its method */
	const char *psci_status, *status[4], *memory_status;
	bool no_memory; /* but its node, of size 0 */
	bool untyped;	/* CPUs have no device_type */
	bool no_cpus_node, no_reg, reserved_memory;
} board;

static const struct devicetree_offer psci = {
	.conduit = "hvc", .area = 0x300000, .area_size = 0x20000, .table = 0x11000};

/* The same area, and one that a later stage has made. */
static const struct devicetree_offer spin_table = {
	.area = 0x300000,
	.area_size = 0x30000,
	.table = 0x11000,
	.return_address = 0x301000,
	.release = 0x320000,
	.held = 0x30a000,
};
static const struct devicetree_offer later = {
	.area = 0x5700000,
	.area_size = 0x30000,
	.table = 0x11000,
	.return_address = 0x5701000,
	.release = 0x5720000,
	.held = 0x570a000,
};

static uint8_t *tree;
static struct devicetree_cpus cpus;

static void cells(fdt32_t *cell, uint64_t high, uint64_t low)
{
	cell[0] = cpu_to_fdt32((uint32_t)high);
	cell[1] = cpu_to_fdt32((uint32_t)low);
}

static void put_cpus(void)
{
	fdt32_t pair[2];
	char name[16];

	fdt_begin_node(tree, "cpus");
	fdt_property_u32(tree, "#address-cells", 1);
	fdt_property_u32(tree, "#size-cells", 0);
	for (int i = 0; i < board.cpus; i++) {
		snprintf(name, sizeof(name), "cpu@%d", i);
		fdt_begin_node(tree, name);
		if (!board.untyped)
			fdt_property_string(tree, "device_type", "cpu");
		if (board.status[i])
			fdt_property_string(tree, "status", board.status[i]);
		if (!board.no_reg)
			fdt_property_u32(tree, "reg", (uint32_t)board.reg[i]);
		fdt_property_string(tree, "enable-method", board.method);
		cells(pair, board.release[i] >> 32, board.release[i]);
		fdt_property(tree, "cpu-release-addr", pair, sizeof(pair));
		cells(pair, board.way_back[i] >> 32, board.way_back[i]);
		if (board.way_back[i])
			fdt_property(tree, "cpu-return-addr", pair, sizeof(pair));
		fdt_end_node(tree);
	}
	fdt_begin_node(tree, "l2-cache"); /* no CPU */
	fdt_end_node(tree);
	fdt_end_node(tree);
}

static void put_soc(void)
{
	fdt32_t ranges[3] = {cpu_to_fdt32(0x7e000000), cpu_to_fdt32(0x3f000000),
			     cpu_to_fdt32(0x1000000)};
	fdt32_t reg[2];

	fdt_begin_node(tree, "soc");
	fdt_property_u32(tree, "#address-cells", 1);
	fdt_property_u32(tree, "#size-cells", 1);
	fdt_property(tree, "ranges", ranges, sizeof(ranges));
	fdt_begin_node(tree, "serial@7e215040");
	fdt_property_string(tree, "compatible", "brcm,bcm2835-aux-uart");
	cells(reg, 0x7e215040, 0x40);
	fdt_property(tree, "reg", reg, sizeof(reg));
	fdt_end_node(tree);
	fdt_begin_node(tree, "watchdog@7e100000");
	fdt_property_string(tree, "compatible", "brcm,bcm2835-pm-wdt");
	cells(reg, 0x7e100000, 0x114);
	fdt_property(tree, "reg", reg, sizeof(reg));
	fdt_end_node(tree);
	fdt_end_node(tree);
}

static void resize_tree(size_t size)
{
	void *resized = realloc(tree, size);

	assert_non_null(resized);
	tree = resized;
}

static void make(void)
{
	fdt32_t memory[2];

	resize_tree(TREE_MAX);
	assert_int_equal(fdt_create(tree, TREE_MAX), 0);
	fdt_add_reservemap_entry(tree, 0, 0x1000);
	fdt_finish_reservemap(tree);
	fdt_begin_node(tree, "");
	fdt_property_u32(tree, "#address-cells", 1);
	fdt_property_u32(tree, "#size-cells", 1);
	fdt_begin_node(tree, "chosen");
	fdt_property_string(tree, "stdout-path", "serial1:115200n8");
	fdt_end_node(tree);
	fdt_begin_node(tree, "aliases");
	fdt_property_string(tree, "serial1", "/soc/serial@7e215040");
	fdt_end_node(tree);
	fdt_begin_node(tree, "memory@0");
	fdt_property_string(tree, "device_type", "memory");
	cells(memory, 0, board.no_memory ? 0 : 0x3c000000);
	fdt_property(tree, "reg", memory, sizeof(memory));
	if (board.memory_status)
		fdt_property_string(tree, "status", board.memory_status);
	fdt_end_node(tree);
	if (board.reserved_memory) {
		fdt_begin_node(tree, "reserved-memory");
		fdt_property_u32(tree, "#address-cells", 1);
		fdt_property_u32(tree, "#size-cells", 1);
		fdt_property(tree, "ranges", NULL, 0);
		fdt_end_node(tree);
	}
	if (!board.no_cpus_node)
		put_cpus();
	if (board.psci) {
		fdt_begin_node(tree, "psci");
		fdt_property_string(tree, "compatible", board.psci);
		if (board.conduit)
			fdt_property_string(tree, "method", board.conduit);
		if (board.psci_status)
			fdt_property_string(tree, "status", board.psci_status);
		fdt_end_node(tree);
	}
	put_soc();
	fdt_end_node(tree);
	assert_int_equal(fdt_finish(tree), 0);
	/* As large as its memory, so that the sanitizer sees a step too far. */
	resize_tree(fdt_totalsize(tree));
	assert_null(devicetree_check(tree, fdt_totalsize(tree)));
}

static int set_up(void **state)
{
	(void)state;
	tree = NULL;
	board = (struct board){.cpus = 4,
			       .reg = {0, 1, 2, 3},
			       .release = {0xd8, 0xe0, 0xe8, 0xf0},
			       .method = "spin-table"};
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	free(tree);
	return 0;
}

static void cpus_are_read(void **state)
{
	(void)state;
	make();
	assert_null(devicetree_cpus_read(tree, IMAGE, IMAGE_END, &cpus));
	assert_int_equal(cpus.n, 4);
	assert_int_equal(cpus.mpidr[3], 3);
	assert_int_equal(cpus.release[3], 0xf0);
	assert_int_equal(devicetree_psci(tree), DEVICETREE_NO_PSCI);
}

static void psci_is_seen(void **state)
{
	(void)state;
	board.psci = "arm,psci-0.2";
	make();
	assert_int_equal(devicetree_psci(tree), DEVICETREE_PSCI_UNUSABLE);
	board.conduit = "smc";
	make();
	assert_int_equal(devicetree_psci(tree), DEVICETREE_PSCI_SMC);
	board.psci = "arm,psci-1.0";
	board.conduit = "hvc";
	make();
	assert_int_equal(devicetree_psci(tree), DEVICETREE_PSCI_HVC);
	board.conduit = "hvcx";
	make();
	assert_int_equal(devicetree_psci(tree), DEVICETREE_PSCI_UNUSABLE);
	board.psci = "arm,psci";
	board.conduit = "smc";
	make();
	assert_int_equal(devicetree_psci(tree), DEVICETREE_PSCI_UNUSABLE);
}

/* lk2nd leaves a node that is not available: nothing may be called by it. */
static void disabled_psci_is_none(void **state)
{
	(void)state;
	board.psci = "arm,psci-1.0";
	board.conduit = "smc";
	board.psci_status = "disabled";
	make();
	assert_int_equal(devicetree_psci(tree), DEVICETREE_NO_PSCI);
	assert_null(devicetree_cpus_read(tree, IMAGE, IMAGE_END, &cpus));
	assert_int_equal(cpus.n, 4);
	board.psci_status = "okay";
	make();
	assert_int_equal(devicetree_psci(tree), DEVICETREE_PSCI_SMC);
	assert_string_equal(devicetree_cpus_read(tree, IMAGE, IMAGE_END, &cpus),
			    "there is PSCI already: nothing to do");
}

/* "disabled" is the status of a CPU that waits to be started. */
static void failed_cpus_are_left_out(void **state)
{
	(void)state;
	board.status[1] = "fail";
	board.status[2] = "okay";
	board.status[3] = "disabled";
	board.release[1] = 0; /* of one that is not there */
	make();
	assert_null(devicetree_cpus_read(tree, IMAGE, IMAGE_END, &cpus));
	assert_int_equal(cpus.n, 3);
	assert_int_equal(cpus.mpidr[1], 2);
	assert_int_equal(cpus.mpidr[2], 3);
}

static void cpus_are_known_by_name(void **state)
{
	(void)state;
	board.untyped = true;
	make();
	assert_null(devicetree_cpus_read(tree, IMAGE, IMAGE_END, &cpus));
	assert_int_equal(cpus.n, 4);
}

/* A boot loader fills in the memory: what else is wrong has to come first. */
static void memory_is_judged_last(void **state)
{
	(void)state;
	board.no_memory = true;
	board.reg[3] = 0;
	make();
	assert_true(devicetree_cpus_no_memory(tree));
	assert_string_equal(devicetree_cpus_read(tree, IMAGE, IMAGE_END, &cpus),
			    "two CPUs have the same reg");
	board.reg[3] = 3;
	make();
	assert_string_equal(devicetree_cpus_read(tree, IMAGE, IMAGE_END, &cpus),
			    "a CPU's cpu-release-addr is outside of memory");
	board.no_memory = false;
	make();
	assert_false(devicetree_cpus_no_memory(tree));
	assert_null(devicetree_cpus_read(tree, IMAGE, IMAGE_END, &cpus));
	board.memory_status = "disabled";
	make();
	assert_true(devicetree_cpus_no_memory(tree));
}

static void devices_are_found_through_the_bus(void **state)
{
	const char *compatible = NULL;

	(void)state;
	make();
	assert_int_equal(devices_find(tree, "brcm,bcm2835-pm-wdt"), 0x3f100000);
	assert_int_equal(devices_find(tree, "brcm,bcm2835-pm"), 0);
	assert_int_equal(devices_console(tree, &compatible), 0x3f215040);
	assert_string_equal(compatible, "brcm,bcm2835-aux-uart");
}

static void refused(const char *why)
{
	const char *error;

	make();
	error = devicetree_cpus_read(tree, IMAGE, IMAGE_END, &cpus);
	assert_non_null(error);
	assert_string_equal(error, why);
	free(tree);
	set_up(NULL);
}

static void broken_cpus_are_refused(void **state)
{
	(void)state;
	board.no_cpus_node = true;
	refused("the device tree has no cpus node");
	board.cpus = 0;
	refused("the device tree has no CPU");
	board.no_reg = true;
	refused("a CPU has no reg");
	board.method = "psci";
	refused("a CPU is not started by spin-table");
	board.reg[2] = 1;
	refused("two CPUs have the same reg");
	board.reg[3] = 0x80000000;
	refused("a CPU's reg is no MPIDR");
	board.release[1] = 0xe4;
	refused("a CPU's cpu-release-addr is malformed, or not aligned");
	board.release[1] = 0x3c000000;
	refused("a CPU's cpu-release-addr is outside of memory");
	board.release[1] = 0xfffffffffffffff8;
	refused("a CPU's cpu-release-addr is outside of memory");
	board.release[1] = IMAGE;
	refused("a CPU's cpu-release-addr is in the kernel's own image");
	board.release[1] = IMAGE_END - 8;
	refused("a CPU's cpu-release-addr is in the kernel's own image");
}

/* Property @name of the node at @path, which must be @length bytes. */
static const void *property(const void *fdt, const char *path, const char *name, int length)
{
	int node = fdt_path_offset(fdt, path), got;
	const void *value;

	assert_true(node >= 0);
	value = fdt_getprop(fdt, node, name, &got);
	assert_non_null(value);
	assert_int_equal(got, length);
	return value;
}

/* @tree becomes what devicetree_patch() makes of it. */
static void patch(const struct devicetree_offer *offer)
{
	uint8_t *to = malloc(2 * TREE_MAX);

	assert_null(devicetree_patch(tree, to, 2 * TREE_MAX, offer));
	free(tree);
	tree = to;
	assert_null(devicetree_check(tree, 2 * TREE_MAX));
}

static void read_shared(uint32_t n, bool shared)
{
	make();
	assert_null(devicetree_cpus_read(tree, IMAGE, IMAGE_END, &cpus));
	assert_int_equal(cpus.n, n);
	assert_int_equal(cpus.shared, shared);
}

/* As under U-Boot, lk2nd, on an X-Gene: whoever shares a word leaves when it is written. */
static void words_may_be_shared(void **state)
{
	(void)state;
	read_shared(4, false);
	for (int i = 0; i < 4; i++)
		board.release[i] = 0xd8;
	read_shared(4, true);
	assert_int_equal(cpus.release[3], 0xd8);
	board.release[2] = board.release[3] = 0xe8; /* two clusters */
	read_shared(4, true);
	board.release[3] = 0xf0; /* one of its own, beside shared ones */
	board.release[2] = 0xd8;
	read_shared(4, true);
	assert_int_equal(cpus.release[3], 0xf0);
	free(tree);
	set_up(NULL);
	board.release[3] = board.release[1];
	board.status[3] = "fail"; /* it is not there, and leaves all the same */
	read_shared(3, true);
	board.release[3] = 0; /* none */
	board.release[2] = 0xe0;
	board.status[2] = "fail";
	read_shared(2, true);
}

/* Of one word two CPUs would leave, or none: whichever of them is first in the tree. */
static void words_of_those_that_return_are_not_shared(void **state)
{
	(void)state;
	for (int i = 1; i < 3; i++) {
		board.release[2] = board.release[1];
		board.way_back[i] = 0x301000;
		refused("two CPUs share one cpu-release-addr, and one has a way back");
	}
	board.release[2] = board.release[1];
	board.way_back[2] = 0x301000;
	board.status[2] = "fail";
	refused("two CPUs share one cpu-release-addr, and one has a way back");
	board.way_back[1] = board.way_back[2] = 0x301000;
	read_shared(4, false);
}

static int reservations(void)
{
	return fdt_num_mem_rsv(tree);
}

/* The kernel must not write where a CPU may still look. */
static void words_stay_reserved(void **state)
{
	const char *area = "/reserved-memory/baton@300000";
	uint64_t address, size;

	(void)state;
	for (int i = 0; i < 4; i++)
		board.release[i] = 0xd8;
	make();
	patch(&psci);
	assert_int_equal(reservations(), 1);
	assert_true(devicetree_cpus_word_reserved(tree, 0xd8));
	assert_null(devicetree_keep_word(tree, 0xd8));	       /* which the board has reserved */
	assert_null(devicetree_keep_word(tree, 0x320000 - 8)); /* in a node */
	assert_int_equal(reservations(), 1);
	assert_false(devicetree_cpus_word_reserved(tree, 0x1000));
	assert_false(devicetree_cpus_word_reserved(tree, 0x320000));
	assert_null(devicetree_keep_word(tree, 0x320000));
	assert_null(devicetree_keep_word(tree, 0x320000));
	assert_int_equal(reservations(), 2);
	assert_int_equal(fdt_get_mem_rsv(tree, 1, &address, &size), 0);
	assert_int_equal(address, 0x320000);
	assert_int_equal(size, 8);
	assert_null(devicetree_check(tree, 2 * TREE_MAX));
	/* What is not available reserves nothing. */
	assert_int_equal(
		fdt_setprop_string(tree, fdt_path_offset(tree, area), "status", "disabled"), 0);
	assert_false(devicetree_cpus_word_reserved(tree, 0x320000 - 8));
}

/* CPUs that no tree lists may have come into it, by a word that others shared. */
static void some_areas_are_never_given_up(void **state)
{
	struct devicetree_offer kept = spin_table, third = later;

	(void)state;
	kept.keep = true;
	third.area = 0x6700000;
	make();
	patch(&kept);
	property(tree, "/reserved-memory/baton@300000", "baton,keep", 0);
	patch(&later);
	assert_null(fdt_getprop(tree, fdt_path_offset(tree, "/reserved-memory/baton@5700000"),
				"baton,keep", NULL));
	patch(&third);
	devicetree_forget_areas(tree);
	property(tree, "/reserved-memory/baton@300000", "no-map", 0);
	assert_true(fdt_path_offset(tree, "/reserved-memory/baton@5700000") < 0);
	property(tree, "/reserved-memory/baton@6700000", "baton,table", 4);
}

/* One that did not arrive may have come later, into the area before. */
static void areas_with_late_cpus_are_not_given_up(void **state)
{
	(void)state;
	board.status[3] = "fail";
	make();
	patch(&spin_table);
	patch(&later);
	devicetree_forget_areas(tree);
	property(tree, "/reserved-memory/baton@300000", "no-map", 0);
}

static void damaged_trees_are_refused(void **state)
{
	size_t size;

	(void)state;
	make();
	size = fdt_totalsize(tree);
	assert_non_null(devicetree_check(tree, 4));
	assert_non_null(devicetree_check(tree, size - 1));
	fdt_set_magic(tree, 0);
	assert_non_null(devicetree_check(tree, size));
	fdt_set_magic(tree, FDT_MAGIC);
	fdt_set_off_dt_struct(tree, (uint32_t)size);
	assert_non_null(devicetree_check(tree, size));
}

static void check_patched(const void *fdt, bool wide)
{
	const char *area = "/reserved-memory/baton@300000";
	const fdt32_t *reg = property(fdt, area, "reg", wide ? 16 : 8);

	assert_string_equal(property(fdt, "/psci", "method", 4), "hvc");
	assert_string_equal(property(fdt, "/psci", "compatible", 26), "arm,psci-1.0");
	assert_int_equal(fdt32_to_cpu(reg[wide ? 1 : 0]), 0x300000);
	assert_int_equal(fdt32_to_cpu(reg[wide ? 3 : 1]), 0x20000);
	property(fdt, area, "no-map", 0);
	assert_int_equal(fdt32_to_cpu(*(const fdt32_t *)property(fdt, area, "baton,table", 4)),
			 0x11000);
	for (char path[] = "/cpus/cpu@0"; path[10] < '4'; path[10]++) {
		assert_string_equal(property(fdt, path, "enable-method", 5), "psci");
		assert_null(fdt_getprop(fdt, fdt_path_offset(fdt, path), "cpu-release-addr", NULL));
		assert_null(fdt_getprop(fdt, fdt_path_offset(fdt, path), "status", NULL));
	}
}

static void patched_tree_has_psci_and_the_area(void **state)
{
	uint8_t *to = malloc(2 * TREE_MAX);

	(void)state;
	for (int reserved = 0; reserved < 2; reserved++) {
		board.reserved_memory = reserved;
		resize_tree(TREE_MAX);
		make();
		assert_null(devicetree_patch(tree, to, 2 * TREE_MAX, &psci));
		assert_null(devicetree_check(to, 2 * TREE_MAX));
		check_patched(to, !reserved);
		assert_int_equal(fdt_num_mem_rsv(to), 1);
	}
	assert_null(devicetree_disable_cpu(to, 2));
	assert_string_equal(property(to, "/cpus/cpu@2", "status", 5), "fail");
	assert_non_null(devicetree_disable_cpu(to, 9));
	free(to);
}

static uint64_t address(const void *fdt, const char *path, const char *name)
{
	return devicetree_number(property(fdt, path, name, 8), 2);
}

static void check_spin_table(const void *fdt, const struct devicetree_offer *offer)
{
	assert_true(fdt_path_offset(fdt, "/psci") < 0);
	for (unsigned i = 0; i < 4; i++) {
		char path[] = "/cpus/cpu@0";

		path[10] = (char)('0' + i);
		assert_string_equal(property(fdt, path, "enable-method", 11), "spin-table");
		assert_int_equal(address(fdt, path, "cpu-release-addr"),
				 offer->release + i * BATON_SPIN_RELEASE_SIZE);
		assert_int_equal(address(fdt, path, "cpu-return-addr"), offer->return_address);
		assert_int_equal(address(fdt, path, "cpu-held-addr"),
				 offer->held + i * BATON_SPIN_HELD_SIZE);
	}
}

/* A kernel takes the first node of PSCI; a CPU that was not asked has no method any more. */
static void patched_tree_has_what_is_available(void **state)
{
	const fdt32_t *reg;

	(void)state;
	board.psci = "arm,psci-1.0";
	board.conduit = "smc";
	board.psci_status = "disabled";
	board.status[2] = "fail";
	make();
	patch(&psci);
	assert_int_equal(devicetree_psci(tree), DEVICETREE_PSCI_HVC);
	assert_string_equal(property(tree, "/cpus/cpu@2", "status", 5), "fail");
	assert_string_equal(property(tree, "/cpus/cpu@3", "enable-method", 5), "psci");

	board.psci = NULL;
	make();
	patch(&spin_table);
	reg = property(tree, "/cpus/cpu@3", "cpu-release-addr", 8);
	assert_int_equal(devicetree_number(reg, 2), 0x320000 + 2 * BATON_SPIN_RELEASE_SIZE);
	assert_string_equal(property(tree, "/cpus/cpu@2", "status", 5), "fail");
}

/* The area's address has as many cells as the tree has, as on a Raspberry Pi 4: three in all. */
static void table_is_found_by_cells(void **state)
{
	int parent;
	fdt32_t reg[3] = {0, cpu_to_fdt32(0x300000), cpu_to_fdt32(0x20000)};

	(void)state;
	board.reserved_memory = true;
	make();
	patch(&psci);
	assert_int_equal(devicetree_table(tree), 0x311000);
	parent = fdt_path_offset(tree, "/reserved-memory");
	assert_int_equal(fdt_setprop_u32(tree, parent, "#address-cells", 2), 0);
	assert_int_equal(devicetree_table(tree), 0);
	assert_int_equal(fdt_setprop(tree, devicetree_area(tree), "reg", reg, sizeof(reg)), 0);
	assert_int_equal(devicetree_table(tree), 0x311000);
	assert_int_equal(fdt_setprop_string(tree, devicetree_area(tree), "status", "disabled"), 0);
	assert_int_equal(devicetree_table(tree), 0);
}

static void patched_tree_has_the_way_back(void **state)
{
	(void)state;
	make();
	patch(&spin_table);
	check_spin_table(tree, &spin_table);
	property(tree, "/reserved-memory/baton@300000", "no-map", 0);
}

/* A later stage finds the table of the one before, and takes its CPUs from there. */
static void a_table_with_a_way_back_is_one_to_collect_from(void **state)
{
	(void)state;
	make();
	patch(&spin_table);
	assert_null(devicetree_cpus_read(tree, IMAGE + 0x5000000, IMAGE_END + 0x5000000, &cpus));
	assert_int_equal(cpus.n, 4);
	for (unsigned i = 0; i < 4; i++)
		assert_int_equal(cpus.release[i], 0x320000 + i * BATON_SPIN_RELEASE_SIZE);

	patch(&later);
	check_spin_table(tree, &later);
	assert_string_equal(property(tree, "/reserved-memory/baton@5700000", "compatible", 11),
			    "baton,area");
	/* As long as somebody may be in it, the other stays reserved, but is not the area. */
	assert_string_equal(property(tree, "/reserved-memory/baton@300000", "compatible", 16),
			    "baton,area-left");
	property(tree, "/reserved-memory/baton@300000", "no-map", 0);
	devicetree_forget_areas(tree);
	assert_true(fdt_path_offset(tree, "/reserved-memory/baton@300000") < 0);
	property(tree, "/reserved-memory/baton@5700000", "baton,table", 4);
}

static void psci_after_a_spin_table_leaves_nothing_of_it(void **state)
{
	(void)state;
	make();
	patch(&later);
	patch(&psci);
	check_patched(tree, true);
	for (char path[] = "/cpus/cpu@0"; path[10] < '4'; path[10]++) {
		int node = fdt_path_offset(tree, path);

		assert_null(fdt_getprop(tree, node, "cpu-return-addr", NULL));
		assert_null(fdt_getprop(tree, node, "cpu-held-addr", NULL));
	}
}

static void follows(const char *path, bool good)
{
	char command[256];
	FILE *file = fopen(path, "wb");
	int error;

	assert_non_null(file);
	assert_int_equal(fwrite(tree, fdt_totalsize(tree), 1, file), 1);
	error = fclose(file);
	assert_int_equal(error, 0);
	snprintf(command, sizeof(command), UNIT_SOURCE "/binding %s%s", path,
		 good ? " >&2" : " >/dev/null");
	assert_int_equal(!system(command), good);
}

/* What the stage makes is what docs/bindings says, by the tool of those who review bindings. */
static void patched_tree_follows_the_binding(void **state)
{
	(void)state;
	if (system("command -v dt-validate dt-doc-validate dt-extract-example >/dev/null")) {
		print_message("dt-schema is not installed: not checked\n");
		skip();
	}
	make();
	patch(&spin_table);
	follows(UNIT_BUILD "/spin-table.dtb", true);
	assert_int_equal(fdt_delprop(tree, fdt_path_offset(tree, "/cpus/cpu@2"), "cpu-held-addr"),
			 0);
	follows(UNIT_BUILD "/spin-table-bad.dtb", false);
}

static void the_command_line_is_a_string(void **state)
{
	int chosen;

	(void)state;
	make();
	assert_null(devicetree_bootargs(tree));
	patch(&psci);
	chosen = fdt_path_offset(tree, "/chosen");
	assert_int_equal(fdt_setprop_string(tree, chosen, "bootargs", "quiet baton=psci"), 0);
	assert_string_equal(devicetree_bootargs(tree), "quiet baton=psci");
	assert_int_equal(fdt_setprop(tree, chosen, "bootargs", "quiet", 5), 0);
	assert_null(devicetree_bootargs(tree));
}

/* Every size that is too small is refused, and nothing behind it is written. */
static void patching_needs_room(void **state)
{
	const struct devicetree_offer *offers[] = {&psci, &spin_table};
	size_t size;

	(void)state;
	make();
	for (unsigned i = 0; i < 2; i++) {
		for (size = 64;; size += 64) {
			uint8_t *to = malloc(size);
			const char *error = devicetree_patch(tree, to, size, offers[i]);

			free(to);
			if (!error)
				break;
			assert_true(size < 2 * TREE_MAX);
		}
		assert_true(size > fdt_totalsize(tree));
	}
}

/* QEMU pads its trees to a MiB. */
static void padding_is_left_behind(void **state)
{
	uint8_t *padded = calloc(1, 1 << 20), *to = malloc(2 * TREE_MAX);

	(void)state;
	make();
	assert_int_equal(fdt_open_into(tree, padded, 1 << 20), 0);
	assert_null(devicetree_patch(padded, to, 2 * TREE_MAX, &psci));
	check_patched(to, true);
	free(padded);
	free(to);
}

/* Nothing behind the memory that is there is read, whatever version the header has. */
static void short_headers_are_not_read_beyond(void **state)
{
	const size_t page = 4096;
	uint8_t *pages =
		mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)state;
	make();
	assert_ptr_not_equal(pages, MAP_FAILED);
	assert_int_equal(mprotect(pages + page, page, PROT_NONE), 0);
	for (size_t size = 0; size < sizeof(struct fdt_header); size += 4) {
		memcpy(pages + page - size, tree, size);
		assert_non_null(devicetree_check(pages + page - size, size));
	}
	munmap(pages, 2 * page);
}

/* libfdt takes a negative offset for the place in front of the root. */
static void without_a_cpus_node_the_root_is_no_cpu(void **state)
{
	static uint8_t wider[2 * TREE_MAX];

	(void)state;
	board.no_cpus_node = true;
	make();
	assert_int_equal(fdt_open_into(tree, wider, sizeof(wider)), 0);
	assert_int_equal(fdt_setprop_string(wider, 0, "device_type", "cpu"), 0);
	assert_null(devicetree_check(wider, sizeof(wider)));
	assert_true(devicetree_next_cpu(wider, 0) < 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(cpus_are_read, set_up, tear_down),
		cmocka_unit_test_setup_teardown(psci_is_seen, set_up, tear_down),
		cmocka_unit_test_setup_teardown(disabled_psci_is_none, set_up, tear_down),
		cmocka_unit_test_setup_teardown(failed_cpus_are_left_out, set_up, tear_down),
		cmocka_unit_test_setup_teardown(cpus_are_known_by_name, set_up, tear_down),
		cmocka_unit_test_setup_teardown(memory_is_judged_last, set_up, tear_down),
		cmocka_unit_test_setup_teardown(devices_are_found_through_the_bus, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(broken_cpus_are_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(words_may_be_shared, set_up, tear_down),
		cmocka_unit_test_setup_teardown(words_of_those_that_return_are_not_shared, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(words_stay_reserved, set_up, tear_down),
		cmocka_unit_test_setup_teardown(some_areas_are_never_given_up, set_up, tear_down),
		cmocka_unit_test_setup_teardown(areas_with_late_cpus_are_not_given_up, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(short_headers_are_not_read_beyond, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(without_a_cpus_node_the_root_is_no_cpu, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(damaged_trees_are_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(patched_tree_has_psci_and_the_area, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(patched_tree_has_the_way_back, set_up, tear_down),
		cmocka_unit_test_setup_teardown(patched_tree_has_what_is_available, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(table_is_found_by_cells, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_table_with_a_way_back_is_one_to_collect_from,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(psci_after_a_spin_table_leaves_nothing_of_it,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(patched_tree_follows_the_binding, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(the_command_line_is_a_string, set_up, tear_down),
		cmocka_unit_test_setup_teardown(patching_needs_room, set_up, tear_down),
		cmocka_unit_test_setup_teardown(padding_is_left_behind, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
