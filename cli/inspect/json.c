/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* JSON for baton inspect and what it shares with baton ledger: docs/inspect.schema.json. */
#include <inttypes.h>
#include <stdlib.h>

#include "cli/cli.h"
#include "inspect.h"

#define INSPECT_VERSION 1

json_t *hex_json(uint64_t value)
{
	return json_sprintf("0x%" PRIx64, value);
}

json_t *text_json(const char *text)
{
	json_t *json = text ? json_string(text) : json_null();
	char *other;

	if (json)
		return json;
	other = cli_printable(cli_text("%s", text)); /* it is not UTF-8 */
	json = json_string(other);
	free(other);
	return json;
}

static json_t *number_or_null(long long n)
{
	return n < 0 ? json_null() : json_integer(n);
}

static json_t *cpu_json(const struct machine *m, const struct machine_cpu *cpu)
{
	json_t *json = json_pack(
		"{s:o, s:b, s:b, s:s, s:o, s:o, s:o, s:o}", "id",
		m->arch == ARCH_X86_64 ? json_integer((json_int_t)cpu->id) : hex_json(cpu->id),
		"enabled", cpu->enabled, "may_be_added", cpu->may_come, "method",
		method_names[cpu->method], "method_in_table", text_json(cpu->method_name),
		"release_address", cpu->has_release ? hex_json(cpu->release_address) : json_null(),
		"return_address", cpu->has_return ? hex_json(cpu->return_address) : json_null(),
		"held_address", cpu->has_held ? hex_json(cpu->held_address) : json_null());

	json_object_set_new(json, "acpi_uid", m->has_madt ? json_integer(cpu->uid) : json_null());
	json_object_set_new(
		json, "state",
		cpu->record ? text_json(batn_state_name(baton_count_value(cpu->record->state)))
			    : json_null());
	return json;
}

static json_t *cpus_json(const struct machine *m)
{
	json_t *json = json_array();

	for (size_t i = 0; i < m->ncpus; i++)
		json_array_append_new(json, cpu_json(m, &m->cpus[i]));
	return json;
}

static json_t *wakeup_json(const struct wakeup *w)
{
	if (!w->present)
		return json_null();
	return json_pack("{s:i, s:i, s:o, s:o, s:b}", "version", w->version, "length", w->length,
			 "mailbox", hex_json(w->mailbox), "reset_vector",
			 w->reset_vector ? hex_json(w->reset_vector) : json_null(), "returns",
			 w->returns);
}

static json_t *psci_json(const struct machine *m)
{
	if (!m->has_psci)
		return json_null();
	return json_pack("{s:o, s:o}", "at_least", text_json(m->psci_version), "conduit",
			 text_json(m->psci_conduit));
}

json_t *batn_json(const struct baton_table *t)
{
	json_t *json = json_pack(
		"{s:i, s:o, s:I, s:o, s:o, s:o, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "version",
		t->version, "area", hex_json(t->area), "area_size", (json_int_t)t->area_size,
		"mailbox", hex_json(t->mailbox), "reset_vector", hex_json(t->reset_vector),
		"map_end", hex_json(t->map_end), "flags", (json_int_t)t->flags, "ncpus",
		(json_int_t)t->ncpus, "boot_apic_id", (json_int_t)t->boot_apic_id, "held",
		(json_int_t)baton_count_value(t->held), "collected", (json_int_t)t->collected,
		"missing", (json_int_t)t->missing, "prepare_us", (json_int_t)t->prepare_us);

	json_object_set_new(json, "collect_us", json_integer(t->collect_us));
	json_object_set_new(json, "wait", text_json(batn_wait_name(baton_count_value(t->wait))));
	json_object_set_new(json, "entries_written",
			    json_integer(baton_count_value(t->entries_written)));
	json_object_set_new(json, "ledger_room", json_integer(baton_table_room(t)));
	return json;
}

static json_t *system_json(const struct machine *m)
{
	return json_pack(
		"{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "tdx_guest",
		m->tdx < 0 ? json_null() : json_boolean(m->tdx), "online", text_json(m->online),
		"kexec_load_disabled", number_or_null(m->kexec_disabled), "kexec_loaded",
		number_or_null(m->kexec_loaded), "crash_loaded", number_or_null(m->crash_loaded),
		"crash_size", number_or_null(m->crash_size), "lockdown", text_json(m->lockdown));
}

static json_t *verdict_json(const struct machine *m, const struct verdict verdict[SUBJECTS])
{
	json_t *json = json_object();

	for (int s = 0; s < SUBJECTS; s++) {
		const struct verdict *v = &verdict[s];
		json_t *with =
			v->with_text ? json_pack("{s:s, s:s}", "result",
						 result_names[v->with_result], "text", v->with_text)
				     : json_null();

		json_object_set_new(
			json, subject_names[s],
			json_pack("{s:s, s:o, s:s, s:o}", "result", result_names[v->result], "cpus",
				  number_or_null(s == SUBJECT_OFFLINE ? -1 : verdict_cpus(m, v)),
				  "text", v->text, "with_baton", with));
	}
	return json;
}

static json_t *problems_json(const struct machine *m)
{
	json_t *json = json_array();

	for (size_t i = 0; i < m->nproblems; i++)
		json_array_append_new(
			json, json_pack("{s:b, s:s, s:s}", "fatal", m->problems[i].fatal, "where",
					m->problems[i].where, "what", m->problems[i].what));
	return json;
}

json_t *inspect_json(const struct machine *m, const struct verdict verdict[SUBJECTS])
{
	json_t *json = json_pack("{s:s, s:i, s:o, s:o, s:s, s:o, s:o}", "format", "baton-inspect",
				 "format_version", INSPECT_VERSION, "source", text_json(m->source),
				 "model", text_json(m->model), "architecture",
				 architecture_names[m->arch], "kernel", text_json(m->kernel),
				 "cpus_enabled", json_integer((json_int_t)machine_enabled(m)));

	json_object_set_new(json, "cpus", cpus_json(m));
	json_object_set_new(json, "madt_revision",
			    m->has_madt ? json_integer(m->madt_revision) : json_null());
	json_object_set_new(json, "wakeup", wakeup_json(&m->wakeup));
	json_object_set_new(json, "psci", psci_json(m));
	json_object_set_new(json, "baton", m->batn ? batn_json(m->batn) : json_null());
	json_object_set_new(json, "area", m->area ? hex_json(m->area) : json_null());
	json_object_set_new(json, "system", system_json(m));
	json_object_set_new(json, "verdict", verdict_json(m, verdict));
	json_object_set_new(json, "problems", problems_json(m));
	return json;
}

int print_json(json_t *json)
{
	int code = CLI_DONE;

	if (!json)
		return cli_error("no memory left");
	if (json_dumpf(json, stdout, JSON_INDENT(2)) || putchar('\n') == EOF)
		code = CLI_FAILED;
	json_decref(json);
	return code;
}
