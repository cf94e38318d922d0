/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "account.h"
#include <baton/acpi.h>
#include <baton/x86_64/cpu.h>
#include "stage/say.h"
#include "tables.h"

#define COUNT_SUM 1020 /* the bytes of any count: four pairs of a byte and its complement */
#define COUNTS_IN_RECORD 15
#define ENTRY_SUM (2 * COUNT_SUM + 3 * 8 * 0xff) /* two counts, three fields and complements */

/*
 * The sum of the bytes between the counts, which others may be writing, plus
 * what the bytes of the counts sum up to whatever they are.
 */
void account_checksum(struct baton_table *table)
{
	struct acpi_header *header = (struct acpi_header *)table->acpi_header;
	uint8_t sum;

	header->checksum = 0;
	sum = acpi_sum(table, offsetof(struct baton_table, held));
	sum += COUNT_SUM; /* held */
	sum += acpi_sum(&table->collected, offsetof(struct baton_table, wait) -
						   offsetof(struct baton_table, collected));
	sum += 2 * COUNT_SUM; /* wait, entries_written */
	for (uint32_t i = 0; i < table->ncpus; i++)
		sum += acpi_sum(&table->cpu[i], offsetof(struct baton_cpu_record, state)) +
		       COUNTS_IN_RECORD * COUNT_SUM;
	sum += baton_ledger_size(table) * ENTRY_SUM;
	header->checksum = -sum;
}

/* How the held CPUs sleep: they may have changed from MWAIT to HLT. */
static const char *wait_name(const struct baton_table *table)
{
	switch (baton_count_value(table->wait)) {
	case BATON_WAIT_PAUSE:
		return "PAUSE";
	case BATON_WAIT_HLT:
		return "HLT";
	case BATON_WAIT_MWAIT:
		return "MWAIT";
	default:
		return "?";
	}
}

static uint32_t count_origin(const struct baton_table *table, uint32_t origin)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < table->ncpus; i++)
		n += baton_count_value(table->cpu[i].origin) == origin;
	return n;
}

static void say_origins(const struct baton_table *table)
{
	uint32_t startup = count_origin(table, BATON_ORIGIN_STARTUP);
	uint32_t mailbox = count_origin(table, BATON_ORIGIN_MAILBOX);
	uint32_t area = count_origin(table, BATON_ORIGIN_AREA);

	say("CPUs collected: %u held already, %u by another's mailbox, %u by INIT and SIPI", area,
	    mailbox, startup);
	for (uint32_t i = 0; i < table->ncpus; i++)
		if (table->cpu[i].apic_id != table->boot_apic_id)
			say_detail("CPU with APIC ID %u: %s", table->cpu[i].apic_id,
				   collect_origin_text(baton_count_value(table->cpu[i].origin)));
}

void account(const struct collection *c, uint32_t held, uint64_t started)
{
	struct baton_table *table = collect_table(c->area);

	table->missing = 0;
	for (uint32_t i = 0; i < table->ncpus; i++) {
		const struct baton_cpu_record *cpu = &table->cpu[i];

		if (cpu->apic_id == table->boot_apic_id || baton_count_value(cpu->origin))
			continue;
		table->missing++;
		if (tables_disable_cpu(cpu->apic_id))
			say("the CPU with APIC ID %u did not arrive: it is left out", cpu->apic_id);
	}
	table->collected = held;
	table->collect_us = (rdtsc() - started) / c->tsc_per_us;
	table->flags |= BATON_TABLE_COMPLETE;
	/* While a request stands in the firmware's mailbox, a kernel must not use that. */
	if (!held && table->missing && !c->adopted && !c->live) {
		say("no secondary CPU arrived: the kernel gets the firmware's own tables");
		tables_fall_back();
	}
	account_checksum(table);

	say_origins(table);
	say("%u CPUs: %u held by %s, %u missing, boot CPU has APIC ID %u; area 0x%llx, %u KiB; "
	    "prepared in %u us, collected in %u us",
	    table->ncpus, table->collected, wait_name(table), table->missing, table->boot_apic_id,
	    (unsigned long long)table->area, table->area_size >> 10, table->prepare_us,
	    table->collect_us);
}
