/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* clang-format off */
/*
 * A reader's check of a BATN table of arbitrary bytes, and what it reads after that: docs/contract.md,
 * sections 8 and 9; include/baton/reader.h.
 *
 * Sources: lib/reader.c
 * Later: Proof check --unwind 5
 * Later: Proof sizes --unwind 3 --unwindset proof_sizes.0:12,memcmp.0:5
 * Later: Proof short --unwind 3 --unwindset memcmp.0:5
 * Later: Proof places --unwind 5
 * Proof: entry --unwind 5
 * Quick: entry
 * Later: Mutant short lib/reader.c s/size < BATON_TABLE_HEADER_SIZE/0/
 * Later: Mutant sizes lib/reader.c s/length_of(table) > size || //
 * Later: Mutant sizes lib/reader.c s/table->record_size % CACHE_LINE/0/
 * Later: Mutant check lib/reader.c s/length_of(table) < ledger_offset(table) ||//
 * Later: Mutant sizes lib/reader.c s/if (acpi_sum(table, length_of(table)))/if (0)/
 * Later: Mutant check lib/reader.c s/ baton_count_valid(cpu->wakes) \&\&//
 * Later: Mutant sizes lib/reader.c s/!baton_count_valid(table->held) ||//
 * Later: Mutant places lib/reader.c s/(size_t)index \* table->record_size/(size_t)index * BATON_CPU_RECORD_SIZE/
 * Later: Mutant places lib/reader.c s/written - baton_table_room(table) : 0/written : 0/
 * Mutant: entry lib/reader.c s/if (!baton_entry_whole(entry))/if (0)/
 * Mutant: entry lib/reader.c s/what >> 40 \& 0xfff/what >> 40/
 * Mutant: entry lib/reader.c s/number + 1 ? number + 1 : 1/number + 1/
 */
/* clang-format on */
#include "proof.h"
#include <baton/acpi.h>
#include <baton/reader.h>

#define CPUS 3
#define SIZE sizeof(memory)

/* At most three records, and at most four entries. */
static struct {
	struct baton_table table;
	struct baton_cpu_record record[CPUS];
	struct baton_entry entry[4];
} memory;
static struct baton_table *const table = &memory.table;
static size_t size;
static bool summed;
static uint8_t sum;

/* lib/acpi.c: it reads all of the bytes, and no other. */
uint8_t acpi_sum(const void *data, size_t length)
{
	PROVE("the whole table, which is there", data == table && length <= size);
	summed = true;
	sum = any8();
	return sum;
}

static uint32_t length(void)
{
	const uint8_t *bytes = (const uint8_t *)table;

	return bytes[4] | bytes[5] << 8 | bytes[6] << 16 | (uint32_t)bytes[7] << 24;
}

static void any_table(void)
{
	__CPROVER_havoc_object(&memory);
	size = any64();
	ASSUME_BOUND(size <= SIZE);
}

/* Arbitrary sizes of records; one CPU. */
void proof_sizes(void)
{
	const baton_count *count = &memory.record[0].state;

	any_table();
	ASSUME_CASE(table->ncpus <= 1);
	if (baton_table_check(table, size))
		return;
	PROVE("signature", ((char *)table)[0] == 'B' && ((char *)table)[1] == 'A' &&
				   ((char *)table)[2] == 'T' && ((char *)table)[3] == 'N');
	PROVE("version, checksum", table->version == 1 && summed && !sum);
	PROVE("records: of 128 at least, and a multiple of 64",
	      table->record_size >= 128 && table->record_size % 64 == 0 && table->ncpus >= 1);
	PROVE("length: with records and whole entries, and all there",
	      length() <= size && length() >= 128 + table->record_size &&
		      (length() - 128 - table->record_size) % 64 == 0);
	PROVE("all counts of the table", baton_count_valid(table->held) &&
						 baton_count_valid(table->wait) &&
						 baton_count_valid(table->entries_written));
	for (int i = 0; i < 11; i++)
		PROVE("all counts of the record", baton_count_valid(count[i]));
}

/* Too few bytes, and nothing behind them. */
void proof_short(void)
{
	static uint8_t bytes[BATON_TABLE_HEADER_SIZE - 1];

	__CPROVER_havoc_object(bytes);
	size = any64();
	ASSUME_BOUND(size < BATON_TABLE_HEADER_SIZE);
	PROVE("refused", baton_table_check((const void *)(bytes + sizeof(bytes) - size), size));
}

/* Any number of CPUs; records as this version has them. */
void proof_check(void)
{
	any_table();
	table->record_size = 128;
	if (baton_table_check(table, size))
		return;
	PROVE("length: with records and whole entries, and all there",
	      table->ncpus >= 1 && length() <= size && length() >= 128 + 128 * table->ncpus &&
		      table->ncpus <= 9);
	for (uint32_t i = 0; i < CPUS; i++)
		PROVE("counts of each record",
		      i >= table->ncpus || (baton_count_valid(memory.record[i].state) &&
					    baton_count_valid(memory.record[i].wakes) &&
					    baton_count_valid(memory.record[i].origin)));
}

/* What has passed proof_check(). */
static void good_table(void)
{
	__CPROVER_havoc_object(&memory);
	size = SIZE;
	ASSUME_CONTRACT("baton_table_check()",
			table->record_size == 128 || table->record_size == 192);
	ASSUME_CONTRACT("baton_table_check()", table->ncpus >= 1 && table->ncpus <= 2);
	ASSUME_CONTRACT("baton_table_check()",
			length() <= size && length() >= 128 + table->record_size * table->ncpus &&
				length() % 64 == 0);
}

static bool inside(const void *at, size_t bytes)
{
	return (const uint8_t *)at >= (uint8_t *)table &&
	       (const uint8_t *)at + bytes <= (uint8_t *)table + length();
}

void proof_places(void)
{
	uint32_t room, index = any32(), first, end, written;
	const struct baton_cpu_record *record;

	good_table();
	ASSUME_CONTRACT("reader.h: below ncpus", index < table->ncpus);
	record = baton_table_record(table, index);
	PROVE("a record, in its place",
	      (const uint8_t *)record == (uint8_t *)table + 128 + index * table->record_size);
	PROVE("inside of the table", inside(record, 128));
	room = baton_table_room(table);
	PROVE("the ledger's size", 128 + table->ncpus * table->record_size + room * 64 == length());
	written = (uint32_t)table->entries_written;
	first = baton_table_first_entry(table);
	end = baton_table_end_of_entries(table);
	PROVE("the last entries, as many as there is room for",
	      end == written && end - first == (written < room ? written : room));
}

/* An entry of arbitrary bytes. */
void proof_entry(void)
{
	uint32_t number = any32(), sequence = number == 0xffffffff ? 1 : number + 1;
	struct baton_event event;
	const struct baton_entry *entry;
	enum baton_entry_is is;

	table->record_size = 128;
	table->ncpus = CPUS;
	/* Room for one entry: which it is, is no question of arithmetic then. */
	((struct acpi_header *)table->acpi_header)->length = SIZE - 3 * sizeof(*entry);
	memory.entry[0] = (struct baton_entry){any64(), any64(), any64(), any64(),
					       any64(), any64(), any64(), any64()};
	entry = &memory.entry[0];
	is = baton_table_entry(table, number, &event);
	PROVE("which entry", event.sequence == sequence);
	if (is == BATON_ENTRY_TORN)
		return;
	/* That check is baton_entry_check() of the fields is left to tests/unit/test_ledger.c. */
	PROVE("sequence and check are counts, and sequence is not 0",
	      baton_count_valid(entry->sequence) && (uint32_t)entry->sequence &&
		      baton_count_valid(entry->check));
	PROVE("complements", entry->time == ~entry->not_time &&
				     entry->vector == ~entry->not_vector &&
				     entry->what == ~entry->not_what);
	PROVE("another's or its own",
	      is == ((uint32_t)entry->sequence == sequence ? BATON_ENTRY_WHOLE : BATON_ENTRY_LOST));
	if (is != BATON_ENTRY_WHOLE)
		return;
	PROVE("the fields", event.time == entry->time && event.vector == entry->vector &&
				    event.apic_id == (uint32_t)entry->what &&
				    event.what == (entry->what >> 32 & 0xff) &&
				    event.nmis == (entry->what >> 40 & 0xfff) &&
				    event.machine_checks == entry->what >> 52);
}
