/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * lib/reader.c: a good copy of the BATN table is read as it was written, by
 * this version or a later one with larger records; every other is refused.
 */
#include "unit.h"

#include <baton/acpi.h>
#include <baton/reader.h>
#include "area/ledger.h"
#include <stdlib.h>
#include <string.h>

#define NCPUS 3
#define ROOM 5

static struct baton_table *table;
static uint32_t record_size, size;

static void build(uint32_t records_of)
{
	struct acpi_header *header;
	struct baton_entry *empty;

	record_size = records_of;
	size = BATON_TABLE_HEADER_SIZE + NCPUS * record_size + ROOM * sizeof(struct baton_entry);
	free(table);
	table = calloc(1, size);
	assert_non_null(table);
	header = (struct acpi_header *)table->acpi_header;
	memcpy(header->signature, BATON_TABLE_SIGNATURE, 4);
	header->length = size;
	table->version = BATON_TABLE_VERSION;
	table->record_size = record_size;
	table->ncpus = NCPUS;
	table->held = table->wait = table->entries_written = baton_count_of(0);
	for (uint32_t i = 0; i < NCPUS; i++) {
		uint8_t *record = (uint8_t *)table + BATON_TABLE_HEADER_SIZE + i * record_size;
		uint64_t *count = (uint64_t *)(record + 8);

		memcpy(record, &(uint32_t){10 + i}, 4);
		for (uint32_t n = 0; n < (record_size - 8) / 8; n++)
			count[n] = baton_count_of(100 * i + n);
	}
	empty = (struct baton_entry *)((uint8_t *)table + size) - ROOM;
	for (unsigned i = 0; i < ROOM; i++)
		empty[i] = (struct baton_entry){
			.sequence = baton_count_of(0),
			.not_time = UINT64_MAX,
			.not_vector = UINT64_MAX,
			.not_what = UINT64_MAX,
			.check = baton_count_of(0),
		};
	acpi_set_checksum(header);
}

static int good_table(void **state)
{
	(void)state;
	build(BATON_CPU_RECORD_SIZE);
	return 0;
}

static int free_table(void **state)
{
	(void)state;
	free(table);
	table = NULL;
	return 0;
}

static void sum_up(void)
{
	struct acpi_header *header = (struct acpi_header *)table->acpi_header;
	uint8_t sum = 0;

	header->checksum = 0;
	for (uint32_t i = 0; i < size; i++)
		sum += ((const uint8_t *)table)[i];
	header->checksum = -sum;
}

static void assert_refused(const char *why)
{
	const char *error = baton_table_check(table, size);

	assert_non_null(error);
	if (!strstr(error, why))
		fail_msg("'%s', and not for '%s'", error, why);
}

static void good(void **state)
{
	(void)state;
	assert_null(baton_table_check(table, size));
	assert_null(baton_table_check(table, size + 1000)); /* others may follow */
	assert_int_equal(baton_table_room(table), ROOM);
	for (uint32_t i = 0; i < NCPUS; i++) {
		assert_int_equal(baton_table_record(table, i)->apic_id, 10 + i);
		assert_int_equal(baton_count_value(baton_table_record(table, i)->returns),
				 100 * i + 2);
	}
}

static void larger_records(void **state)
{
	(void)state;
	build(BATON_CPU_RECORD_SIZE + 64);
	good(state);
	build(BATON_CPU_RECORD_SIZE + 8);
	assert_refused("records");
	build(BATON_CPU_RECORD_SIZE - 64);
	assert_refused("records");
}

static void cut_anywhere(void **state)
{
	(void)state;
	for (uint32_t n = 0; n < size; n++) {
		struct baton_table *copy = malloc(n ? n : 1); /* for the address sanitizer */

		memcpy(copy, table, n);
		assert_non_null(baton_table_check(copy, n));
		free(copy);
	}
}

static void wrong_length(void **state)
{
	struct acpi_header *header = (struct acpi_header *)table->acpi_header;
	uint32_t right = header->length;

	(void)state;
	for (uint32_t length = 0; length < right + 128; length++) {
		header->length = length;
		sum_up();
		if (length != right && length != right - 64 && length != right - 128 &&
		    length != right - 192 && length != right - 256 && length != right - 320)
			assert_refused("length");
	}
	header->length = UINT32_MAX;
	assert_refused("length");
}

static void wrong_header(void **state)
{
	static const uint32_t wrong[] = {0, 4097, 0x02000000, UINT32_MAX};

	(void)state;
	for (unsigned i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		table->ncpus = wrong[i];
		sum_up();
		assert_refused("number of CPUs");
	}
	good_table(state);
	table->version = 2;
	sum_up();
	assert_refused("version");
	good_table(state);
	table->acpi_header[3] = 'X';
	sum_up();
	assert_refused("signature");
	good_table(state);
	table->map_end ^= 1;
	assert_refused("checksum");
}

/* Every count, and with the sum right: half of one and half of another. */
static void torn_counts(void **state)
{
	baton_count *of_table[] = {&table->held, &table->wait, &table->entries_written};

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		*of_table[i] ^= 1;
		sum_up();
		assert_refused("torn");
		*of_table[i] ^= 1;
	}
	for (unsigned cpu = 0; cpu < NCPUS; cpu++) {
		uint8_t *record = (uint8_t *)&table->cpu[cpu];
		uint64_t *count = (uint64_t *)(record + offsetof(struct baton_cpu_record, state));

		for (unsigned i = 0; i < 11; i++) {
			count[i] ^= 1ull << 40;
			sum_up();
			assert_refused("torn");
			count[i] ^= 1ull << 40;
		}
	}
	sum_up();
	assert_null(baton_table_check(table, size));
}

static void entries(void **state)
{
	struct baton_event event;

	(void)state;
	assert_int_equal(baton_table_first_entry(table), baton_table_end_of_entries(table));
	for (uint32_t n = 0; n < 3 * ROOM; n++) {
		ledger_write(table, 1000 + n, 0x9a000 + n,
			     baton_what(10 + n % NCPUS, BATON_EVENT_RELEASE, n + 4096, n));
		assert_null(baton_table_check(table, size));
		assert_int_equal(baton_table_end_of_entries(table), n + 1);
		assert_int_equal(baton_table_first_entry(table), n < ROOM ? 0 : n + 1 - ROOM);
		for (uint32_t i = baton_table_first_entry(table); i <= n; i++) {
			assert_int_equal(baton_table_entry(table, i, &event), BATON_ENTRY_WHOLE);
			assert_int_equal(event.sequence, i + 1);
			assert_int_equal(event.time, 1000 + i);
			assert_int_equal(event.vector, 0x9a000 + i);
			assert_int_equal(event.apic_id, 10 + i % NCPUS);
			assert_int_equal(event.what, BATON_EVENT_RELEASE);
			assert_int_equal(event.nmis, i);
			assert_int_equal(event.machine_checks, i);
		}
	}
	assert_int_equal(baton_table_entry(table, 2 * ROOM - 1, &event), BATON_ENTRY_LOST);
	assert_int_equal(baton_table_entry(table, 3 * ROOM, &event), BATON_ENTRY_LOST);
	baton_ledger(table)[1].time++;
	assert_int_equal(baton_table_entry(table, 2 * ROOM + 1, &event), BATON_ENTRY_TORN);
	assert_int_equal(event.sequence, 2 * ROOM + 2);
}

static void numbers_begin_anew(void **state)
{
	struct baton_event event;

	(void)state;
	table->entries_written = baton_count_of(UINT32_MAX);
	ledger_write(table, UINT32_MAX, 0, baton_what(10, BATON_EVENT_TEST, 0, 0));
	assert_int_equal(baton_table_entry(table, UINT32_MAX, &event), BATON_ENTRY_WHOLE);
	assert_int_equal(event.time, UINT32_MAX);
	assert_int_equal(event.sequence, 1);
}

static void no_room(void **state)
{
	struct acpi_header *header = (struct acpi_header *)table->acpi_header;

	(void)state;
	header->length = size - ROOM * sizeof(struct baton_entry);
	table->entries_written = baton_count_of(77);
	acpi_set_checksum(header);
	assert_null(baton_table_check(table, size));
	assert_int_equal(baton_table_room(table), 0);
	assert_int_equal(baton_table_first_entry(table), baton_table_end_of_entries(table));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(good, good_table, free_table),
		cmocka_unit_test_setup_teardown(larger_records, good_table, free_table),
		cmocka_unit_test_setup_teardown(cut_anywhere, good_table, free_table),
		cmocka_unit_test_setup_teardown(wrong_length, good_table, free_table),
		cmocka_unit_test_setup_teardown(wrong_header, good_table, free_table),
		cmocka_unit_test_setup_teardown(torn_counts, good_table, free_table),
		cmocka_unit_test_setup_teardown(entries, good_table, free_table),
		cmocka_unit_test_setup_teardown(numbers_begin_anew, good_table, free_table),
		cmocka_unit_test_setup_teardown(no_room, good_table, free_table),
	};

	return cmocka_run_group_tests_name("reader", tests, NULL, NULL);
}
