/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* A BATN table of any contents: checking it, reading records and ledger. */
#include "fuzz.h"

#include <baton/reader.h>

static void read_all(const struct baton_table *table, size_t size)
{
	const uint8_t *end = (const uint8_t *)table + size;
	uint32_t room = baton_table_room(table), n = baton_table_first_entry(table);

	for (uint32_t i = 0; i < table->ncpus; i++) {
		const struct baton_cpu_record *record = baton_table_record(table, i);

		promise((const uint8_t *)(record + 1) <= end);
		promise(baton_count_valid(record->state));
	}
	for (; n != baton_table_end_of_entries(table); n++) {
		struct baton_event event;

		promise(room-- > 0);
		baton_table_entry(table, n, &event);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct baton_table *table;

	if (size < sizeof(struct acpi_header))
		return 0;
	table = exact_table(data, size);
	if (!baton_table_check(table, size))
		read_all(table, size);
	free(table);
	return 0;
}
