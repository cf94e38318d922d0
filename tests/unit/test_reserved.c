/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* cli/machine/reserved.c: where the area is, by a running board's /proc/device-tree. */
#include "unit.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/machine/reserved.h"

static char tree[] = "/tmp/baton-reserved.XXXXXX";

static void put(const char *name, const void *bytes, size_t length)
{
	char path[256];
	FILE *f;

	snprintf(path, sizeof(path), "%s/reserved-memory/%s", tree, name);
	f = fopen(path, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, length, f), length);
	fclose(f);
}

static void put_cells(const char *name, size_t n, const uint32_t *cell)
{
	uint8_t bytes[32];

	for (size_t i = 0; i < 4 * n; i++)
		bytes[i] = (uint8_t)(cell[i / 4] >> (24 - i % 4 * 8));
	put(name, bytes, 4 * n);
}

static int set_up(void **state)
{
	char path[256];

	(void)state;
	strcpy(tree + strlen(tree) - 6, "XXXXXX");
	assert_non_null(mkdtemp(tree));
	snprintf(path, sizeof(path), "%s/reserved-memory", tree);
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(path, sizeof(path), "%s/reserved-memory/baton@300000", tree);
	assert_int_equal(mkdir(path, 0700), 0);
	put_cells("baton@300000/baton,table", 1, (const uint32_t[]){0x11000});
	return 0;
}

static int tear_down(void **state)
{
	char command[256];

	(void)state;
	snprintf(command, sizeof(command), "rm -r %s", tree);
	return system(command);
}

static void cells(uint32_t address, uint32_t size)
{
	put_cells("#address-cells", 1, &address);
	put_cells("#size-cells", 1, &size);
}

/* Three cells, as on a Raspberry Pi 4: the address has two of them, or the size has. */
static void address_goes_by_the_parents_cells(void **state)
{
	const uint32_t three[] = {1, 0x300000, 0x20000}, other[] = {0x300000, 0, 0x20000};
	uint64_t address;

	(void)state;
	put_cells("baton@300000/reg", 3, three);
	cells(2, 1);
	assert_int_equal(reserved_find(tree, &address), 0x20000 - 0x11000);
	assert_int_equal(address, 0x100311000);
	put_cells("baton@300000/reg", 3, other);
	cells(1, 2);
	assert_int_equal(reserved_find(tree, &address), 0x20000 - 0x11000);
	assert_int_equal(address, 0x311000);
	cells(1, 1);
	assert_int_equal(reserved_find(tree, &address), 0);
	cells(3, 1);
	assert_int_equal(reserved_find(tree, &address), 0);
}

static void unavailable_area_is_none(void **state)
{
	uint64_t address;

	(void)state;
	cells(1, 1);
	put_cells("baton@300000/reg", 2, (const uint32_t[]){0x300000, 0x20000});
	assert_int_not_equal(reserved_find(tree, &address), 0);
	put("baton@300000/status", "disabled", 9);
	assert_int_equal(reserved_find(tree, &address), 0);
	put("baton@300000/status", "okay", 5);
	assert_int_not_equal(reserved_find(tree, &address), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(address_goes_by_the_parents_cells, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(unavailable_area_is_none, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("reserved", tests, NULL, NULL);
}
