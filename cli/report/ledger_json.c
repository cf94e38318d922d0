/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "ledger_json.h"

#include "cli/machine/batn.h"
#include "cli/machine/batn_json.h"
#include "cli/tojson.h"
#include "words.h"

#define LEDGER_VERSION 1

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
	words_event(e->event.what, name);
	json_object_set_new(json, "event", json_string(name));
	json_object_set_new(json, "apic_id", json_integer(e->event.apic_id));
	json_object_set_new(json, "tsc", tojson_hex(e->event.time));
	json_object_set_new(json, "seconds", seconds(t, e->event.time));
	json_object_set_new(json, "vector", tojson_hex(e->event.vector));
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
				 tojson_hex(span->from), "to", tojson_hex(span->to), "from_seconds",
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

	json_object_set_new(json, "first_return", h->returned ? tojson_hex(h->first_return) : none);
	json_object_set_new(json, "last_return", h->returned ? tojson_hex(h->last_return) : none);
	json_object_set_new(json, "last_to_return",
			    h->returned ? json_integer(t->lanes[h->last].record->apic_id) : none);
	json_object_set_new(json, "held", json_integer(h->held));
	json_object_set_new(json, "proven", json_integer(h->proven));
	json_object_set_new(json, "away", json_integer(h->away));
	json_object_set_new(json, "first_release",
			    h->released ? tojson_hex(h->first_release) : none);
	json_object_set_new(json, "last_release", h->released ? tojson_hex(h->last_release) : none);
	return json;
}

json_t *ledger_json(const struct timeline *t, const char *source)
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
			 tojson_text(source), "baton", batn_json(t->table), "tsc_per_us",
			 t->ticks_per_us ? json_integer(t->ticks_per_us) : json_null(),
			 "overwritten", (json_int_t)t->overwritten, "kernels_numbered_from_first",
			 !t->overwritten, "cpus", cpus, "handovers", handovers, "entries", entries);
}
