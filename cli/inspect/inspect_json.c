/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "inspect_json.h"

#include "cli/machine/batn.h"
#include "cli/machine/batn_json.h"
#include "cli/tojson.h"

#define INSPECT_VERSION 1

static json_t *number_or_null(long long n)
{
	return n < 0 ? json_null() : json_integer(n);
}

static json_t *cpu_json(const struct machine *m, const struct machine_cpu *cpu)
{
	json_t *json = json_pack(
		"{s:o, s:b, s:b, s:s, s:o, s:o, s:o, s:o}", "id",
		m->arch == ARCH_X86_64 ? json_integer((json_int_t)cpu->id) : tojson_hex(cpu->id),
		"enabled", cpu->enabled, "may_be_added", cpu->may_come, "method",
		machine_method_names[cpu->method], "method_in_table", tojson_text(cpu->method_name),
		"release_address",
		cpu->has_release ? tojson_hex(cpu->release_address) : json_null(), "return_address",
		cpu->has_return ? tojson_hex(cpu->return_address) : json_null(), "held_address",
		cpu->has_held ? tojson_hex(cpu->held_address) : json_null());

	json_object_set_new(json, "acpi_uid", m->has_madt ? json_integer(cpu->uid) : json_null());
	json_object_set_new(
		json, "state",
		cpu->record ? tojson_text(batn_state_name(baton_count_value(cpu->record->state)))
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
			 "mailbox", tojson_hex(w->mailbox), "reset_vector",
			 w->reset_vector ? tojson_hex(w->reset_vector) : json_null(), "returns",
			 w->returns);
}

static json_t *psci_json(const struct machine *m)
{
	if (!m->has_psci)
		return json_null();
	return json_pack("{s:o, s:o}", "at_least", tojson_text(m->psci_version), "conduit",
			 tojson_text(m->psci_conduit));
}

static json_t *system_json(const struct machine *m)
{
	return json_pack(
		"{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "tdx_guest",
		m->tdx < 0 ? json_null() : json_boolean(m->tdx), "online", tojson_text(m->online),
		"kexec_load_disabled", number_or_null(m->kexec_disabled), "kexec_loaded",
		number_or_null(m->kexec_loaded), "crash_loaded", number_or_null(m->crash_loaded),
		"crash_size", number_or_null(m->crash_size), "lockdown", tojson_text(m->lockdown));
}

static json_t *verdict_json(const struct machine *m, const struct verdict verdict[SUBJECTS])
{
	json_t *json = json_object();

	for (int s = 0; s < SUBJECTS; s++) {
		const struct verdict *v = &verdict[s];
		json_t *with = v->with_text ? json_pack("{s:s, s:s}", "result",
							verdict_result_names[v->with_result],
							"text", v->with_text)
					    : json_null();

		json_object_set_new(
			json, verdict_subject_names[s],
			json_pack("{s:s, s:o, s:s, s:o}", "result", verdict_result_names[v->result],
				  "cpus",
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
	json_t *json =
		json_pack("{s:s, s:i, s:o, s:o, s:s, s:o, s:o}", "format", "baton-inspect",
			  "format_version", INSPECT_VERSION, "source", tojson_text(m->source),
			  "model", tojson_text(m->model), "architecture",
			  machine_architecture_names[m->arch], "kernel", tojson_text(m->kernel),
			  "cpus_enabled", json_integer((json_int_t)machine_enabled(m)));

	json_object_set_new(json, "cpus", cpus_json(m));
	json_object_set_new(json, "madt_revision",
			    m->has_madt ? json_integer(m->madt_revision) : json_null());
	json_object_set_new(json, "wakeup", wakeup_json(&m->wakeup));
	json_object_set_new(json, "psci", psci_json(m));
	json_object_set_new(json, "baton", m->batn ? batn_json(m->batn) : json_null());
	json_object_set_new(json, "area", m->area ? tojson_hex(m->area) : json_null());
	json_object_set_new(json, "system", system_json(m));
	json_object_set_new(json, "verdict", verdict_json(m, verdict));
	json_object_set_new(json, "problems", problems_json(m));
	return json;
}
