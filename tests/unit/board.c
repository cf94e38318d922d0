/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "board.h"

#include <baton/table.h>
#include <libfdt.h>
#include <stdio.h>

struct board board;

const uint8_t idmap_page[IDMAP_SIZE] = {0x11, 0x22};
const uint8_t idmap_leave[4];

void board_reset(void)
{
	free(board.tree);
	memset(&board, 0, sizeof(board));
	board.ncpus = 4;
	for (unsigned i = 0; i < BOARD_CPUS; i++) {
		board.mpidr[i] = 0x100 + i;
		board.release[i] = BOARD_RELEASE(i);
		board.held[i] = BOARD_HELD(i);
		board.ret[i] = BOARD_RETURN;
		board.method[i] = "spin-table";
		board.held_words[i] = i != 0;
	}
	board.address_cells = 2;
	board.address_size = 8;
	board.self = 0x100;
	board.level = 2;
	board.now = 1000;
	board.maps_left = -1;
	board.interrupts = true;
	board.machine.cpu = board.cpu;
	board.machine.max_cpus = BOARD_CPUS;
}

static void number(const char *name, uint64_t value, unsigned size)
{
	fdt32_t cell[4] = {0, 0, 0, 0};
	unsigned cells = size / 4;

	for (unsigned i = cells; i--; value >>= 32)
		cell[i] = cpu_to_fdt32((uint32_t)value);
	fdt_property(board.tree, name, cell, (int)size);
}

static void put_cpu(unsigned i)
{
	char name[16];

	snprintf(name, sizeof(name), "cpu@%u", i);
	fdt_begin_node(board.tree, name);
	fdt_property_string(board.tree, "device_type", "cpu");
	if (!board.no_reg)
		number("reg", board.mpidr[i], board.address_cells * 4);
	if (board.method[i])
		fdt_property_string(board.tree, "enable-method", board.method[i]);
	if (board.status[i])
		fdt_property_string(board.tree, "status", board.status[i]);
	if (board.release[i])
		number("cpu-release-addr", board.release[i], board.address_size);
	if (board.ret[i])
		number("cpu-return-addr", board.ret[i], board.address_size);
	if (board.held[i])
		number("cpu-held-addr", board.held[i], board.address_size);
	fdt_end_node(board.tree);
}

static void put_area(void)
{
	const fdt32_t reg[] = {0, cpu_to_fdt32(BOARD_WORDS), cpu_to_fdt32(0x20000)};

	fdt_begin_node(board.tree, "reserved-memory");
	fdt_property_u32(board.tree, "#address-cells", 2);
	fdt_property_u32(board.tree, "#size-cells", 1);
	fdt_begin_node(board.tree, "baton@3b400000");
	fdt_property_string(board.tree, "compatible", "baton,area");
	fdt_property_u32(board.tree, "baton,table", (uint32_t)(BOARD_BATN - BOARD_WORDS));
	fdt_property(board.tree, "reg", reg, sizeof(reg));
	fdt_end_node(board.tree);
	fdt_end_node(board.tree);
}

void board_tree(void)
{
	board.tree = realloc(board.tree, BOARD_TREE_MAX);
	assert_non_null(board.tree);
	assert_int_equal(fdt_create(board.tree, BOARD_TREE_MAX), 0);
	fdt_finish_reservemap(board.tree);
	fdt_begin_node(board.tree, "");
	fdt_property_u32(board.tree, "#address-cells", 2);
	fdt_property_u32(board.tree, "#size-cells", 2);
	if (!board.no_cpus_node) {
		fdt_begin_node(board.tree, "cpus");
		fdt_property_u32(board.tree, "#address-cells",
				 board.huge_cells ? 0x40000002 : board.address_cells);
		fdt_property_u32(board.tree, "#size-cells", 0);
		fdt_begin_node(board.tree, "cpu-map"); /* no CPU */
		fdt_end_node(board.tree);
		for (unsigned i = 0; i < board.ncpus; i++)
			put_cpu(i);
		fdt_end_node(board.tree);
	}
	if (board.psci) {
		fdt_begin_node(board.tree, "psci");
		fdt_property_string(board.tree, "compatible", board.psci);
		if (board.conduit)
			fdt_property_string(board.tree, "method", board.conduit);
		fdt_end_node(board.tree);
	}
	if (board.batn)
		put_area();
	fdt_end_node(board.tree);
	assert_int_equal(fdt_finish(board.tree), 0);
	/* As large as its memory, so that the sanitizer sees a step too far. */
	board.tree_size = fdt_totalsize(board.tree);
	board.tree = realloc(board.tree, board.tree_size);
	assert_non_null(board.tree);
}

int board_find(void)
{
	board_tree();
	return baton_find_devicetree(&board.machine, board.tree, board.tree_size);
}

static void run(struct baton_machine *machine, struct baton_cpu *cpu)
{
	(void)machine;
	(void)cpu;
}

void board_machine(void)
{
	const struct baton_start start = {.page = BOARD_PAGE, .root = BOARD_ROOT, .run = run};

	assert_int_equal(board_find(), 0);
	assert_int_equal(baton_prepare(&board.machine, &start), 0);
	assert_int_equal(baton_exit_build(&board.machine, NULL), 0);
	for (unsigned i = 0; i < board.ncpus; i++) {
		board.cpu[i].stack = board.stack[i] + sizeof(board.stack[i]);
		board.cpu[i].registers = &board.registers[i];
	}
}

bool board_comes_up(uint64_t mpidr)
{
	uint64_t self = board.self;
	struct baton_cpu *cpu;

	board.self = mpidr;
	cpu = baton_enter(&board.machine);
	if (cpu)
		assert_int_equal(baton_online(&board.machine, cpu), 0);
	board.self = self;
	return cpu;
}

int board_die(uint64_t mpidr)
{
	volatile uint64_t self = board.self;
	int error = 0;

	board.self = mpidr;
	if (!setjmp(board.left))
		error = baton_die(&board.machine);
	board.self = self;
	return error;
}

bool board_take_nmi(uint64_t mpidr)
{
	volatile uint64_t self = board.self;
	volatile bool taken = true;

	board.self = mpidr;
	if (!setjmp(board.left))
		taken = baton_nmi(&board.machine, NULL);
	board.self = self;
	return taken;
}

/* <baton/port.h>. */

static void *at(uint64_t address, size_t length, uint64_t start, void *memory, size_t size)
{
	if (address < start || address - start + length > size)
		return NULL;
	return (uint8_t *)memory + (address - start);
}

void *baton_port_map(uint64_t address, size_t length, enum baton_memory kind)
{
	void *pointer = at(address, length, BOARD_RELEASE(0), board.words, sizeof(board.words));

	if (!board.maps_left)
		return NULL;
	if (!pointer)
		pointer = at(address, length, BOARD_HELD(0), board.held_words,
			     sizeof(board.held_words));
	if (!pointer)
		pointer =
			at(address, length, BOARD_BATN, board.batn_table, sizeof(board.batn_table));
	if (pointer)
		assert_int_equal(kind, BATON_MEMORY_UNCACHED);
	else
		pointer = at(address, length, BOARD_PAGE, board.page, sizeof(board.page));
	if (pointer) {
		board.maps_left -= board.maps_left > 0;
		board.maps++;
	}
	return pointer;
}

void baton_port_unmap(void *pointer, size_t length)
{
	(void)pointer;
	(void)length;
	board.maps--;
	assert_true(board.maps >= 0);
}

uint64_t baton_port_physical(const void *pointer)
{
	return (uintptr_t)pointer - (board.identity ? 0 : BOARD_ALIAS);
}

uint64_t baton_port_time_us(void)
{
	return board.now;
}

void baton_port_relax(void)
{
	board.now += BOARD_STEP_US;
	if (board.step)
		board.step();
}

void baton_port_flush(const volatile void *pointer, size_t length)
{
	(void)pointer;
	(void)length;
}

uint64_t baton_port_cpu_id(void)
{
	return board.self;
}

void baton_port_print(const char *line)
{
	board.prints++;
	snprintf(board.printed, sizeof(board.printed), "%s", line);
}

/* libbaton/arm64/cpu.c and what is in assembly. */

void baton_entry(void)
{
}

unsigned arm64_level(void)
{
	return board.level;
}

bool arm64_read_registers(struct idmap_data *data)
{
	data->level = board.level;
	data->sctlr = !board.mmu_off;
	return !board.mmu_off;
}

uint64_t arm64_call(uint32_t conduit, uint64_t function, uint64_t a, uint64_t b, uint64_t c)
{
	board.conduit_seen = conduit;
	assert_non_null(board.call);
	return board.call(function, a, b, c);
}

void arm64_send_event(void)
{
	board.events++;
}

void arm64_drop_instructions(void)
{
	board.drops++;
}

void arch_unblock_nmi(void)
{
}

bool arch_has_nmi(void)
{
	return false;
}

void arch_send_nmi(struct baton_machine *machine, const struct baton_cpu *cpu)
{
	(void)machine;
	(void)cpu;
	fail();
}

void arch_quiet(struct baton_machine *machine)
{
	(void)machine;
	board.quiets++;
}

void arch_leave(struct baton_machine *machine, struct baton_cpu *cpu)
{
	board.left_return = cpu->return_address;
	board.left_root = machine->exit.root;
	board.left_code = machine->exit.code;
	longjmp(board.left, 1);
}

void arch_halt(void)
{
	board.left_code = 1;
	longjmp(board.left, 1);
}

void arch_read_registers(struct baton_registers *registers)
{
	memset(registers, 0x5a, sizeof(*registers));
}

uint64_t arch_interrupts_off(void)
{
	bool on = board.interrupts;

	board.interrupts = false;
	return on;
}

void arch_interrupts_restore(uint64_t flags)
{
	board.interrupts = flags;
}
