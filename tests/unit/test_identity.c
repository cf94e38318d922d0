/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* stage/x86_64/bzimage/identity.c: the page tables that a wrapped kernel starts on. */
#include "unit.h"

#include <string.h>

/* The tables are static, and each test needs them as they are at first. */
#include "stage/x86_64/bzimage/identity.c"

#define TIB (1ull << 40)
#define E820_RAM 1

uint8_t bzimage_blob[4096] __attribute__((aligned(4096)));
const struct baton_wrap bzimage_info = {.stage_size = 0x200000};

static uint64_t cr3, cr4;

uint64_t bzimage_read_cr4(void)
{
	return cr4;
}

void bzimage_write_cr3(uint64_t value)
{
	cr3 = value;
}

static struct boot_params params;

static int start_anew(void **state)
{
	(void)state;
	memset(pml5, 0, sizeof(pml5));
	memset(pml4, 0, sizeof(pml4));
	memset(tables, 0, sizeof(tables));
	tables_used = 0;
	cr3 = cr4 = 0;
	memset(&params, 0, sizeof(params));
	params.hdr.init_size = 0x3000000;
	params.hdr.cmdline_size = 2047;
	return 0;
}

static void add(uint64_t address, uint64_t size, uint32_t type)
{
	params.e820_table[params.e820_entries++] = (struct boot_e820_entry){address, size, type};
}

/* As the processor walks them: where @address leads, or ~0. */
static uint64_t walk(uint64_t address)
{
	const uint64_t *table = (const uint64_t *)cr3;

	if (cr4 & CR4_LA57)
		table = (const uint64_t *)(table[address >> 48 & 511] & TABLE_ADDRESS);
	for (int shift = 39; table && shift >= 21; shift -= 9) {
		uint64_t entry = table[address >> shift & 511];

		if (!(entry & PRESENT))
			return ~0ull;
		assert_true(entry & WRITABLE);
		if (entry & LARGE) {
			assert_true(shift < 39);
			return (entry & TABLE_ADDRESS & -(1ull << shift)) |
			       (address & ((1ull << shift) - 1));
		}
		table = (const uint64_t *)(entry & TABLE_ADDRESS);
	}
	return ~0ull;
}

static void mapped(uint64_t address, uint64_t length)
{
	for (uint64_t at = address; at < address + length; at += length / 61 + 1)
		assert_int_equal(walk(at), at);
	assert_int_equal(walk(address + length - 1), address + length - 1);
}

static void what_is_needed(void **state)
{
	(void)state;
	for (int big = 0; big < 2; big++) {
		start_anew(NULL);
		params.ext_cmd_line_ptr = 0x50;
		params.hdr.cmd_line_ptr = 0x12345678;
		params.efi_systab_hi = 0x60;
		assert_true(identity_start(&params, big));
		mapped(0, 4 * GIB);
		mapped((uint64_t)&params, sizeof(params));
		mapped((uint64_t)bzimage_blob, 0x200000 + 0x3000000);
		mapped(0x5012345678, 2048);
		assert_int_equal(walk(0x7000000000), ~0ull);
	}
	params.efi_systab = 0x1000;
	start_anew(NULL);
	params.efi_systab = 0x1000;
	params.efi_systab_hi = 0x60;
	assert_true(identity_start(&params, false));
	mapped(0x6000001000, 0x1000);
}

static void memory_map(void **state)
{
	(void)state;
	add(0, 0x9fc00, E820_RAM);
	add(4 * GIB, 9 * GIB + 0x1234000, E820_RAM);
	add(20 * GIB + 0x300000, 0x1000, 3); /* ACPI tables */
	add(30 * GIB, GIB, E820_RESERVED);
	for (int five = 0; five < 2; five++) {
		cr4 = five ? CR4_LA57 : 0;
		assert_true(identity_start(&params, five));
		mapped(4 * GIB, 9 * GIB + 0x1234000);
		mapped(20 * GIB + 0x300000, 0x1000);
		assert_int_equal(walk(30 * GIB), ~0ull);
	}
}

/* Much memory takes pages of 1 GiB; without them it is said that there is no room. */
static void much_memory(void **state)
{
	(void)state;
	add(4 * GIB + 0x200000, 6 * TIB - 4 * GIB, E820_RAM);
	assert_true(identity_start(&params, true));
	mapped(4 * GIB + 0x200000, 6 * TIB - 4 * GIB);
	start_anew(NULL);
	add(4 * GIB, TIB, E820_RAM);
	assert_false(identity_start(&params, false));
	assert_int_equal(cr3, 0);
}

/* More pieces than there are tables: the whole GiB around each. */
static void many_pieces(void **state)
{
	(void)state;
	for (uint64_t i = 0; i < 100; i++)
		add((5 + i) * GIB + 0x600000, 0x200000, E820_RAM);
	assert_true(identity_start(&params, true));
	for (uint64_t i = 0; i < 100; i++)
		mapped((5 + i) * GIB + 0x600000, 0x200000);
	start_anew(NULL);
	for (uint64_t i = 0; i < 100; i++)
		add((5 + i) * GIB + 0x600000, 0x200000, E820_RAM);
	assert_false(identity_start(&params, false));
}

static void impossible(void **state)
{
	static const uint64_t ranges[][2] = {
		{0xfffffffffffff000, 0x2000},
		{0x1000, ~0ull},
		{1ull << 47, 0x1000},
		{4 * GIB, 1ull << 47},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
		start_anew(NULL);
		add(ranges[i][0], ranges[i][1], E820_RAM);
		assert_false(identity_start(&params, true));
	}
	start_anew(NULL);
	params.e820_entries = 129;
	assert_false(identity_start(&params, true));
	assert_int_equal(cr3, 0);
}

/* A page fault maps what was touched, unless it was there already. */
static void faults(void **state)
{
	(void)state;
	assert_true(identity_start(&params, true));
	assert_int_equal(walk(0x5555512345), ~0ull);
	assert_true(identity_fault(0x5555512345));
	mapped(0x5555400000, 0x200000);
	assert_false(identity_fault(0x5555512345));
	assert_false(identity_fault(0x1000));
	assert_false(identity_fault(1ull << 47));
	assert_false(identity_fault(~0ull));
	for (uint64_t i = 0; i < 100; i++)
		assert_true(identity_fault((1000 + i) * GIB));
	mapped(1099 * GIB, 0x200000);
	start_anew(NULL);
	assert_true(identity_start(&params, false));
	for (uint64_t i = 0; identity_fault((1000 + i) * GIB); i++)
		assert_true(i < TABLES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(what_is_needed, start_anew),
		cmocka_unit_test_setup(memory_map, start_anew),
		cmocka_unit_test_setup(much_memory, start_anew),
		cmocka_unit_test_setup(many_pieces, start_anew),
		cmocka_unit_test_setup(impossible, start_anew),
		cmocka_unit_test_setup(faults, start_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
