/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* baton report --html: one page, which needs nothing else. */
#include "page.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>

#include "cli/cli.h"
#include "cli/machine/batn.h"
#include "picture.h"
#include "words.h"

static const char style[] =
	"body{font:15px/1.45 \"DejaVu Sans\",Verdana,sans-serif;margin:2em auto;max-width:1240px;"
	"padding:0 1em;color:#111;background:#fff}\n"
	".picture{overflow-x:auto;border:1px solid #ccc}\n"
	"svg{display:block;width:100%;min-width:60em;height:auto}\n"
	"svg .owner:hover,svg .mark:hover{opacity:.7}\n"
	"table{display:block;overflow-x:auto;border-collapse:collapse;margin:.5em 0}\n"
	"th,td{text-align:left;white-space:nowrap;padding:.15em .9em .15em 0;border-bottom:1px "
	"solid #ddd}\n"
	"th{border-bottom:2px solid #888}\n"
	"td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}\n"
	"tr.kernel td{background:#eee;font-weight:bold}\n"
	"summary{cursor:pointer;font-weight:bold}\n"
	"dl{display:grid;grid-template-columns:max-content 1fr;gap:.1em "
	"1.2em}dt{color:#555}dd{margin:0}\n"
	"@media print{svg{min-width:0}details{display:block}}\n";

static void escape(FILE *to, const char *text)
{
	for (; *text; text++)
		switch (*text) {
		case '<':
			fputs("&lt;", to);
			break;
		case '>':
			fputs("&gt;", to);
			break;
		case '&':
			fputs("&amp;", to);
			break;
		case '"':
			fputs("&quot;", to);
			break;
		default:
			fputc(*text, to);
		}
}

static void write_handovers(FILE *to, const struct timeline *t)
{
	fputs("<h2>Hand-overs</h2>\n<ol class=\"handovers\">\n", to);
	for (size_t i = 0; i < t->nhandovers; i++) {
		char *text = words_handover(t, &t->handovers[i]);

		fprintf(to, "<li>%s</li>\n", text);
		free(text);
	}
	fputs("</ol>\n", to);
}

static void write_cpus(FILE *to, const struct timeline *t)
{
	fputs("<h2>CPUs</h2>\n"
	      "<table class=\"cpus\"><thead><tr><th class=\"n\">CPU</th><th>state</th><th "
	      "class=\"n\">returned</th><th class=\"n\">released</th><th "
	      "class=\"n\">proven</th><th "
	      "class=\"n\">NMIs</th><th class=\"n\">machine checks</th><th class=\"n\">stale "
	      "interrupts</th><th></th></tr></thead><tbody>\n",
	      to);
	for (size_t l = 0; l < t->nlanes; l++) {
		const struct baton_cpu_record *r = t->lanes[l].record;
		const char *state = batn_state_name(baton_count_value(r->state));
		const baton_count counts[] = {r->nmis, r->machine_checks, r->drained};
		char *proofs = words_proofs(t, r);

		fprintf(to,
			"<tr><td class=\"n\">%" PRIu32 "</td><td>%s</td><td class=\"n\">%" PRIu32
			"</td><td class=\"n\">%" PRIu32 "</td><td class=\"n\">%s</td>",
			r->apic_id, state ? state : "not known", baton_count_value(r->returns),
			baton_count_value(r->releases), proofs);
		free(proofs);
		for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
			fprintf(to, "<td class=\"n\">%" PRIu32 "</td>",
				baton_count_value(counts[i]));
		fprintf(to, "<td>%s</td></tr>\n", t->lanes[l].boot ? "ran the stage" : "");
	}
	fputs("</tbody></table>\n", to);
}

static void fact(FILE *to, const char *name, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void fact(FILE *to, const char *name, const char *format, ...)
{
	char *text;
	va_list args;

	va_start(args, format);
	text = cli_vtext(format, args);
	va_end(args);
	fprintf(to, "<dt>%s</dt><dd>", name);
	escape(to, text);
	fputs("</dd>\n", to);
	free(text);
}

static void write_machine(FILE *to, const struct timeline *t, const char *source)
{
	const struct baton_table *b = t->table;
	const char *wait = batn_wait_name(baton_count_value(b->wait));

	fputs("<h2>Machine</h2>\n<dl>\n", to);
	fact(to, "Read from", "%s", source);
	fact(to, "CPUs",
	     "%" PRIu32 "; %" PRIu32 " held now, %" PRIu32 " collected by the last stage, %" PRIu32
	     " missing",
	     b->ncpus, baton_count_value(b->held), b->collected, b->missing);
	fact(to, "Boot CPU", "%" PRIu32, b->boot_apic_id);
	fact(to, "Area", "0x%" PRIx64 ", %" PRIu32 " KiB", b->area, b->area_size / 1024);
	if (b->mailbox) { /* arm64 has none of these */
		fact(to, "Mailbox", "0x%" PRIx64, b->mailbox);
		fact(to, "Reset vector", "0x%" PRIx64, b->reset_vector);
		fact(to, "Identity map", "up to 0x%" PRIx64, b->map_end);
		fact(to, "Held CPUs wait by", "%s", wait ? wait : "another way");
	}
	fact(to, "Time of the stage", "%" PRIu32 " us to prepare, %" PRIu32 " us to collect",
	     b->prepare_us, b->collect_us);
	if (t->ticks_per_us)
		fact(to, "Time-stamp counter", "%" PRIu32 " ticks per microsecond",
		     t->ticks_per_us);
	else
		fact(to, "Time-stamp counter", "its frequency is not known");
	fact(to, "Ledger", "%" PRIu32 " entries written, room for %" PRIu32,
	     baton_count_value(b->entries_written), baton_table_room(b));
	fputs("</dl>\n", to);
}

static void write_entry(FILE *to, const struct timeline *t, const struct entry *e)
{
	char name[TIMELINE_NAME];
	char *detail;

	if (e->is != BATON_ENTRY_WHOLE) {
		fprintf(to,
			"<tr class=\"gap\"><td class=\"n\">%" PRIu32
			"</td><td></td><td></td><td>%s</td><td></td></tr>\n",
			e->event.sequence, e->is == BATON_ENTRY_TORN ? "torn" : "lost");
		return;
	}
	words_event(e->event.what, name);
	detail = words_detail(e);
	fprintf(to,
		"<tr><td class=\"n\">%" PRIu32
		"</td><td class=\"n\">%.*f</td><td class=\"n\">%" PRIu32
		"</td><td>%s</td><td>%s</td></tr>\n",
		e->event.sequence, t->ticks_per_us ? 6 : 0, timeline_time(t, e->event.time),
		e->event.apic_id, name, detail);
	free(detail);
}

static void write_entries(FILE *to, const struct timeline *t)
{
	unsigned kernel = t->overwritten > 0;

	fprintf(to,
		"<h2>Ledger</h2>\n<details><summary>%zu entries</summary>\n"
		"<table class=\"entries\"><thead><tr><th class=\"n\">entry</th><th "
		"class=\"n\">%s</th>"
		"<th class=\"n\">CPU</th><th>event</th><th></th></tr></thead><tbody>\n",
		t->nentries, t->ticks_per_us ? "seconds" : "ticks");
	for (size_t i = 0; i < t->nentries; i++) {
		if (t->entries[i].kernel != kernel) {
			char name[TIMELINE_NAME];

			kernel = t->entries[i].kernel;
			words_kernel(t, kernel, t->entries[i].event.time, name);
			fprintf(to,
				"<tr class=\"kernel\"><td colspan=\"5\">%s takes its "
				"CPUs</td></tr>\n",
				name);
		}
		write_entry(to, t, &t->entries[i]);
	}
	fputs("</tbody></table></details>\n", to);
}

void page_write(FILE *to, const struct timeline *t, const char *source)
{
	char *missing = words_missing(t);

	fprintf(to,
		"<!DOCTYPE html>\n"
		"<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
		"content=\"width=device-width\"><meta name=\"generator\" content=\"baton "
		"%s\"><title>baton: which kernel owned which CPU</title>\n"
		"<style>\n"
		"%s</style></head><body>\n"
		"<h1>Which kernel owned which CPU</h1>\n",
		cli_version, style);
	if (missing)
		fprintf(to, "<p class=\"missing\"><strong>%s</strong></p>\n", missing);
	fputs("<div class=\"picture\">\n", to);
	picture_draw(to, t, true);
	fputs("</div>\n", to);
	write_handovers(to, t);
	write_cpus(to, t);
	write_machine(to, t, source);
	write_entries(to, t);
	fprintf(to,
		"<p><small>Made by baton %s. Point at a bar or a mark to see what it "
		"is.</small></p>\n"
		"</body></html>\n",
		cli_version);
	free(missing);
}
