/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The firmware of a board with a spin-table and any number of CPUs, on QEMU's
 * machine "virt": takes the CPUs from QEMU's own PSCI into a loop of its own,
 * and starts the kernel behind it with a tree that lists them.  "firmware=WORD" on the
 * kernel command line chooses a fault of the board, or how its words are shared; of several
 * such words each counts:
 *
 *	shared		all CPUs have one release word, as under U-Boot
 *	clusters	two and two have one
 *	mixed		every other CPU has one of its own
 *	failed		the last CPU has failed, as the tree has it; it waits like the others
 *	hidden		likewise, but the tree does not list it
 *	returns		the last CPU has a way back, as the tree has it
 *	open		the release words are in memory that is not reserved
 *	psci-disabled	PSCI is in the tree, and not available, as lk2nd leaves it
 *	no-cpus		the tree has no /cpus
 *	no-boot-cpu	the CPU that boots is not in it
 *	psci		PSCI is there as well
 *	outside		the tree's memory begins behind the release words
 *	image		release words are in the kernel's image, in a gap
 *	unaligned	release words are aligned to 4
 *	crowd		the tree has CPUs that are not there, and far too many
 *	never		the last CPU never looks at its release word
 *	late		the last CPU does so after BOARD_LATE_SECONDS
 *	padded		the tree is long, and empty behind its contents
 *	stuffed		the tree is long, by one large property
 *	damaged		a property of the tree has no name
 *	displaced	the kernel lies where no Image may: BOARD_DISPLACED further on
 */
#include "lib/arm64/image.h"
#include "lib/arm64/mmu.h"
#include <baton/psci.h>
#include <baton/string.h>
#include <libfdt.h>
#include <stdbool.h>
#include <stdint.h>
#include "board.h"

#define CPUS_MAX 512
#define CROWD 300
#define CROWD_MPIDR 0x800000
#define WORD_STRIDE 64 /* bytes: a cache line each */
#define STUFFING 0x80000
#define GAP_ALIGNMENT 0x10000 /* of the parts of Linux's image */
#define GAP 1024
#define NO_NAME 0x7fffffff /* far outside of any block of strings */

#define UART_DATA 0x09000000 /* of QEMU's first PL011, which needs no set-up */

/* For board_head.S: in this order. */
struct way_out {
	uint64_t kernel, tree;
};

/* In board_head.S. */
void board_head_wait(void);
void board_head_wait_late(void);

/* Called from board_head.S: the first with the MMU off. */
const struct mmu_registers *board_map(void);
const struct way_out *board_main(const void *from);

/* In pages of their own: a kernel may take them if they are not reserved. */
static uint8_t words[CPUS_MAX * WORD_STRIDE] __attribute__((aligned(MMU_PAGE_SIZE)));
static uint64_t mpidrs[CPUS_MAX];
static uint32_t ncpus;
static void *const tree = (void *)(BOARD_BASE + BOARD_TREE);

/* Everything where it is: QEMU has devices in the first GiB, and memory from the second on. */
const struct mmu_registers *board_map(void)
{
	static mmu_table root;
	static struct mmu_map map = {.root = root};
	static struct mmu_registers registers;

	mmu_clear(&map);
	mmu_add_normal(&map, MMU_GIGABYTE, 1ull << MMU_BITS);
	registers = mmu_registers_for(&map);
	return &registers;
}

static _Noreturn void fail(const char *why)
{
	for (const char *at = why; *at; at++)
		*(volatile uint32_t *)UART_DATA = (uint8_t)*at;
	for (;;)
		__asm__ volatile("wfe");
}

static void check(bool good, const char *why)
{
	if (!good)
		fail(why);
}

/* What is "firmware=WORD" on the kernel command line. */
static bool is_asked(const char *word)
{
	int length, chosen = fdt_path_offset(tree, "/chosen");
	const char *line = fdt_getprop(tree, chosen, "bootargs", &length);
	size_t n = strlen(word);

	for (const char *at = line; at && (at = strchr(at, '=')); at++)
		if (at - line >= 8 && !memcmp(at - 8, "firmware", 8) &&
		    (size_t)(line + length - at) > n + 1 && !memcmp(at + 1, word, n) &&
		    (at[1 + n] == ' ' || at[1 + n] == 0))
			return true;
	return false;
}

static int64_t cpu_on(uint64_t mpidr, void (*entry)(void), uint64_t context)
{
	register uint64_t x0 __asm__("x0") = PSCI_CPU_ON | PSCI_64;
	register uint64_t x1 __asm__("x1") = mpidr;
	register uint64_t x2 __asm__("x2") = (uintptr_t)entry;
	register uint64_t x3 __asm__("x3") = context;

	__asm__ volatile("smc #0" : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3) : : "memory");
	return (int64_t)x0;
}

/* To the point of coherency: secondary CPUs and the kernel read without caches. */
static void clean(const void *start, size_t size)
{
	for (uintptr_t at = (uintptr_t)start; at < (uintptr_t)start + size; at += 16)
		__asm__ volatile("dc civac, %0" : : "r"(at) : "memory");
	__asm__ volatile("dsb sy" ::: "memory");
}

/* The place in the kernel, far behind its start, where a part of it ends before a boundary. */
static uint64_t find_gap(void)
{
	uint64_t size = ((struct image_header *)BOARD_KERNEL)->image_size;

	/* Half of it: then come what is 0 for good reasons. */
	for (uint64_t end = 2 * BOARD_SIZE; end < size / 2; end += GAP_ALIGNMENT) {
		const uint64_t *word = (const uint64_t *)(BOARD_KERNEL + end - GAP);
		size_t i = 0;

		while (i < GAP / 8 && !word[i])
			i++;
		if (i == GAP / 8)
			return (uintptr_t)word;
	}
	fail("firmware: no gap in the kernel\r\n");
}

static uint64_t release_address(uint32_t cpu)
{
	static uint64_t gap;

	if (is_asked("shared") || (is_asked("mixed") && cpu % 2 == 0))
		cpu = 0;
	if (is_asked("clusters"))
		cpu -= cpu % 2;
	if (is_asked("image")) {
		gap = gap ? gap : find_gap();
		return gap + cpu * 8;
	}
	return (uintptr_t)words + cpu * WORD_STRIDE + (is_asked("unaligned") ? 4 : 0);
}

/* The CPUs of QEMU's tree; they become those of a spin-table. */
static void edit_cpus(void)
{
	int cpus = fdt_path_offset(tree, "/cpus"), node;
	int cells = fdt_address_cells(tree, cpus);

	fdt_for_each_subnode(node, tree, cpus)
	{
		int length;
		const fdt32_t *reg = fdt_getprop(tree, node, "reg", &length);

		if (!fdt_getprop(tree, node, "device_type", NULL) || !reg)
			continue;
		check(ncpus < CPUS_MAX && length == cells * 4, "firmware: strange CPUs\r\n");
		mpidrs[ncpus] = fdt32_ld(reg);
		if (cells == 2)
			mpidrs[ncpus] = mpidrs[ncpus] << 32 | fdt32_ld(reg + 1);
		check(!fdt_setprop_string(tree, node, "enable-method", "spin-table") &&
			      !fdt_setprop_u64(tree, node, "cpu-release-addr",
					       release_address(ncpus)),
		      "firmware: no room for the CPUs\r\n");
		ncpus++;
	}
}

static void add_crowd(void)
{
	int cpus = fdt_path_offset(tree, "/cpus");
	int cells = fdt_address_cells(tree, cpus);

	for (uint32_t i = 0; i < CROWD; i++) {
		char name[] = "cpu@0000";
		int node;

		for (int digit = 0; digit < 4; digit++)
			name[7 - digit] = "0123456789abcdef"[i >> digit * 4 & 0xf];
		node = fdt_add_subnode(tree, cpus, name);
		check(node >= 0 && !fdt_setprop_string(tree, node, "device_type", "cpu") &&
			      !fdt_setprop_string(tree, node, "compatible", "arm,armv8") &&
			      !fdt_setprop_string(tree, node, "enable-method", "spin-table") &&
			      !fdt_setprop_u64(tree, node, "cpu-release-addr",
					       (uintptr_t)words + (ncpus + i) * 8) &&
			      !(cells == 2 ? fdt_setprop_u64(tree, node, "reg", CROWD_MPIDR + i)
					   : fdt_setprop_u32(tree, node, "reg", CROWD_MPIDR + i)),
		      "firmware: no room for the crowd\r\n");
	}
}

static void start_cpus(void)
{
	for (uint32_t i = 1; i < ncpus; i++) {
		bool last = i == ncpus - 1;

		if (last && is_asked("never"))
			continue;
		check(!cpu_on(mpidrs[i],
			      last && is_asked("late") ? board_head_wait_late : board_head_wait,
			      release_address(i)),
		      "firmware: a CPU does not start\r\n");
	}
}

/* The node of CPU number @cpu. */
static int cpu_node(uint32_t cpu)
{
	int cpus = fdt_path_offset(tree, "/cpus"), node;

	fdt_for_each_subnode(node, tree, cpus)
	{
		if (fdt_getprop(tree, node, "device_type", NULL) && !cpu--)
			break;
	}
	check(node >= 0, "firmware: no such CPU\r\n");
	return node;
}

/* What the tree has of the last CPU. */
static void edit_last_cpu(void)
{
	int node = cpu_node(ncpus - 1), error = 0;

	if (is_asked("failed"))
		error = fdt_setprop_string(tree, node, "status", "fail");
	if (is_asked("returns"))
		error = fdt_setprop_u64(tree, node, "cpu-return-addr", BOARD_BASE) |
			fdt_setprop_u64(tree, node, "cpu-held-addr",
					(uintptr_t)words + ncpus * WORD_STRIDE);
	if (is_asked("hidden"))
		error = fdt_del_node(tree, node);
	check(!error, "firmware: no room for the last CPU\r\n");
}

/* Its own memory; "open" leaves the release words out. */
static bool reserve_memory(void)
{
	uint64_t end = BOARD_BASE + BOARD_SIZE, hole = end, hole_end = end;

	if (is_asked("open")) {
		hole = (uintptr_t)words;
		hole_end = hole + sizeof(words);
	}
	return !fdt_add_mem_rsv(tree, BOARD_BASE, hole - BOARD_BASE) &&
	       (hole_end == end || !fdt_add_mem_rsv(tree, hole_end, end - hole_end));
}

static void move_memory(void)
{
	int node = fdt_node_offset_by_prop_value(tree, -1, "device_type", "memory", 7);
	const fdt64_t *reg = fdt_getprop(tree, node, "reg", NULL);
	fdt64_t new[2];

	check(reg, "firmware: no memory\r\n");
	fdt64_st(&new[0], BOARD_KERNEL);
	fdt64_st(&new[1], fdt64_ld(&reg[1]) - (BOARD_KERNEL - fdt64_ld(&reg[0])));
	fdt_setprop_inplace(tree, node, "reg", new, sizeof(new));
}

static void damage(void)
{
	struct fdt_property *property;

	fdt_setprop_u32(tree, 0, "damaged", 0);
	property = fdt_get_property_w(tree, 0, "damaged", NULL);
	check(property, "firmware: no room for damage\r\n");
	property->nameoff = cpu_to_fdt32(NO_NAME);
}

static uint64_t displace_kernel(void)
{
	uint64_t size = ((struct image_header *)BOARD_KERNEL)->image_size;

	memmove((void *)(BOARD_KERNEL + BOARD_DISPLACED), (void *)BOARD_KERNEL, size);
	clean((void *)BOARD_KERNEL, BOARD_DISPLACED + size);
	return BOARD_KERNEL + BOARD_DISPLACED;
}

const struct way_out *board_main(const void *from)
{
	static struct way_out way_out;
	void *room;

	check(!fdt_open_into(from, tree, BOARD_TREE_MAX) && reserve_memory(),
	      "firmware: no room for the tree\r\n");
	edit_cpus();
	clean((void *)BOARD_BASE, BOARD_TREE); /* before others look at the release words */
	start_cpus();
	if (is_asked("crowd"))
		add_crowd();
	edit_last_cpu();
	if (is_asked("no-boot-cpu")) /* the first one boots */
		fdt_del_node(tree, cpu_node(0));
	if (is_asked("outside"))
		move_memory();
	if (is_asked("stuffed"))
		check(!fdt_setprop_placeholder(tree, 0, "stuffing", STUFFING, &room),
		      "firmware: no room for the stuffing\r\n");
	if (is_asked("psci-disabled"))
		fdt_setprop_string(tree, fdt_path_offset(tree, "/psci"), "status", "disabled");
	else if (!is_asked("psci"))
		fdt_del_node(tree, fdt_path_offset(tree, "/psci"));
	if (is_asked("no-cpus"))
		fdt_del_node(tree, fdt_path_offset(tree, "/cpus"));
	if (!is_asked("padded"))
		fdt_pack(tree);
	way_out.kernel = is_asked("displaced") ? displace_kernel() : BOARD_KERNEL;
	if (is_asked("damaged")) {
		fdt_open_into(tree, tree, fdt_totalsize(tree) + 256);
		damage();
	}
	way_out.tree = (uintptr_t)tree;
	clean((void *)BOARD_BASE, BOARD_SIZE);
	return &way_out;
}
