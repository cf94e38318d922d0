/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* baton ledger and baton report: who had which CPU, when. */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#if defined(__x86_64__)
#include <x86intrin.h>
#endif

#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/inspect/inspect.h"
#include "cli/inspect/machine.h"
#include "report.h"
#include "timeline.h"

#define LEDGER_VERSION 1

enum key { KEY_JSON = CLI_LONG, KEY_SVG, KEY_HTML };

/* Words. */

void event_name(uint32_t what, char *name)
{
	const char *known = batn_event_name(what);

	if (known)
		snprintf(name, TIMELINE_NAME, "%s", known);
	else
		snprintf(name, TIMELINE_NAME, "event %" PRIu32, what);
}

static const char *origin_name(uint64_t origin)
{
	static const char *const names[] = {
		[BATON_ORIGIN_NOWHERE] = "from nowhere",
		[BATON_ORIGIN_STARTUP] = "by INIT and SIPI",
		[BATON_ORIGIN_MAILBOX] = "by another mailbox",
		[BATON_ORIGIN_AREA] = "held already",
	};

	return origin < sizeof(names) / sizeof(names[0]) ? names[origin] : "in another way";
}

char *entry_detail(const struct entry *e)
{
	const struct baton_event *v = &e->event;
	char nmis[48] = "", machine_checks[48] = "";

	if (v->nmis)
		snprintf(nmis, sizeof(nmis), "%" PRIu32 " NMIs so far", v->nmis);
	if (v->machine_checks)
		snprintf(machine_checks, sizeof(machine_checks),
			 "%s%" PRIu32 " machine checks so far", v->nmis ? ", " : "",
			 v->machine_checks);
	if (v->what == BATON_EVENT_RELEASE)
		return cli_text("to 0x%" PRIx64 "%s%s%s", v->vector,
				*nmis || *machine_checks ? ", " : "", nmis, machine_checks);
	if (v->what == BATON_EVENT_COLLECTED)
		return cli_text("%s%s%s%s", origin_name(v->vector),
				*nmis || *machine_checks ? ", " : "", nmis, machine_checks);
	return cli_text("%s%s", nmis, machine_checks);
}

char *missing_text(const struct timeline *t)
{
	uint32_t unreadable = 0;

	for (size_t i = 0; i < t->ngaps; i++)
		unreadable += t->gaps[i].entries;
	if (t->overwritten && unreadable)
		return cli_text("The first %" PRIu32 " entries are overwritten, and %" PRIu32
				" can't be read: kernels in there are not counted.",
				t->overwritten, unreadable);
	if (t->overwritten)
		return cli_text("The first %" PRIu32
				" entries are overwritten: how many kernels there were "
				"before is not known.",
				t->overwritten);
	if (unreadable)
		return cli_text("%" PRIu32
				" entries can't be read: who had a CPU then is not known.",
				unreadable);
	return NULL;
}

void kernel_at(const struct timeline *t, unsigned kernel, uint64_t time, char *name)
{
	struct span span = {.owner = kernel ? OWNER_KERNEL : OWNER_FIRMWARE, kernel, time, time};

	timeline_owner_name(t, &span, name);
}

char *kernels_text(const struct timeline *t)
{
	unsigned seen = t->nkernels - (t->overwritten > 0);

	return cli_text("%u kernel%s%s", seen, seen == 1 ? "" : "s",
			t->overwritten ? " and earlier ones" : "");
}

/* How the CPUs came back. */
static char *returns_text(const struct timeline *t, const struct handover *h)
{
	char within[TIMELINE_NAME], late[TIMELINE_NAME];
	const char *how = h->from ? "returned" : "collected";

	if (!h->returned)
		return cli_text("all were held already");
	timeline_duration(t, h->last_return - h->first_return, within);
	timeline_duration(t, h->late_by, late);
	if (h->returned == 1)
		return cli_text("1 CPU %s", how);
	if (handover_is_late(h) && h->nlate > 1)
		return cli_text("%" PRIu32 " CPUs %s within %s, %" PRIu32 " from CPU %" PRIu32
				" on late by %s",
				h->returned, how, within, h->nlate,
				t->lanes[h->late].record->apic_id, late);
	if (handover_is_late(h))
		return cli_text("%" PRIu32 " CPUs %s within %s, CPU %" PRIu32 " late by %s",
				h->returned, how, within, t->lanes[h->late].record->apic_id, late);
	return cli_text("%" PRIu32 " CPUs %s within %s", h->returned, how, within);
}

static char *releases_text(const struct timeline *t, const struct handover *h)
{
	char after[TIMELINE_NAME], within[TIMELINE_NAME];
	uint64_t since = h->returned && h->first_release > h->last_return
				 ? h->first_release - h->last_return
				 : 0;

	if (!h->released)
		return cli_text("none released yet");
	timeline_duration(t, since, after);
	timeline_duration(t, h->last_release - h->first_release, within);
	return cli_text("%s%s%s%" PRIu32 " released%s%s", since ? "after " : "", since ? after : "",
			since ? " " : "", h->released, h->released > 1 ? " within " : "",
			h->released > 1 ? within : "");
}

char *handover_text(const struct timeline *t, const struct handover *h)
{
	char from[TIMELINE_NAME], to[TIMELINE_NAME];
	char *returns = returns_text(t, h), *releases = releases_text(t, h), *text;

	kernel_at(t, h->from, h->returned ? h->first_return : t->start, from);
	kernel_at(t, h->from + 1, h->first_release, to);
	text = cli_text("%s to %s: %s; %s", from, h->released ? to : "the next", returns, releases);
	free(returns);
	free(releases);
	return text;
}

/* As text. */

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
	event_name(e->event.what, name);
	detail = entry_detail(e);
	printf(*detail ? "  %5" PRIu32 "  %-9s  %s\n" : "  %5" PRIu32 "  %s\n", e->event.apic_id,
	       name, detail);
	free(detail);
}

static void print_ledger(const struct timeline *t)
{
	char *missing = missing_text(t);
	unsigned kernel = t->overwritten > 0;

	cli_print(CLI_BOLD, "%8s  %17s  %5s  %s\n", "entry", t->ticks_per_us ? "time" : "ticks",
		  "CPU", "event");
	for (size_t i = 0; i < t->nentries; i++) {
		if (t->entries[i].kernel != kernel) {
			char name[TIMELINE_NAME];

			kernel = t->entries[i].kernel;
			kernel_at(t, kernel, t->entries[i].event.time, name);
			cli_print(CLI_DIM, "%8s  %s takes its CPUs\n", "", name);
		}
		print_entry(t, &t->entries[i]);
	}
	if (missing)
		printf("%s\n", missing);
	free(missing);
}

/* With PSCI and a spin-table a kernel asks for the state itself: nothing is counted. */
char *proofs_text(const struct timeline *t, const struct baton_cpu_record *record)
{
	if (!t->table->mailbox)
		return cli_text("-");
	return cli_text("%" PRIu32, baton_count_value(record->tests));
}

static void print_cpus(const struct timeline *t)
{
	cli_print(CLI_BOLD, "%8s  %-10s %8s %8s %8s %6s %6s\n", "CPU", "is", "returned", "released",
		  "proven", "NMIs", "MCEs");
	for (size_t l = 0; l < t->nlanes; l++) {
		const struct baton_cpu_record *r = t->lanes[l].record;
		const char *state = batn_state_name(baton_count_value(r->state));
		char *proofs = proofs_text(t, r);

		printf("%8" PRIu32 "  %-10s %8" PRIu32 " %8" PRIu32 " %8s %6" PRIu32 " %6" PRIu32
		       "%s\n",
		       r->apic_id, state ? state : "not known", baton_count_value(r->returns),
		       baton_count_value(r->releases), proofs, baton_count_value(r->nmis),
		       baton_count_value(r->machine_checks),
		       t->lanes[l].boot ? "  the CPU that ran the stage" : "");
		free(proofs);
	}
}

static void print_report(const struct timeline *t)
{
	char *missing = missing_text(t), *kernels = kernels_text(t), length[TIMELINE_NAME];

	timeline_duration(t, t->end - t->start, length);
	printf("%zu CPUs, %" PRIu32 " held now; %s, %zu entries, %s\n\n", t->nlanes,
	       baton_count_value(t->table->held), kernels, t->nentries, length);
	free(kernels);
	for (size_t i = 0; i < t->nhandovers; i++) {
		char *text = handover_text(t, &t->handovers[i]);

		puts(text);
		free(text);
	}
	if (t->nhandovers)
		putchar('\n');
	print_cpus(t);
	if (missing)
		printf("\n%s\n", missing);
	free(missing);
}

/* As JSON: docs/ledger.schema.json. */

static json_t *seconds(const struct timeline *t, uint64_t time)
{
	return t->ticks_per_us ? json_real(timeline_time(t, time)) : json_null();
}

static json_t *entry_json(const struct timeline *t, const struct entry *e)
{
	static const char *const states[] = {
		[BATON_ENTRY_WHOLE] = "whole",
		[BATON_ENTRY_LOST] = "lost",
		[BATON_ENTRY_TORN] = "torn",
	};
	char name[TIMELINE_NAME];
	json_t *json = json_pack("{s:I, s:s, s:I}", "sequence", (json_int_t)e->event.sequence, "is",
				 states[e->is], "kernel", (json_int_t)e->kernel);

	if (e->is != BATON_ENTRY_WHOLE)
		return json;
	event_name(e->event.what, name);
	json_object_set_new(json, "event", json_string(name));
	json_object_set_new(json, "apic_id", json_integer(e->event.apic_id));
	json_object_set_new(json, "tsc", hex_json(e->event.time));
	json_object_set_new(json, "seconds", seconds(t, e->event.time));
	json_object_set_new(json, "vector", hex_json(e->event.vector));
	json_object_set_new(json, "nmis", json_integer(e->event.nmis));
	json_object_set_new(json, "machine_checks", json_integer(e->event.machine_checks));
	return json;
}

static json_t *span_json(const struct timeline *t, const struct span *span)
{
	static const char *const owners[] = {
		[OWNER_UNKNOWN] = "unknown", [OWNER_FIRMWARE] = "firmware",
		[OWNER_HELD] = "held",	     [OWNER_KERNEL] = "kernel",
		[OWNER_BETWEEN] = "between", [OWNER_STOPPED] = "stopped",
		[OWNER_MISSING] = "missing",
	};
	json_t *json = json_pack("{s:s, s:o, s:o, s:o, s:o}", "owner", owners[span->owner], "from",
				 hex_json(span->from), "to", hex_json(span->to), "from_seconds",
				 seconds(t, span->from), "to_seconds", seconds(t, span->to));

	json_object_set_new(json, "kernel",
			    span->owner == OWNER_KERNEL ? json_integer(span->kernel) : json_null());
	return json;
}

static json_t *lane_json(const struct timeline *t, const struct lane *lane)
{
	const struct baton_cpu_record *r = lane->record;
	const char *state = batn_state_name(baton_count_value(r->state));
	json_t *spans = json_array();

	for (size_t i = 0; i < lane->nspans; i++)
		json_array_append_new(spans, span_json(t, &lane->spans[i]));
	return json_pack("{s:I, s:I, s:b, s:o, s:I, s:I, s:I, s:I, s:I, s:I, s:o}", "apic_id",
			 (json_int_t)r->apic_id, "acpi_uid", (json_int_t)r->acpi_uid, "boot",
			 lane->boot, "state", state ? json_string(state) : json_null(), "returns",
			 (json_int_t)baton_count_value(r->returns), "releases",
			 (json_int_t)baton_count_value(r->releases), "tests",
			 (json_int_t)baton_count_value(r->tests), "nmis",
			 (json_int_t)baton_count_value(r->nmis), "machine_checks",
			 (json_int_t)baton_count_value(r->machine_checks), "drained",
			 (json_int_t)baton_count_value(r->drained), "owners", spans);
}

static json_t *handover_json(const struct timeline *t, const struct handover *h)
{
	json_t *json = json_pack("{s:I, s:I, s:I, s:I}", "from", (json_int_t)h->from, "to",
				 (json_int_t)(h->from + 1), "returned", (json_int_t)h->returned,
				 "released", (json_int_t)h->released);
	json_t *none = json_null();

	json_object_set_new(json, "first_return", h->returned ? hex_json(h->first_return) : none);
	json_object_set_new(json, "last_return", h->returned ? hex_json(h->last_return) : none);
	json_object_set_new(json, "last_to_return",
			    h->returned ? json_integer(t->lanes[h->last].record->apic_id) : none);
	json_object_set_new(json, "first_release", h->released ? hex_json(h->first_release) : none);
	json_object_set_new(json, "last_release", h->released ? hex_json(h->last_release) : none);
	return json;
}

static json_t *ledger_json(const struct timeline *t, const char *source)
{
	json_t *entries = json_array(), *cpus = json_array(), *handovers = json_array();

	for (size_t i = 0; i < t->nentries; i++)
		json_array_append_new(entries, entry_json(t, &t->entries[i]));
	for (size_t l = 0; l < t->nlanes; l++)
		json_array_append_new(cpus, lane_json(t, &t->lanes[l]));
	for (size_t i = 0; i < t->nhandovers; i++)
		json_array_append_new(handovers, handover_json(t, &t->handovers[i]));
	return json_pack("{s:s, s:i, s:o, s:o, s:o, s:I, s:b, s:o, s:o, s:o}", "format",
			 "baton-ledger", "format_version", LEDGER_VERSION, "source",
			 text_json(source), "baton", batn_json(t->table), "tsc_per_us",
			 t->ticks_per_us ? json_integer(t->ticks_per_us) : json_null(),
			 "overwritten", (json_int_t)t->overwritten, "kernels_numbered_from_first",
			 !t->overwritten, "cpus", cpus, "handovers", handovers, "entries", entries);
}

/* The commands. */

/* The table of the operand, or of this machine; its time-stamp counter, too, then. */
static struct baton_table *load(const char *path, uint64_t *now)
{
	const char *why;
	struct baton_table *table = path ? batn_load(path, &why) : batn_load_live(&why);

	*now = 0;
	if (table) {
#if defined(__x86_64__)
		if (!path)
			*now = __rdtsc();
#elif defined(__aarch64__)
		if (!path)
			__asm__ volatile("mrs %0, cntvct_el0" : "=r"(*now));
#endif
		return table;
	}
	if (path)
		cli_error("%s: %s: give a copy of " BATN_LIVE, path, why);
	else if (errno == EACCES)
		cli_error(BATN_LIVE ": %s: run it as root, or give a copy of that file", why);
	else if (errno != ENOENT)
		cli_error("the BATN table: %s", why);
	else
		cli_error(BATN_LIVE
			  ": %s: baton is not in force here; \"baton status\" says more, or give a "
			  "copy of that file from another machine",
			  why);
	return NULL;
}

static int ledger_main(const struct command *self, int argc, char **argv)
{
	struct baton_table *table;
	struct timeline t;
	bool json = false;
	const char *path;
	int code = CLI_DONE;
	uint64_t now;

	while (cli_next_option(self, argc, argv) != -1)
		json = true;
	if (argc - optind > 1)
		return cli_usage(self, "one table at a time");
	path = argv[optind];
	table = load(path, &now);
	if (!table)
		return CLI_FAILED;
	timeline_make(&t, table, now);
	if (json)
		code = print_json(ledger_json(&t, path ? path : "this machine"));
	else
		print_ledger(&t);
	timeline_free(&t);
	free(table);
	return code;
}

static int write_report(const struct timeline *t, const char *source, int key, const char *path)
{
	char *text = NULL;
	size_t length = 0;
	FILE *f = open_memstream(&text, &length);
	int code = CLI_DONE;

	if (!f)
		return cli_error("no memory left");
	if (key == KEY_SVG)
		draw_picture(f, t, false);
	else
		write_page(f, t, source);
	if (fclose(f))
		code = cli_error("no memory left");
	else if (!cli_write_file(path, text, length))
		code = cli_file_error(path, "give a file that can be written");
	free(text);
	return code;
}

static int report_main(const struct command *self, int argc, char **argv)
{
	const char *svg = NULL, *html = NULL, *path, *source;
	struct baton_table *table;
	int code = CLI_DONE, key;
	struct timeline t;
	uint64_t now;

	while ((key = cli_next_option(self, argc, argv)) != -1) {
		if (key == KEY_SVG)
			svg = optarg;
		else
			html = optarg;
	}
	if (argc - optind > 1)
		return cli_usage(self, "one table at a time");
	path = argv[optind];
	source = path ? path : "this machine";
	table = load(path, &now);
	if (!table)
		return CLI_FAILED;
	timeline_make(&t, table, now);
	if (svg)
		code = write_report(&t, source, KEY_SVG, svg);
	if (html && code == CLI_DONE)
		code = write_report(&t, source, KEY_HTML, html);
	if (!svg && !html)
		print_report(&t);
	timeline_free(&t);
	free(table);
	return code;
}

static const struct cli_option ledger_options[] = {
	{KEY_JSON, "json", NULL, "print JSON, as docs/ledger.schema.json describes it"},
	{0},
};

static const struct cli_example ledger_examples[] = {
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
	.text = "Lists the ledger, in which each CPU records when it comes to baton and when it "
		"leaves: a "
		"\"return\" from a kernel or, at first, from the firmware; a \"test\", by which a "
		"kernel had it "
		"proven that the CPU is held; a \"release\" to a kernel. Times count from the "
		"first entry that "
		"is still there. The ledger is a ring: the oldest entries make room for new "
		"ones.\n\n"
		"FILE is a copy of /sys/firmware/acpi/tables/BATN; without it that file itself is "
		"read, for "
		"which one must be root. An entry that can't be read is listed as \"torn\" (it was "
		"being "
		"written) or \"lost\" (overwritten meanwhile).\n\n"
		"The ledger names CPUs, not kernels. \"kernel 2\" is found from the order of "
		"things: a kernel "
		"that puts a CPU offline asks at once for proof, one that ends returns all its "
		"CPUs and asks "
		"for none of them singly. A kernel that never took a CPU is not seen.",
	.options = ledger_options,
	.examples = ledger_examples,
	.main = ledger_main,
};

static const struct cli_option report_options[] = {
	{KEY_SVG, "svg", "FILE", "draw the picture as SVG into FILE (- for standard output)"},
	{KEY_HTML, "html", "FILE", "write one page with picture, tables and machine into FILE"},
	{0},
};

static const struct cli_example report_examples[] = {
	{"In words", "sudo baton report"},
	{"As a page to open in a browser", "sudo baton report --html report.html"},
	{"A picture of another machine's table", "baton report --svg out.svg BATN"},
	{0},
};

const struct command report_command = {
	.name = "report",
	.summary = "show who had which CPU when, in words or as a picture",
	.usage = "[--svg FILE] [--html FILE] [BATN]",
	.operand = "FILE",
	.text = "Tells from the ledger how the CPUs went from the firmware to the first kernel and "
		"from each "
		"kernel to the next: how many came back, within what time, which was late, and "
		"when they were "
		"released again. As a picture: one lane for each CPU with time from left to right, "
		"in the "
		"colour of its owner, and a mark for each entry. Where nothing happens for long "
		"the picture is "
		"cut; each box has a scale of its own.\n\n"
		"BATN is a copy of /sys/firmware/acpi/tables/BATN; without it that file itself is "
		"read, for "
		"which one must be root. \"baton help ledger\" says how kernels are told apart.",
	.options = report_options,
	.examples = report_examples,
	.main = report_main,
};
