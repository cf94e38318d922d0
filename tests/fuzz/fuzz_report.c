/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * A ledger of any contents, as "baton report" reads it: the owners of the CPUs, and the
 * page with the picture.  The table passes the reader's checks.  The input gives its
 * size, and the event, the CPU and the time of each entry.
 */
#include "fuzz.h"

#include "cli/report/page.h"

#define CPUS_MAX 16
#define ROOM_MAX 64
#define ENTRY_BYTES 8 /* of the input, for one entry */

struct input {
	const uint8_t *data;
	size_t size;
};

static uint32_t next(struct input *input, unsigned bytes)
{
	uint32_t value = 0;

	while (bytes-- && input->size) {
		value = value << 8 | *input->data++;
		input->size--;
	}
	return value;
}

/* Entry @number: at most one of them in eight is spoilt, or another's. */
static void make_entry(struct baton_entry *e, struct input *input, uint32_t number, uint32_t ncpus,
		       uint64_t *time)
{
	uint32_t kind = next(input, 1), sequence = number + 1, cpu = next(input, 1);
	uint32_t ticks = next(input, 4), vector = next(input, 1);
	bool torn = kind >> 5 == 1, lost = kind >> 5 == 2, back = kind >> 5 == 3;

	*time += (uint64_t)(back ? -(int64_t)ticks : (int64_t)ticks) << (next(input, 1) & 31);
	e->sequence = baton_count_of(lost ? sequence + 1 : sequence ? sequence : 1);
	e->time = *time;
	e->not_time = ~e->time;
	e->vector = vector << 12;
	e->not_vector = ~e->vector;
	e->what = baton_what(cpu % (ncpus + 1), kind & 7, vector, cpu >> 4);
	e->not_what = torn ? 0 : ~e->what;
	e->check = baton_count_of(
		baton_entry_check(baton_count_value(e->sequence), e->time, e->vector, e->what));
}

static struct baton_table *make_table(struct input *input)
{
	uint32_t ncpus = next(input, 1) % CPUS_MAX + 1, room = next(input, 1) % (ROOM_MAX + 1);
	uint32_t before = next(input, 1) << (next(input, 1) & 31), rate = next(input, 2);
	size_t entries = BATON_TABLE_HEADER_SIZE + ncpus * BATON_CPU_RECORD_SIZE;
	size_t size = entries + room * sizeof(struct baton_entry);
	struct baton_table *t = exact(size);
	uint64_t time = 1ull << 40;
	uint32_t state = next(input, 4), written = before;

	memset(t, 0, size);
	memcpy(t->acpi_header, BATON_TABLE_SIGNATURE, 4);
	((struct acpi_header *)t)->length = (uint32_t)size;
	t->version = BATON_TABLE_VERSION;
	t->record_size = BATON_CPU_RECORD_SIZE;
	t->ncpus = ncpus;
	t->boot_apic_id = next(input, 1) % CPUS_MAX;
	t->held = t->wait = baton_count_of(next(input, 1));
	for (uint32_t i = 0; i < ncpus; i++) {
		baton_count *count = (baton_count *)&t->cpu[i];

		for (size_t n = 0; n < BATON_CPU_RECORD_SIZE / sizeof(*count); n++)
			count[n] = baton_count_of(0);
		t->cpu[i].apic_id = i;
		t->cpu[i].acpi_uid = i;
		t->cpu[i].state = baton_count_of(state >> 2 * i & 7);
		t->cpu[i].tests = baton_count_of(state >> 31);
		t->cpu[i].tsc_per_us = baton_count_of(rate);
	}
	for (; room && input->size >= ENTRY_BYTES; written++)
		make_entry((struct baton_entry *)((uint8_t *)t + entries) + written % room, input,
			   written, ncpus, &time);
	t->entries_written = baton_count_of(written);
	acpi_set_checksum((struct acpi_header *)t);
	promise(!baton_table_check(t, size));
	return t;
}

/* Each CPU has an owner at all times. */
static void check_lanes(const struct timeline *t)
{
	for (size_t l = 0; l < t->nlanes; l++) {
		const struct lane *lane = &t->lanes[l];
		uint64_t at = t->start;

		for (size_t i = 0; i < lane->nspans; i++) {
			promise(lane->spans[i].from == at && lane->spans[i].to > at);
			promise(lane->spans[i].kernel <= t->nkernels + 1);
			at = lane->spans[i].to;
		}
		promise(at == t->end);
	}
}

/* All numbers in the picture are numbers. */
static void check_page(const struct timeline *t)
{
	char *text = NULL;
	size_t length = 0;
	FILE *f = open_memstream(&text, &length);

	if (!f)
		abort();
	page_write(f, t, "fuzz");
	fclose(f);
	promise(!strstr(text, "nan"));
	promise(!strstr(text, "\"inf"));
	promise(!strstr(text, "\"-")); /* a width or a place outside */
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = {data, size};
	struct baton_table *table = make_table(&input);
	struct timeline t;

	timeline_make(&t, table, next(&input, 1) ? UINT64_MAX / 2 : 0, next(&input, 4));
	check_lanes(&t);
	check_page(&t);
	timeline_free(&t);
	free(table);
	return 0;
}
