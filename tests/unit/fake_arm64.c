/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "fake_arm64.h"

#include <baton/table.h>
#include <libfdt.h>
#include <stdio.h>

struct fake_arm64 fake_arm64;

const uint8_t idmap_page[IDMAP_SIZE] = {0x11, 0x22};
const uint8_t idmap_leave[4];

void fake_arm64_reset(void)
{
	free(fake_arm64.tree);
	memset(&fake_arm64, 0, sizeof(fake_arm64));
	fake_arm64.ncpus = 4;
	for (unsigned i = 0; i < BOARD_CPUS; i++) {
		fake_arm64.mpidr[i] = 0x100 + i;
		fake_arm64.release[i] = BOARD_RELEASE(i);
		fake_arm64.held[i] = BOARD_HELD(i);
		fake_arm64.ret[i] = BOARD_RETURN;
		fake_arm64.method[i] = "spin-table";
		fake_arm64.held_words[i] = i != 0;
	}
	fake_arm64.address_cells = 2;
	fake_arm64.address_size = 8;
	fake_arm64.self = 0x100;
	fake_arm64.level = 2;
	fake_arm64.now = 1000;
	fake_arm64.maps_left = -1;
	fake_arm64.interrupts = true;
	fake_arm64.machine.cpu = fake_arm64.cpu;
	fake_arm64.machine.max_cpus = BOARD_CPUS;
}

static void number(const char *name, uint64_t value, unsigned size)
{
	fdt32_t cell[4] = {0, 0, 0, 0};
	unsigned cells = size / 4;

	for (unsigned i = cells; i--; value >>= 32)
		cell[i] = cpu_to_fdt32((uint32_t)value);
	fdt_property(fake_arm64.tree, name, cell, (int)size);
}

static void put_cpu(unsigned i)
{
	char name[16];

	snprintf(name, sizeof(name), "cpu@%u", i);
	fdt_begin_node(fake_arm64.tree, name);
	fdt_property_string(fake_arm64.tree, "device_type", "cpu");
	if (!fake_arm64.no_reg)
		number("reg", fake_arm64.mpidr[i], fake_arm64.address_cells * 4);
	if (fake_arm64.method[i])
		fdt_property_string(fake_arm64.tree, "enable-method", fake_arm64.method[i]);
	if (fake_arm64.status[i])
		fdt_property_string(fake_arm64.tree, "status", fake_arm64.status[i]);
	if (fake_arm64.release[i])
		number("cpu-release-addr", fake_arm64.release[i], fake_arm64.address_size);
	if (fake_arm64.ret[i])
		number("cpu-return-addr", fake_arm64.ret[i], fake_arm64.address_size);
	if (fake_arm64.held[i])
		number("cpu-held-addr", fake_arm64.held[i], fake_arm64.address_size);
	fdt_end_node(fake_arm64.tree);
}

static void put_area(void)
{
	const fdt32_t reg[] = {0, cpu_to_fdt32(BOARD_WORDS), cpu_to_fdt32(0x20000)};

	fdt_begin_node(fake_arm64.tree, "reserved-memory");
	fdt_property_u32(fake_arm64.tree, "#address-cells", 2);
	fdt_property_u32(fake_arm64.tree, "#size-cells", 1);
	fdt_begin_node(fake_arm64.tree, "baton@3b400000");
	fdt_property_string(fake_arm64.tree, "compatible", "baton,area");
	fdt_property_u32(fake_arm64.tree, "baton,table", (uint32_t)(BOARD_BATN - BOARD_WORDS));
	fdt_property(fake_arm64.tree, "reg", reg, sizeof(reg));
	fdt_end_node(fake_arm64.tree);
	fdt_end_node(fake_arm64.tree);
}

void fake_arm64_tree(void)
{
	fake_arm64.tree = realloc(fake_arm64.tree, BOARD_TREE_MAX);
	assert_non_null(fake_arm64.tree);
	assert_int_equal(fdt_create(fake_arm64.tree, BOARD_TREE_MAX), 0);
	fdt_finish_reservemap(fake_arm64.tree);
	fdt_begin_node(fake_arm64.tree, "");
	fdt_property_u32(fake_arm64.tree, "#address-cells", 2);
	fdt_property_u32(fake_arm64.tree, "#size-cells", 2);
	if (!fake_arm64.no_cpus_node) {
		fdt_begin_node(fake_arm64.tree, "cpus");
		fdt_property_u32(fake_arm64.tree, "#address-cells",
				 fake_arm64.huge_cells ? 0x40000002 : fake_arm64.address_cells);
		fdt_property_u32(fake_arm64.tree, "#size-cells", 0);
		fdt_begin_node(fake_arm64.tree, "cpu-map"); /* no CPU */
		fdt_end_node(fake_arm64.tree);
		for (unsigned i = 0; i < fake_arm64.ncpus; i++)
			put_cpu(i);
		fdt_end_node(fake_arm64.tree);
	}
	if (fake_arm64.psci) {
		fdt_begin_node(fake_arm64.tree, "psci");
		fdt_property_string(fake_arm64.tree, "compatible", fake_arm64.psci);
		if (fake_arm64.conduit)
			fdt_property_string(fake_arm64.tree, "method", fake_arm64.conduit);
		fdt_end_node(fake_arm64.tree);
	}
	if (fake_arm64.batn)
		put_area();
	fdt_end_node(fake_arm64.tree);
	assert_int_equal(fdt_finish(fake_arm64.tree), 0);
	/* As large as its memory, so that the sanitizer sees a step too far. */
	fake_arm64.tree_size = fdt_totalsize(fake_arm64.tree);
	fake_arm64.tree = realloc(fake_arm64.tree, fake_arm64.tree_size);
	assert_non_null(fake_arm64.tree);
}

int fake_arm64_find(void)
{
	fake_arm64_tree();
	return baton_find_devicetree(&fake_arm64.machine, fake_arm64.tree, fake_arm64.tree_size);
}

static void run(struct baton_machine *machine, struct baton_cpu *cpu)
{
	(void)machine;
	(void)cpu;
}

void fake_arm64_machine(void)
{
	const struct baton_start start = {.page = BOARD_PAGE, .root = BOARD_ROOT, .run = run};

	assert_int_equal(fake_arm64_find(), 0);
	assert_int_equal(baton_prepare(&fake_arm64.machine, &start), 0);
	assert_int_equal(baton_exit_build(&fake_arm64.machine, NULL), 0);
	for (unsigned i = 0; i < fake_arm64.ncpus; i++) {
		fake_arm64.cpu[i].stack = fake_arm64.stack[i] + sizeof(fake_arm64.stack[i]);
		fake_arm64.cpu[i].registers = &fake_arm64.registers[i];
	}
}

bool fake_arm64_comes_up(uint64_t mpidr)
{
	uint64_t self = fake_arm64.self;
	struct baton_cpu *cpu;

	fake_arm64.self = mpidr;
	cpu = baton_enter(&fake_arm64.machine);
	if (cpu)
		assert_int_equal(baton_online(&fake_arm64.machine, cpu), 0);
	fake_arm64.self = self;
	return cpu;
}

int fake_arm64_die(uint64_t mpidr)
{
	volatile uint64_t self = fake_arm64.self;
	int error = 0;

	fake_arm64.self = mpidr;
	if (!setjmp(fake_arm64.left))
		error = baton_die(&fake_arm64.machine);
	fake_arm64.self = self;
	return error;
}

bool fake_arm64_take_nmi(uint64_t mpidr)
{
	volatile uint64_t self = fake_arm64.self;
	volatile bool taken = true;

	fake_arm64.self = mpidr;
	if (!setjmp(fake_arm64.left))
		taken = baton_nmi(&fake_arm64.machine, NULL);
	fake_arm64.self = self;
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
	void *pointer =
		at(address, length, BOARD_RELEASE(0), fake_arm64.words, sizeof(fake_arm64.words));

	if (!fake_arm64.maps_left)
		return NULL;
	if (!pointer)
		pointer = at(address, length, BOARD_HELD(0), fake_arm64.held_words,
			     sizeof(fake_arm64.held_words));
	if (!pointer)
		pointer = at(address, length, BOARD_BATN, fake_arm64.batn_table,
			     sizeof(fake_arm64.batn_table));
	if (pointer)
		assert_int_equal(kind, BATON_MEMORY_UNCACHED);
	else
		pointer = at(address, length, BOARD_PAGE, fake_arm64.page, sizeof(fake_arm64.page));
	if (pointer) {
		fake_arm64.maps_left -= fake_arm64.maps_left > 0;
		fake_arm64.maps++;
	}
	return pointer;
}

void baton_port_unmap(void *pointer, size_t length)
{
	(void)pointer;
	(void)length;
	fake_arm64.maps--;
	assert_true(fake_arm64.maps >= 0);
}

uint64_t baton_port_physical(const void *pointer)
{
	return (uintptr_t)pointer - (fake_arm64.identity ? 0 : BOARD_ALIAS);
}

uint64_t baton_port_time_us(void)
{
	return fake_arm64.now;
}

void baton_port_relax(void)
{
	fake_arm64.now += BOARD_STEP_US;
	if (fake_arm64.step)
		fake_arm64.step();
}

void baton_port_flush(const volatile void *pointer, size_t length)
{
	(void)pointer;
	(void)length;
}

uint64_t baton_port_cpu_id(void)
{
	return fake_arm64.self;
}

void baton_port_print(const char *line)
{
	fake_arm64.prints++;
	snprintf(fake_arm64.printed, sizeof(fake_arm64.printed), "%s", line);
}

/* libbaton/arm64/cpu.c and what is in assembly. */

void baton_entry(void)
{
}

unsigned arm64_level(void)
{
	return fake_arm64.level;
}

bool arm64_read_registers(struct idmap_data *data)
{
	data->level = fake_arm64.level;
	data->sctlr = !fake_arm64.mmu_off;
	return !fake_arm64.mmu_off;
}

uint64_t arm64_call(uint32_t conduit, uint64_t function, uint64_t a, uint64_t b, uint64_t c)
{
	fake_arm64.conduit_seen = conduit;
	assert_non_null(fake_arm64.call);
	return fake_arm64.call(function, a, b, c);
}

void arm64_send_event(void)
{
	fake_arm64.events++;
}

void arm64_drop_instructions(void)
{
	fake_arm64.drops++;
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
	fake_arm64.quiets++;
}

void arch_leave(struct baton_machine *machine, struct baton_cpu *cpu)
{
	fake_arm64.left_return = cpu->return_address;
	fake_arm64.left_root = machine->exit.root;
	fake_arm64.left_code = machine->exit.code;
	longjmp(fake_arm64.left, 1);
}

void arch_halt(void)
{
	fake_arm64.left_code = 1;
	longjmp(fake_arm64.left, 1);
}

void arch_read_registers(struct baton_registers *registers)
{
	memset(registers, 0x5a, sizeof(*registers));
}

uint64_t arch_interrupts_off(void)
{
	bool on = fake_arm64.interrupts;

	fake_arm64.interrupts = false;
	return on;
}

void arch_interrupts_restore(uint64_t flags)
{
	fake_arm64.interrupts = flags;
}
