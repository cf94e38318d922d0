/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* baton ledger: every entry, as text or as JSON. */
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>

#include "cli/commands.h"
#include "cli/tojson.h"
#include "ledger_json.h"
#include "load.h"
#include "words.h"

enum key { KEY_JSON = COMMAND_LONG };

static void print_time(const struct timeline *t, uint64_t time)
{
	if (t->ticks_per_us)
		printf("%+15.6f s", timeline_time(t, time));
	else
		printf("%+17.0f", timeline_time(t, time));
}

static void print_entry(const struct timeline *t, const struct entry *e)
{
	char name[TIMELINE_NAME];
	char *detail;

	printf("%8" PRIu32 "  ", e->event.sequence);
	if (e->is != BATON_ENTRY_WHOLE) {
		cli_print(CLI_WARN, "%17s  %5s  %s\n", "", "",
			  e->is == BATON_ENTRY_TORN ? "torn" : "lost");
		return;
	}
	print_time(t, e->event.time);
	words_event(e->event.what, name);
	detail = words_detail(e);
	printf(*detail ? "  %5" PRIu32 "  %-9s  %s\n" : "  %5" PRIu32 "  %s\n", e->event.apic_id,
	       name, detail);
	free(detail);
}

static void print_ledger(const struct timeline *t)
{
	char *missing = words_missing(t);
	unsigned kernel = t->overwritten > 0;

	cli_print(CLI_BOLD, "%8s  %17s  %5s  %s\n", "entry", t->ticks_per_us ? "time" : "ticks",
		  "CPU", "event");
	for (size_t i = 0; i < t->nentries; i++) {
		if (t->entries[i].kernel != kernel) {
			char name[TIMELINE_NAME];

			kernel = t->entries[i].kernel;
			words_kernel(t, kernel, t->entries[i].event.time, name);
			cli_print(CLI_DIM, "%8s  %s takes its CPUs\n", "", name);
		}
		print_entry(t, &t->entries[i]);
	}
	if (missing)
		printf("%s\n", missing);
	free(missing);
}

static int ledger_main(const struct command *self, int argc, char **argv)
{
	struct timeline t;
	bool json = false;
	const char *path;
	int code = CLI_DONE;

	while (command_next_option(self, argc, argv) != -1)
		json = true;
	if (argc - optind > 1)
		return command_usage(self, "one table at a time");
	path = argv[optind];
	if (!load_timeline(&t, path))
		return CLI_FAILED;
	if (json)
		code = tojson_print(ledger_json(&t, path ? path : "this machine"));
	else
		print_ledger(&t);
	timeline_free(&t);
	free((void *)t.table);
	return code;
}

static const struct command_option ledger_options[] = {
	{KEY_JSON, "json", NULL, "print JSON, as docs/ledger.schema.json describes it"},
	{0},
};

static const struct command_example ledger_examples[] = {
	{"What has happened on this machine", "sudo baton ledger"},
	{"The times at which CPU 3 was released",
	 "sudo baton ledger --json | jq '.entries[] | select(.apic_id == 3 and .event == "
	 "\"release\") | .seconds'"},
	{0},
};

const struct command ledger_command = {
	.name = "ledger",
	.summary = "list the hand-overs of CPUs that baton has recorded",
	.usage = "[--json] [FILE]",
	.operand = "FILE",
	.text = "Lists the ledger, in which each CPU records when it arrives at baton "
		"and when it leaves. A \"return\" is from a kernel or, at first, from "
		"the firmware. A \"test\" is a kernel's request to prove that the CPU "
		"is held. A \"release\" is to a kernel. Times count from the first entry "
		"that is left. The ledger is a ring: new entries overwrite the oldest "
		"ones.\n\n"
		"FILE is a copy of /sys/firmware/acpi/tables/BATN. Without it, that "
		"file itself is read, which needs root. An entry that can't be read "
		"is listed as \"torn\" (it was being written) or \"lost\" (overwritten "
		"meanwhile).\n\n"
		"The ledger records CPUs, not kernels. \"kernel 2\" is found from the "
		"order of events. A kernel that puts a CPU offline asks for proof at "
		"once. A kernel that ends returns all its CPUs, and does not ask for "
		"each of them. A kernel that never took a CPU is not seen.",
	.options = ledger_options,
	.examples = ledger_examples,
	.main = ledger_main,
};
