/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include <baton/acpi.h>
#include <baton/reader.h>
#include <baton/string.h>

#define CACHE_LINE 64 /* records and entries keep to them */

static uint32_t length_of(const struct baton_table *table)
{
	return ((const struct acpi_header *)table->acpi_header)->length;
}

static size_t ledger_offset(const struct baton_table *table)
{
	return BATON_TABLE_HEADER_SIZE + (size_t)table->ncpus * table->record_size;
}

static bool record_good(const struct baton_cpu_record *cpu)
{
	return baton_count_valid(cpu->state) && baton_count_valid(cpu->releases) &&
	       baton_count_valid(cpu->returns) && baton_count_valid(cpu->tests) &&
	       baton_count_valid(cpu->nmis) && baton_count_valid(cpu->machine_checks) &&
	       baton_count_valid(cpu->drained) && baton_count_valid(cpu->wakes) &&
	       baton_count_valid(cpu->listens) && baton_count_valid(cpu->tsc_per_us) &&
	       baton_count_valid(cpu->origin);
}

const char *baton_table_check(const struct baton_table *table, size_t size)
{
	if (size < BATON_TABLE_HEADER_SIZE)
		return "shorter than its header";
	if (memcmp(table->acpi_header, BATON_TABLE_SIGNATURE, 4))
		return "wrong signature";
	if (length_of(table) > size || length_of(table) > BATON_TABLE_MAX)
		return "its length is beyond its end";
	if (table->version != BATON_TABLE_VERSION)
		return "of a version that is not known";
	if (table->record_size < BATON_CPU_RECORD_SIZE || table->record_size % CACHE_LINE)
		return "records of an impossible size";
	if (table->ncpus < 1 || table->ncpus > BATON_TABLE_CPUS_MAX)
		return "an impossible number of CPUs";
	if (length_of(table) < ledger_offset(table) ||
	    (length_of(table) - ledger_offset(table)) % sizeof(struct baton_entry))
		return "its length does not fit the number of CPUs";
	if (acpi_sum(table, length_of(table)))
		return "wrong checksum";
	if (!baton_count_valid(table->held) || !baton_count_valid(table->wait) ||
	    !baton_count_valid(table->entries_written))
		return "a torn count";
	for (uint32_t i = 0; i < table->ncpus; i++)
		if (!record_good(baton_table_record(table, i)))
			return "a torn count in the record of a CPU";
	return NULL;
}

const struct baton_cpu_record *baton_table_record(const struct baton_table *table, uint32_t index)
{
	const uint8_t *records = (const uint8_t *)table->cpu;

	return (const void *)(records + (size_t)index * table->record_size);
}

uint32_t baton_table_room(const struct baton_table *table)
{
	return (length_of(table) - ledger_offset(table)) / sizeof(struct baton_entry);
}

uint32_t baton_table_first_entry(const struct baton_table *table)
{
	uint32_t written = baton_count_value(table->entries_written);

	return written > baton_table_room(table) ? written - baton_table_room(table) : 0;
}

uint32_t baton_table_end_of_entries(const struct baton_table *table)
{
	return baton_count_value(table->entries_written);
}

enum baton_entry_is baton_table_entry(const struct baton_table *table, uint32_t number,
				      struct baton_event *event)
{
	const struct baton_entry *entries =
		(const void *)((const uint8_t *)table + ledger_offset(table));
	const struct baton_entry *entry = &entries[number % baton_table_room(table)];

	*event = (struct baton_event){.sequence = number + 1 ? number + 1 : 1};
	if (!baton_entry_whole(entry))
		return BATON_ENTRY_TORN;
	if (baton_count_value(entry->sequence) != event->sequence)
		return BATON_ENTRY_LOST;
	event->apic_id = (uint32_t)entry->what;
	event->what = entry->what >> 32 & 0xff;
	event->nmis = entry->what >> 40 & 0xfff;
	event->machine_checks = entry->what >> 52;
	event->time = entry->time;
	event->vector = entry->vector;
	return BATON_ENTRY_WHOLE;
}
