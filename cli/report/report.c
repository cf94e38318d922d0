/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* baton report: which kernel owned which CPU, when. */
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>

#include "cli/commands.h"
#include "cli/machine/batn.h"
#include "cli/machine/efivars.h"
#include "cli/machine/restart.h"
#include "load.h"
#include "page.h"
#include "picture.h"
#include "words.h"

enum key { KEY_SVG = COMMAND_LONG, KEY_HTML };

static void print_cpus(const struct timeline *t)
{
	cli_print(CLI_BOLD, "%8s  %-10s %8s %8s %8s %6s %6s\n", "CPU", "state", "returned",
		  "released", "proven", "NMIs", "MCEs");
	for (size_t l = 0; l < t->nlanes; l++) {
		const struct baton_cpu_record *r = t->lanes[l].record;
		const char *state = batn_state_name(baton_count_value(r->state));
		char *proofs = words_proofs(t, r);

		printf("%8" PRIu32 "  %-10s %8" PRIu32 " %8" PRIu32 " %8s %6" PRIu32 " %6" PRIu32
		       "%s\n",
		       r->apic_id, state ? state : "not known", baton_count_value(r->returns),
		       baton_count_value(r->releases), proofs, baton_count_value(r->nmis),
		       baton_count_value(r->machine_checks),
		       t->lanes[l].boot ? "  the CPU that ran the stage" : "");
		free(proofs);
	}
}

/* What the ledger, which has begun anew since, can't have. */
static void print_restart(void)
{
	char *note = restart_note_read();

	if (note)
		printf("restarted instead of kexec: %s\n\n", note);
	free(note);
}

static void print_report(const struct timeline *t)
{
	char *missing = words_missing(t), *kernels = words_kernels(t), length[TIMELINE_NAME];

	timeline_duration(t, t->end - t->start, length);
	printf("%zu CPUs, %" PRIu32 " held now; %s, %zu entries, %s\n\n", t->nlanes,
	       baton_count_value(t->table->held), kernels, t->nentries, length);
	free(kernels);
	for (size_t i = 0; i < t->nhandovers; i++) {
		char *text = words_handover(t, &t->handovers[i]);

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

static int write_report(const struct timeline *t, const char *source, int key, const char *path)
{
	char *text = NULL;
	size_t length = 0;
	FILE *f = open_memstream(&text, &length);
	int code = CLI_DONE;

	if (!f)
		return cli_error("no memory left");
	if (key == KEY_SVG)
		picture_draw(f, t, false);
	else
		page_write(f, t, source);
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
	int code = CLI_DONE, key;
	struct timeline t;

	while ((key = command_next_option(self, argc, argv)) != -1) {
		if (key == KEY_SVG)
			svg = optarg;
		else
			html = optarg;
	}
	if (argc - optind > 1)
		return command_usage(self, "one table at a time");
	path = argv[optind];
	source = path ? path : "this machine";
	if (!load_timeline(&t, path))
		return CLI_FAILED;
	if (svg)
		code = write_report(&t, source, KEY_SVG, svg);
	if (html && code == CLI_DONE)
		code = write_report(&t, source, KEY_HTML, html);
	if (!svg && !html) {
		if (efivars_concern(path ? path : ""))
			print_restart();
		print_report(&t);
	}
	timeline_free(&t);
	free((void *)t.table);
	return code;
}

static const struct command_option report_options[] = {
	{KEY_SVG, "svg", "FILE", "draw the picture as SVG into FILE (- for standard output)"},
	{KEY_HTML, "html", "FILE", "write one page with picture, tables and machine into FILE"},
	{0},
};

static const struct command_example report_examples[] = {
	{"As text", "sudo baton report"},
	{"As a page to open in a browser", "sudo baton report --html report.html"},
	{"A picture of another machine's table", "baton report --svg out.svg BATN"},
	{0},
};

const struct command report_command = {
	.name = "report",
	.summary = "show which kernel owned which CPU when, as text or as a picture",
	.usage = "[--svg FILE] [--html FILE] [BATN]",
	.operand = "FILE",
	.text = "Reports from the ledger how the CPUs went from the firmware to the "
		"first kernel, and from each kernel to the next. For each hand-over: "
		"how many CPUs were returned, within what time, which CPU was late, "
		"and when they were released again.\n\n"
		"The picture has one lane for each CPU, with time from left to right. "
		"The colour of a lane is that of the CPU's owner; each entry has a mark. "
		"Where nothing happens for long the picture is cut; each box has a scale "
		"of its own.\n\n"
		"BATN is a copy of /sys/firmware/acpi/tables/BATN. Without it, that "
		"file itself is read, which needs root. \"baton help ledger\" explains "
		"how kernels are told apart.",
	.options = report_options,
	.examples = report_examples,
	.main = report_main,
};
