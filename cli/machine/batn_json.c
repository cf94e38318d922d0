/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "batn_json.h"

#include "batn.h"
#include "cli/tojson.h"

json_t *batn_json(const struct baton_table *t)
{
	json_t *json = json_pack(
		"{s:i, s:o, s:I, s:o, s:o, s:o, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "version",
		t->version, "area", tojson_hex(t->area), "area_size", (json_int_t)t->area_size,
		"mailbox", tojson_hex(t->mailbox), "reset_vector", tojson_hex(t->reset_vector),
		"map_end", tojson_hex(t->map_end), "flags", (json_int_t)t->flags, "ncpus",
		(json_int_t)t->ncpus, "boot_apic_id", (json_int_t)t->boot_apic_id, "held",
		(json_int_t)baton_count_value(t->held), "collected", (json_int_t)t->collected,
		"missing", (json_int_t)t->missing, "prepare_us", (json_int_t)t->prepare_us);

	json_object_set_new(json, "collect_us", json_integer(t->collect_us));
	json_object_set_new(json, "wait", tojson_text(batn_wait_name(baton_count_value(t->wait))));
	json_object_set_new(json, "entries_written",
			    json_integer(baton_count_value(t->entries_written)));
	json_object_set_new(json, "ledger_room", json_integer(baton_table_room(t)));
	return json;
}
