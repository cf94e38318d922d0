/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "words.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/cli.h"
#include "cli/machine/batn.h"

void words_event(uint32_t what, char *name)
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

char *words_detail(const struct entry *e)
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

char *words_missing(const struct timeline *t)
{
	uint32_t unreadable = 0;

	for (size_t i = 0; i < t->ngaps; i++)
		unreadable += t->gaps[i].entries;
	if (t->overwritten && unreadable)
		return cli_text("The first %" PRIu32 " entries are overwritten, and %" PRIu32
				" can't be read: kernels in between are not counted.",
				t->overwritten, unreadable);
	if (t->overwritten)
		return cli_text(
			"The first %" PRIu32
			" entries are overwritten: the number of kernels before is not known.",
			t->overwritten);
	if (unreadable)
		return cli_text(
			"%" PRIu32
			" entries can't be read: the owners of the CPUs at that time are not "
			"known.",
			unreadable);
	return NULL;
}

void words_kernel(const struct timeline *t, unsigned kernel, uint64_t time, char *name)
{
	struct span span = {.owner = kernel ? OWNER_KERNEL : OWNER_FIRMWARE, kernel, time, time};

	timeline_owner_name(t, &span, name);
}

char *words_kernels(const struct timeline *t)
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
	if (timeline_is_late(h) && h->nlate > 1)
		return cli_text("%" PRIu32 " CPUs %s within %s, %" PRIu32 " from CPU %" PRIu32
				" on late by %s",
				h->returned, how, within, h->nlate,
				t->lanes[h->late].record->apic_id, late);
	if (timeline_is_late(h))
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

/*
 * Which of the CPUs had answered TEST when the next kernel began: ", all proven", with the comma.
 * Linux asks when it takes a CPU offline, not in a kexec: "baton help kexec".
 */
static char *proof_text(const struct timeline *t, const struct handover *h)
{
	char away[40] = "";

	if (h->away)
		snprintf(away, sizeof(away), ", %" PRIu32 " had not returned", h->away);
	if (!t->table->mailbox || !h->held)
		return cli_text("%s", away);
	if (h->proven == h->held)
		return cli_text(", all %" PRIu32 " proven by TEST%s", h->held, away);
	if (!h->proven)
		return cli_text(", none proven by TEST%s", away);
	if (h->proven + 1 == h->held)
		return cli_text(", all but CPU %" PRIu32 " proven by TEST%s",
				t->lanes[h->unproven].record->apic_id, away);
	return cli_text(", %" PRIu32 " of %" PRIu32 " proven by TEST%s", h->proven, h->held, away);
}

char *words_handover(const struct timeline *t, const struct handover *h)
{
	char from[TIMELINE_NAME], to[TIMELINE_NAME];
	char *returns = returns_text(t, h), *releases = releases_text(t, h);
	char *proof = proof_text(t, h), *text;

	words_kernel(t, h->from, h->returned ? h->first_return : t->start, from);
	words_kernel(t, h->from + 1, h->first_release, to);
	text = cli_text("%s to %s: %s%s; %s", from, h->released ? to : "the next", returns, proof,
			releases);
	free(proof);
	free(returns);
	free(releases);
	return text;
}

/* With PSCI and a spin-table a kernel asks for the state itself: nothing is counted. */
char *words_proofs(const struct timeline *t, const struct baton_cpu_record *record)
{
	if (!t->table->mailbox)
		return cli_text("-");
	return cli_text("%" PRIu32, baton_count_value(record->tests));
}
