/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * stage/x86_64/bzimage/e820.c: finding room in a memory map, and reserving it.  After each
 * reservation every byte is looked at as Linux does: the highest type of all
 * entries that have it.
 */
#include "unit.h"

#include "stage/x86_64/bzimage/e820.h"
#include <string.h>

#define MIB (1ull << 20)
#define GIB (1ull << 30)
#define BELOW_4G (4 * GIB)

static struct boot_params params;
static struct e820 map;
static struct e820_more more;

#define MORE_ADDRESS 0x12340000

static void start(const struct boot_e820_entry *entries, unsigned n)
{
	memset(&params, 0, sizeof(params));
	memcpy(params.e820_table, entries, n * sizeof(*entries));
	params.e820_entries = n;
	params.hdr.setup_data = 0x777000;
	memset(&more, 0xee, sizeof(more));
	assert_true(e820_start(&map, &params));
}

#define START(...)                                                                                 \
	do {                                                                                       \
		const struct boot_e820_entry list_[] = {__VA_ARGS__};                              \
		start(list_, sizeof(list_) / sizeof(list_[0]));                                    \
	} while (0)

/* As q35 with 1 GiB has it, more or less. */
#define USUAL                                                                                      \
	{0, 0x9fc00, E820_RAM}, {0x9fc00, 0x400, E820_RESERVED},                                   \
		{0xf0000, 0x10000, E820_RESERVED}, {MIB, 1023 * MIB - 0x20000, E820_RAM},          \
		{GIB - 0x20000, 0x20000, E820_RESERVED}, {0xb0000000, 0x10000000, E820_RESERVED},  \
	{                                                                                          \
		BELOW_4G, 2 * GIB, E820_RAM                                                        \
	}

/* What Linux makes of @address: 0 is a hole. */
static uint32_t type_at(uint64_t address)
{
	uint32_t type = 0;

	for (unsigned i = 0; i < params.e820_entries; i++) {
		const struct boot_e820_entry *e = &params.e820_table[i];

		if (e->address <= address && address - e->address < e->size && e->type > type)
			type = e->type;
	}
	for (unsigned i = 0; params.hdr.setup_data == MORE_ADDRESS &&
			     i < more.header.length / sizeof(struct boot_e820_entry);
	     i++) {
		const struct boot_e820_entry *e = &more.entry[i];

		if (e->address <= address && address - e->address < e->size && e->type > type)
			type = e->type;
	}
	return type;
}

/* Nothing but [@start, @start + @size) has changed, and that is reserved. */
static void check_reserved(uint64_t start_, uint64_t size, uint64_t from, uint64_t to)
{
	assert_int_equal(type_at(start_), E820_RESERVED);
	assert_int_equal(type_at(start_ + size - 1), E820_RESERVED);
	assert_int_equal(type_at(start_ + size / 2), E820_RESERVED);
	if (start_ > from)
		assert_int_equal(type_at(start_ - 1), E820_RAM);
	if (start_ + size < to)
		assert_int_equal(type_at(start_ + size), E820_RAM);
	assert_int_equal(type_at(from), start_ == from ? E820_RESERVED : E820_RAM);
	assert_int_equal(type_at(to - 1), start_ + size == to ? E820_RESERVED : E820_RAM);
	assert_true(e820_keeps(&map, start_, size));
}

static void finds_the_highest_place(void **state)
{
	(void)state;
	START(USUAL);
	assert_int_equal(e820_find(&map, 0x10000, 16 * MIB, BELOW_4G, NULL, 0), GIB - 0x30000);
	assert_int_equal(e820_find(&map, 0x10000, MIB, 16 * MIB, NULL, 0), 16 * MIB - 0x10000);
	assert_int_equal(e820_find(&map, 0x1000, 0x1000, 0xa0000, NULL, 0), 0x9e000);
	assert_int_equal(e820_find(&map, GIB, MIB, BELOW_4G, NULL, 0), 0);
	assert_int_equal(e820_find(&map, 1023 * MIB - 0x20000, MIB, BELOW_4G, NULL, 0), MIB);
	assert_int_equal(e820_find(&map, 0x1234, MIB, BELOW_4G, NULL, 0), 0);
	assert_int_equal(e820_find(&map, 0, MIB, BELOW_4G, NULL, 0), 0);
	assert_int_equal(e820_end(&map), 6 * GIB);
}

/* kexec loads from the top: initrd, command line, boot_params, kernel. */
static void goes_below_what_is_used(void **state)
{
	const struct range used[] = {
		{0x3f000000, 0x3ffd8000},    /* the initrd at the top of memory */
		{0x3ffd8000, 0x3ffdf123},    /* the rest to the end of RAM */
		{0x3effe800, 0x3effe801},    /* a single byte in the page below */
		{0x3ef00000, 0x3effe000},    /* and the kernel */
		{0xffffffff00000000, -1ull}, /* somewhere else */
	};

	(void)state;
	START(USUAL);
	assert_int_equal(e820_find(&map, 0x1000, MIB, BELOW_4G, used, 5), 0x3efff000);
	assert_int_equal(e820_find(&map, 0x2000, MIB, BELOW_4G, used, 5), 0x3ef00000 - 0x2000);
	assert_int_equal(e820_find(&map, 0x2000, 0x3eeff000, BELOW_4G, used, 5), 0);
	/* What is found begins at a page, whatever it ends below. */
	assert_int_equal(e820_find(&map, 0x2000, MIB, BELOW_4G, used, 3), 0x3effc000);
}

static void ram_that_is_something_else_too_is_none(void **state)
{
	(void)state;
	START({MIB, GIB, E820_RAM}, {512 * MIB, GIB, E820_ACPI}, {256 * MIB, MIB, 77});
	assert_int_equal(e820_find(&map, MIB, MIB, BELOW_4G, NULL, 0), 511 * MIB);
	assert_int_equal(e820_find(&map, 300 * MIB, MIB, BELOW_4G, NULL, 0), 0);
	assert_int_equal(e820_find(&map, 255 * MIB, MIB, BELOW_4G, NULL, 0), 257 * MIB);
	/* What begins at address 0, too. */
	START({0, 2 * GIB, E820_RESERVED}, {MIB, GIB, E820_RAM});
	assert_int_equal(e820_find(&map, MIB, MIB, BELOW_4G, NULL, 0), 0);
	START({0, 2 * MIB, E820_RESERVED}, {MIB, 2 * MIB, E820_RAM});
	assert_int_equal(e820_find(&map, MIB, MIB, BELOW_4G, NULL, 0), 2 * MIB);
	assert_int_equal(e820_find(&map, 2 * MIB, MIB, BELOW_4G, NULL, 0), 0);
}

static void odd_entries(void **state)
{
	(void)state;
	START({MIB + 1, 2 * MIB - 2, E820_RAM}, {5 * MIB, 0, E820_RAM}, {-4096ull, 8192, E820_RAM});
	assert_int_equal(e820_find(&map, 4096, MIB, BELOW_4G, NULL, 0), 3 * MIB - 8192);
	assert_int_equal(e820_find(&map, 2 * MIB - 8192, MIB, BELOW_4G, NULL, 0), MIB + 4096);
	assert_int_equal(e820_find(&map, 2 * MIB - 4096, MIB, BELOW_4G, NULL, 0), 0);
	assert_true(e820_holds(&map, -4096ull, 4095)); /* cut off where it would wrap */
	assert_false(e820_holds(&map, -4096ull, 8192));
}

static void map_of_impossible_size(void **state)
{
	(void)state;
	memset(&params, 0, sizeof(params));
	assert_false(e820_start(&map, &params));
	params.e820_entries = 129;
	assert_false(e820_start(&map, &params));
	params.e820_entries = 128;
	assert_true(e820_start(&map, &params));
	assert_true(e820_add(&map, params.e820_table, E820_MAX - 128));
	assert_false(e820_add(&map, params.e820_table, 1));
}

static void holds_and_keeps(void **state)
{
	(void)state;
	START({3 * MIB, MIB, E820_NVS}, {0, MIB, E820_RAM}, {2 * MIB, MIB, E820_RESERVED},
	      {MIB, MIB, E820_RAM}, {5 * MIB, MIB, E820_ACPI}, {5 * MIB, 2 * MIB, E820_RESERVED});
	assert_true(e820_holds(&map, 0, 4 * MIB));
	assert_false(e820_holds(&map, 0, 4 * MIB + 1));
	assert_false(e820_holds(&map, -1ull, 2));
	assert_true(e820_holds(&map, 7 * MIB, 0));
	assert_true(e820_keeps(&map, 2 * MIB, 2 * MIB));
	assert_false(e820_keeps(&map, 2 * MIB - 1, 2 * MIB));
	assert_false(e820_keeps(&map, 3 * MIB, 2 * MIB));
	assert_false(e820_keeps(&map, 5 * MIB, 4096)); /* ACPI tables: Linux takes it in the end */
	assert_true(e820_keeps(&map, 6 * MIB, 4096));
}

static void reserve_at_the_end(void **state)
{
	(void)state;
	START({MIB, 15 * MIB, E820_RAM});
	assert_true(e820_reserve(&map, 15 * MIB, MIB, E820_RESERVED, &more, MORE_ADDRESS));
	assert_int_equal(params.e820_entries, 2);
	check_reserved(15 * MIB, MIB, MIB, 16 * MIB);
	assert_int_equal(params.hdr.setup_data, 0x777000);
}

static void reserve_at_the_start(void **state)
{
	(void)state;
	START({MIB, 15 * MIB, E820_RAM});
	assert_true(e820_reserve(&map, MIB, MIB, E820_RESERVED, &more, MORE_ADDRESS));
	assert_int_equal(params.e820_entries, 2);
	check_reserved(MIB, MIB, MIB, 16 * MIB);
}

static void reserve_in_the_middle(void **state)
{
	(void)state;
	START({MIB, 15 * MIB, E820_RAM});
	assert_true(e820_reserve(&map, 5 * MIB, MIB, E820_RESERVED, &more, MORE_ADDRESS));
	assert_int_equal(params.e820_entries, 3);
	check_reserved(5 * MIB, MIB, MIB, 16 * MIB);
}

static void reserve_all(void **state)
{
	(void)state;
	START({MIB, 15 * MIB, E820_RAM}, {64 * MIB, MIB, E820_RAM});
	assert_true(e820_reserve(&map, MIB, 15 * MIB, E820_RESERVED, &more, MORE_ADDRESS));
	check_reserved(MIB, 15 * MIB, MIB, 16 * MIB);
	assert_int_equal(e820_find(&map, 4096, 4096, BELOW_4G, NULL, 0), 65 * MIB - 4096);
}

/* A reserved neighbour takes it in: no entry more, on either side. */
static void reserve_beside_reserved(void **state)
{
	(void)state;
	START(USUAL);
	assert_true(e820_reserve(&map, GIB - 0x30000, 0x10000, E820_RESERVED, NULL, 0));
	assert_int_equal(params.e820_entries, 7);
	check_reserved(GIB - 0x30000, 0x30000, MIB, GIB);

	START({MIB, MIB, E820_RESERVED}, {2 * MIB, 2 * MIB, E820_RAM});
	assert_true(e820_reserve(&map, 2 * MIB, MIB, E820_RESERVED, NULL, 0));
	assert_int_equal(params.e820_entries, 2);
	check_reserved(2 * MIB, MIB, 2 * MIB, 4 * MIB);
}

/* As ACPI NVS: what is reserved beside it does not take it in. */
static void reserve_as_nvs(void **state)
{
	(void)state;
	START({MIB, MIB, E820_RESERVED}, {2 * MIB, 2 * MIB, E820_RAM}, {4 * MIB, MIB, E820_NVS});
	assert_true(e820_reserve(&map, 2 * MIB, MIB, E820_NVS, NULL, 0));
	assert_int_equal(params.e820_entries, 4);
	assert_int_equal(type_at(2 * MIB), E820_NVS);
	assert_int_equal(type_at(3 * MIB - 1), E820_NVS);
	assert_int_equal(type_at(2 * MIB - 1), E820_RESERVED);
	assert_int_equal(type_at(3 * MIB), E820_RAM);
	assert_true(e820_reserve(&map, 3 * MIB, MIB, E820_NVS, NULL, 0));
	assert_int_equal(params.e820_entries, 4);
	assert_true(e820_keeps(&map, MIB, 4 * MIB));
}

/* @n entries, of which the last is RAM from 1 GiB to 2 GiB; none touches another. */
static void start_with(unsigned n)
{
	struct boot_e820_entry entries[128];

	for (unsigned i = 0; i < n; i++)
		entries[i] = (struct boot_e820_entry){i * 2 * MIB, MIB,
						      i % 2 ? E820_RESERVED : E820_RAM};
	entries[n - 1] = (struct boot_e820_entry){GIB, GIB, E820_RAM};
	start(entries, n);
}

static void reserve_with_a_full_map(void **state)
{
	(void)state;
	start_with(128);
	assert_false(e820_reserve(&map, GIB + 4 * MIB, MIB, E820_RESERVED, NULL, 0));
	assert_int_equal(type_at(GIB + 4 * MIB), E820_RAM); /* nothing has changed */
	assert_int_equal(params.e820_entries, 128);
	assert_int_equal(params.e820_table[127].size, GIB);

	assert_true(e820_reserve(&map, GIB + 4 * MIB, MIB, E820_RESERVED, &more, MORE_ADDRESS));
	assert_int_equal(params.e820_entries, 128);
	assert_int_equal(params.hdr.setup_data, MORE_ADDRESS);
	assert_int_equal(more.header.next, 0x777000);
	assert_int_equal(more.header.type, 1);
	assert_int_equal(more.header.length, 2 * sizeof(struct boot_e820_entry));
	check_reserved(GIB + 4 * MIB, MIB, GIB, 2 * GIB);
}

static void reserve_with_one_entry_left(void **state)
{
	(void)state;
	start_with(127);
	assert_false(e820_reserve(&map, GIB + 4 * MIB, MIB, E820_RESERVED, NULL, 0));
	assert_int_equal(params.e820_table[126].size, GIB);
	assert_true(e820_reserve(&map, GIB + 4 * MIB, MIB, E820_RESERVED, &more, MORE_ADDRESS));
	assert_int_equal(params.e820_entries, 128);
	assert_int_equal(more.header.length, sizeof(struct boot_e820_entry));
	check_reserved(GIB + 4 * MIB, MIB, GIB, 2 * GIB);

	start_with(127);
	assert_true(e820_reserve(&map, 2 * GIB - MIB, MIB, E820_RESERVED, NULL, 0));
	assert_int_equal(params.e820_entries, 128);
	assert_int_equal(params.hdr.setup_data, 0x777000);
	check_reserved(2 * GIB - MIB, MIB, GIB, 2 * GIB);
}

/* Where another entry says RAM of the same memory, that is cut too. */
static void reserve_where_ram_overlaps(void **state)
{
	(void)state;
	START({MIB, 15 * MIB, E820_RAM}, {4 * MIB, 28 * MIB, E820_RAM});
	assert_true(e820_reserve(&map, 8 * MIB, MIB, E820_RESERVED, &more, MORE_ADDRESS));
	check_reserved(8 * MIB, MIB, MIB, 32 * MIB);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_the_highest_place),
		cmocka_unit_test(goes_below_what_is_used),
		cmocka_unit_test(ram_that_is_something_else_too_is_none),
		cmocka_unit_test(odd_entries),
		cmocka_unit_test(map_of_impossible_size),
		cmocka_unit_test(holds_and_keeps),
		cmocka_unit_test(reserve_at_the_end),
		cmocka_unit_test(reserve_at_the_start),
		cmocka_unit_test(reserve_in_the_middle),
		cmocka_unit_test(reserve_all),
		cmocka_unit_test(reserve_beside_reserved),
		cmocka_unit_test(reserve_as_nvs),
		cmocka_unit_test(reserve_with_a_full_map),
		cmocka_unit_test(reserve_with_one_entry_left),
		cmocka_unit_test(reserve_where_ram_overlaps),
	};

	return cmocka_run_group_tests_name("e820", tests, NULL, NULL);
}
