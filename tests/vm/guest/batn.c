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
 * FILE is by default what the running kernel publishes.  Exit code 1 and a
 * line on stderr if the table is absent, broken or has no such value.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <baton/table.h>

#define ACPI_LENGTH 4 /* offset in the ACPI table header */

static const char *file = "/sys/firmware/acpi/tables/BATN";

static union {
	struct baton_table table;
	uint8_t bytes[16 << 20];
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

static size_t read_table(void)
{
	FILE *f = fopen(file, "rb");
	size_t length;

	if (!f)
		fail("no such table");
	length = fread(&batn, 1, sizeof(batn), f);
	fclose(f);
	return length;
}

static bool count_valid(const char *what, uint32_t apic_id, baton_count count)
{
	if (baton_count_valid(count))
		return true;
	fprintf(stderr, "batn: %s: CPU %" PRIu32 ": %s is torn: %#" PRIx64 "\n", file, apic_id,
		what, count);
	return false;
}

static bool record_valid(const struct baton_cpu_record *cpu)
{
	uint32_t id = cpu->apic_id;

	return count_valid("state", id, cpu->state) && count_valid("releases", id, cpu->releases) &&
	       count_valid("returns", id, cpu->returns) && count_valid("tests", id, cpu->tests) &&
	       count_valid("nmis", id, cpu->nmis) &&
	       count_valid("machine_checks", id, cpu->machine_checks) &&
	       count_valid("drained", id, cpu->drained) && count_valid("wakes", id, cpu->wakes) &&
	       count_valid("listens", id, cpu->listens) &&
	       baton_count_value(cpu->state) <= BATON_CPU_FAILED;
}

static bool checksum_right(size_t length)
{
	uint8_t sum = 0;

	for (size_t i = 0; i < length; i++)
		sum += batn.bytes[i];
	return !sum;
}

static void check_table(size_t size)
{
	const struct baton_table *table = &batn.table;
	uint32_t length = 0;

	if (size < BATON_TABLE_HEADER_SIZE)
		fail("%zu bytes are too few", size);
	if (memcmp(table->acpi_header, BATON_TABLE_SIGNATURE, 4))
		fail("wrong signature");
	memcpy(&length, table->acpi_header + ACPI_LENGTH, sizeof(length));
	if (table->version != BATON_TABLE_VERSION || table->record_size != BATON_CPU_RECORD_SIZE)
		fail("version %u with records of %u bytes is not known", table->version,
		     table->record_size);
	if (length != size ||
	    length < BATON_TABLE_HEADER_SIZE + (uint64_t)table->ncpus * BATON_CPU_RECORD_SIZE)
		fail("length %" PRIu32 ", but %zu bytes and %" PRIu32 " CPUs", length, size,
		     table->ncpus);
	/* A held CPU may be writing to the ledger just now. */
	for (int tries = 0; !checksum_right(length); tries++) {
		if (tries == 100 || read_table() != size)
			fail("wrong checksum");
	}
	if (!count_valid("held", table->boot_apic_id, table->held))
		exit(EXIT_FAILURE);
	for (uint32_t i = 0; i < table->ncpus; i++)
		if (!record_valid(&table->cpu[i]))
			fail("record %" PRIu32 " is not valid", i);
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
			{"ledger_size", baton_ledger_size(t), false},
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
			{0},
		},
		name);
}

static const struct baton_cpu_record *find_cpu(const char *id)
{
	unsigned long apic_id = strtoul(id, NULL, 0);

	for (uint32_t i = 0; i < batn.table.ncpus; i++)
		if (batn.table.cpu[i].apic_id == apic_id)
			return &batn.table.cpu[i];
	fail("no CPU has APIC ID %s", id);
}

static void print_entry(const struct baton_entry *entry, uint32_t sequence)
{
	static const char *const events[] = {
		[BATON_EVENT_RETURN] = "return", [BATON_EVENT_RELEASE] = "release",
		[BATON_EVENT_KEPT] = "kept",	 [BATON_EVENT_TEST] = "test",
		[BATON_EVENT_FAILED] = "failed",
	};
	uint32_t event = entry->what >> 32 & 0xff;

	if (!baton_entry_whole(entry)) {
		printf("entry torn sequence=%" PRIu32 "\n", sequence);
		return;
	}
	if (baton_count_value(entry->sequence) != sequence) {
		printf("entry lost sequence=%" PRIu32 "\n", sequence);
		return;
	}
	printf("entry sequence=%" PRIu32 " time=%" PRIu64 " apic_id=%" PRIu32
	       " event=%s vector=0x%" PRIx64 " nmis=%u machine_checks=%u\n",
	       sequence, entry->time, (uint32_t)entry->what,
	       event <= BATON_EVENT_FAILED && events[event] ? events[event] : "?", entry->vector,
	       (unsigned)(entry->what >> 40 & 0xfff), (unsigned)(entry->what >> 52));
}

static void print_ledger(void)
{
	const struct baton_entry *entries = baton_ledger(&batn.table);
	uint32_t size = baton_ledger_size(&batn.table);
	uint32_t written = baton_count_value(batn.table.entries_written);

	for (uint32_t n = written > size ? written - size : 0; n != written; n++)
		print_entry(&entries[n % size], n + 1 ? n + 1 : 1);
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
	check_table(read_table());
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
		print_cpu(&batn.table.cpu[i], NULL);
	}
	return EXIT_SUCCESS;
}
