/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * batn: check the BATN table and show it, or one value of it.
 *
 *	batn [-f FILE]			everything: one line, and one per CPU
 *	batn [-f FILE] NAME		one value of the table, as held
 *	batn [-f FILE] APIC-ID NAME	one value of a CPU, as releases
 *	batn [-f FILE] ledger		the ledger, oldest entry first, a line each; "torn"
 *					is one being written, "lost" one overwritten
 *
 * FILE is by default what the running kernel publishes, or what is in reserved memory.  Exit code 1
 *and a line on stderr if the table is absent, broken or has no such value.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <baton/reader.h>
#include "cli/machine/reserved.h"

static const char *file = "/sys/firmware/acpi/tables/BATN";

static union {
	struct baton_table table;
	uint8_t bytes[BATON_TABLE_MAX];
} batn;

struct value {
	const char *name;
	uint64_t value;
	bool hex;
};

static const char *const states[] = {
	[BATON_CPU_MISSING] = "missing", [BATON_CPU_COLLECTING] = "collecting",
	[BATON_CPU_HELD] = "held",	 [BATON_CPU_RELEASED] = "released",
	[BATON_CPU_FAILED] = "failed",
};

static _Noreturn __attribute__((format(printf, 1, 2))) void fail(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fprintf(stderr, "batn: %s: ", file);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	exit(EXIT_FAILURE);
}

static const struct baton_cpu_record *record(uint32_t i)
{
	return baton_table_record(&batn.table, i);
}

static size_t read_table(void)
{
	FILE *f = fopen(file, "rb");
	size_t length;

	if (!f) {
		length = reserved_table(&batn, sizeof(batn));
		if (!length)
			fail("no such table, in ACPI or in reserved memory");
		return length;
	}
	length = fread(&batn, 1, sizeof(batn), f);
	fclose(f);
	return length;
}

/* A held CPU may be writing to the table just now: then once more. */
static void check_table(void)
{
	const char *error = baton_table_check(&batn.table, read_table());

	for (int tries = 0; error && tries < 100; tries++)
		error = baton_table_check(&batn.table, read_table());
	if (error)
		fail("%s", error);
	for (uint32_t i = 0; i < batn.table.ncpus; i++)
		if (baton_count_value(record(i)->state) > BATON_CPU_FAILED)
			fail("record %" PRIu32 " has a state that is not known", i);
}

static void print_value(const struct value *v)
{
	if (!strcmp(v->name, "state"))
		printf("%s", states[v->value]);
	else
		printf(v->hex ? "0x%" PRIx64 : "%" PRIu64, v->value);
}

/* "name=value ..." on a line, or with @name the value called that alone. */
static void print_values(const struct value *values, const char *name)
{
	const struct value *v = values;

	while (name && v->name && strcmp(v->name, name))
		v++;
	if (!v->name)
		fail("no value is called %s", name);
	if (name) {
		print_value(v);
	} else {
		for (; v->name; v++) {
			printf(v == values ? "%s=" : " %s=", v->name);
			print_value(v);
		}
	}
	putchar('\n');
}

static void print_table(const char *name)
{
	const struct baton_table *t = &batn.table;

	print_values(
		(struct value[]){
			{"held", baton_count_value(t->held), false},
			{"collected", t->collected, false},
			{"missing", t->missing, false},
			{"ncpus", t->ncpus, false},
			{"boot", t->boot_apic_id, false},
			{"area", t->area, true},
			{"area_size", t->area_size, false},
			{"flags", t->flags, true},
			{"mailbox", t->mailbox, true},
			{"reset_vector", t->reset_vector, true},
			{"map_end", t->map_end, true},
			{"prepare_us", t->prepare_us, false},
			{"collect_us", t->collect_us, false},
			{"wait", baton_count_value(t->wait), false},
			{"entries", baton_count_value(t->entries_written), false},
			{"ledger_size", baton_table_room(t), false},
			{0},
		},
		name);
}

static void print_cpu(const struct baton_cpu_record *cpu, const char *name)
{
	print_values(
		(struct value[]){
			{"apic_id", cpu->apic_id, false},
			{"uid", cpu->acpi_uid, false},
			{"state", baton_count_value(cpu->state), false},
			{"releases", baton_count_value(cpu->releases), false},
			{"returns", baton_count_value(cpu->returns), false},
			{"tests", baton_count_value(cpu->tests), false},
			{"nmis", baton_count_value(cpu->nmis), false},
			{"machine_checks", baton_count_value(cpu->machine_checks), false},
			{"drained", baton_count_value(cpu->drained), false},
			{"wakes", baton_count_value(cpu->wakes), false},
			{"listens", baton_count_value(cpu->listens), false},
			{"origin", baton_count_value(cpu->origin), false},
			{0},
		},
		name);
}

static const struct baton_cpu_record *find_cpu(const char *id)
{
	unsigned long apic_id = strtoul(id, NULL, 0);

	for (uint32_t i = 0; i < batn.table.ncpus; i++)
		if (record(i)->apic_id == apic_id)
			return record(i);
	fail("no CPU has APIC ID %s", id);
}

static void print_entry(uint32_t number)
{
	static const char *const events[] = {
		[BATON_EVENT_RETURN] = "return", [BATON_EVENT_RELEASE] = "release",
		[BATON_EVENT_KEPT] = "kept",	 [BATON_EVENT_TEST] = "test",
		[BATON_EVENT_FAILED] = "failed", [BATON_EVENT_COLLECTED] = "collected",
	};
	struct baton_event event;

	switch (baton_table_entry(&batn.table, number, &event)) {
	case BATON_ENTRY_TORN:
		printf("entry torn sequence=%" PRIu32 "\n", event.sequence);
		break;
	case BATON_ENTRY_LOST:
		printf("entry lost sequence=%" PRIu32 "\n", event.sequence);
		break;
	case BATON_ENTRY_WHOLE:
		printf("entry sequence=%" PRIu32 " time=%" PRIu64 " apic_id=%" PRIu32
		       " event=%s vector=0x%" PRIx64 " nmis=%" PRIu32 " machine_checks=%" PRIu32
		       "\n",
		       event.sequence, event.time, event.apic_id,
		       event.what <= BATON_EVENT_COLLECTED && events[event.what]
			       ? events[event.what]
			       : "?",
		       event.vector, event.nmis, event.machine_checks);
	}
}

static void print_ledger(void)
{
	uint32_t end = baton_table_end_of_entries(&batn.table);

	for (uint32_t n = baton_table_first_entry(&batn.table); n != end; n++)
		print_entry(n);
}

int main(int argc, char **argv)
{
	if (argc > 2 && !strcmp(argv[1], "-f")) {
		file = argv[2];
		argv += 2;
		argc -= 2;
	}
	if (argc > 3) {
		fputs("usage: batn [-f FILE] [[APIC-ID] NAME]\n", stderr);
		return EXIT_FAILURE;
	}
	check_table();
	if (argc == 3) {
		print_cpu(find_cpu(argv[1]), argv[2]);
		return EXIT_SUCCESS;
	}
	if (argc == 2 && !strcmp(argv[1], "ledger")) {
		print_ledger();
		return EXIT_SUCCESS;
	}
	print_table(argv[1]);
	for (uint32_t i = 0; argc == 1 && i < batn.table.ncpus; i++) {
		printf("cpu ");
		print_cpu(record(i), NULL);
	}
	return EXIT_SUCCESS;
}
