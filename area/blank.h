/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * A BATN table before anything has happened: what the install.c of every
 * architecture writes into it.  docs/contract.md, section 9.
 */
#ifndef AREA_BLANK_H
#define AREA_BLANK_H

#include <baton/acpi.h>
#include <baton/string.h>
#include <baton/table.h>

/* All of the table but what is behind it: @length bytes with records and ledger. */
static inline void blank_table(struct baton_table *table, uint32_t length, uint32_t area_version)
{
	struct acpi_header *header = (struct acpi_header *)table->acpi_header;

	memset(table, 0, sizeof(*table));
	memcpy(header->signature, BATON_TABLE_SIGNATURE, sizeof(header->signature));
	header->length = length;
	header->revision = BATON_TABLE_VERSION;
	memcpy(header->oem_id, "BATON ", sizeof(header->oem_id));
	memcpy(header->oem_table_id, "RESIDENT", sizeof(header->oem_table_id));
	header->oem_revision = area_version;
	memcpy(&header->creator_id, "BATN", sizeof(header->creator_id));
	header->creator_revision = BATON_TABLE_VERSION;

	table->version = BATON_TABLE_VERSION;
	table->record_size = sizeof(struct baton_cpu_record);
	table->held = baton_count_of(0);
	table->wait = baton_count_of(0);
	table->entries_written = baton_count_of(0);
}

/* The record of a CPU that is with the kernel, if it is the @boot CPU, or has to be collected. */
static inline void blank_record(struct baton_cpu_record *record, uint32_t id, uint32_t uid,
				bool boot, uint32_t ticks_per_us)
{
	const baton_count none = baton_count_of(0);

	*record = (struct baton_cpu_record){
		.apic_id = id,
		.acpi_uid = uid,
		.state = baton_count_of(boot ? BATON_CPU_RELEASED : BATON_CPU_COLLECTING),
		.releases = none,
		.returns = none,
		.tests = none,
		.nmis = none,
		.machine_checks = none,
		.drained = none,
		.wakes = none,
		.listens = none,
		.tsc_per_us = baton_count_of(ticks_per_us),
		.origin = none,
		.reserved = {none, none, none, none},
	};
}

static inline void blank_ledger(struct baton_entry *entries, size_t n)
{
	for (size_t i = 0; i < n; i++)
		entries[i] = (struct baton_entry){
			.sequence = baton_count_of(0),
			.not_time = UINT64_MAX,
			.not_vector = UINT64_MAX,
			.not_what = UINT64_MAX,
			.check = baton_count_of(0),
		};
}

#endif /* AREA_BLANK_H */
