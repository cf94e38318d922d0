/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "batn.h"
#include "machine.h"

#define BELOW_4_GIB (1ull << 32)
#define PAGE 4096u
#define PROBLEMS_MAX 100 /* more are of no use */

const char *const machine_architecture_names[] = {
	[ARCH_UNKNOWN] = "unknown", [ARCH_X86_64] = "x86_64", [ARCH_ARM64] = "arm64"};

const char *const machine_method_names[] = {
	[START_UNKNOWN] = "unknown",	   [START_INIT_SIPI] = "init-sipi",
	[START_MAILBOX] = "mailbox",	   [START_PSCI] = "psci",
	[START_SPIN_TABLE] = "spin-table", [START_PARKING] = "parking-protocol",
};

void machine_init(struct machine *m)
{
	*m = (struct machine){
		.tdx = -1,
		.kexec_disabled = -1,
		.kexec_loaded = -1,
		.crash_loaded = -1,
		.crash_size = -1,
	};
}

void machine_free(struct machine *m)
{
	for (size_t i = 0; i < m->ncpus; i++)
		free(m->cpus[i].method_name);
	for (size_t i = 0; i < m->nproblems; i++) {
		free(m->problems[i].where);
		free(m->problems[i].what);
	}
	free(m->cpus);
	free(m->problems);
	free(m->source);
	free(m->model);
	free(m->kernel);
	free(m->psci_version);
	free(m->refusal);
	free(m->psci_conduit);
	free(m->batn);
	free(m->online);
	free(m->possible);
	free(m->lockdown);
}

struct machine_cpu *machine_add_cpu(struct machine *m)
{
	if (!(m->ncpus & (m->ncpus - 1))) /* full: twice as many */
		m->cpus = cli_grow(m->cpus, m->ncpus ? 2 * m->ncpus : 1, sizeof(*m->cpus));
	m->cpus[m->ncpus] = (struct machine_cpu){.enabled = true};
	return &m->cpus[m->ncpus++];
}

void machine_problem(struct machine *m, bool fatal, const char *where, const char *format, ...)
{
	struct problem *problem;
	va_list args;

	if (m->nproblems == PROBLEMS_MAX && !fatal)
		return;
	m->problems = cli_grow(m->problems, m->nproblems + 1, sizeof(*m->problems));
	problem = &m->problems[m->nproblems++];
	problem->fatal = fatal;
	problem->harmless = false;
	problem->where = cli_text("%s", where);
	va_start(args, format);
	problem->what = cli_vtext(format, args);
	va_end(args);
}

void machine_harmless(struct machine *m)
{
	if (m->nproblems)
		m->problems[m->nproblems - 1].harmless = true;
}

bool machine_unknown(const struct machine *m)
{
	for (size_t i = 0; i < m->nproblems; i++)
		if (m->problems[i].fatal)
			return true;
	return false;
}

size_t machine_enabled(const struct machine *m)
{
	size_t n = 0;

	for (size_t i = 0; i < m->ncpus; i++)
		n += m->cpus[i].enabled;
	return n;
}

bool machine_set_kernel(struct machine *m, const char *version)
{
	int length = 0;

	if (sscanf(version, "%5u.%5u%n", &m->major, &m->minor, &length) != 2)
		return false;
	if (strspn(version + length, "0123456789"))
		return false;
	free(m->kernel);
	m->kernel = cli_text("%s", version);
	return true;
}

/* The ID of @cpu in BATN. */
static uint32_t short_id(const struct machine *m, const struct machine_cpu *cpu)
{
	return m->arch == ARCH_ARM64 ? batn_id_of_mpidr(cpu->id) : (uint32_t)cpu->id;
}

static void find_records(struct machine *m)
{
	for (uint32_t i = 0; i < m->batn->ncpus; i++) {
		const struct baton_cpu_record *record = baton_table_record(m->batn, i);

		for (size_t c = 0; c < m->ncpus; c++)
			if (!m->cpus[c].record && short_id(m, &m->cpus[c]) == record->apic_id)
				m->cpus[c].record = record;
	}
}

void machine_check_area(struct machine *m)
{
	const struct baton_table *t = m->batn;

	find_records(m);
	if (m->area) { /* by device tree, there is no mailbox */
		if (t->area != m->area || t->area_size != m->area_size)
			machine_problem(m, false, "BATN",
					"its area is not that of the device tree");
		return;
	}
	if (t->area % PAGE || t->area_size % PAGE || t->area >= BELOW_4_GIB ||
	    t->area + t->area_size > BELOW_4_GIB)
		machine_problem(m, false, "BATN",
				"no area can be at this address: 0x%" PRIx64 ", %" PRIu32 " bytes",
				t->area, t->area_size);
	if (!m->wakeup.present)
		machine_problem(
			m, false, "BATN",
			"there is an area, but the MADT has no wakeup structure: kernels start "
			"the CPUs in it by INIT and SIPI");
	else if (m->wakeup.mailbox != t->mailbox || m->wakeup.reset_vector != t->reset_vector)
		machine_problem(
			m, false, "BATN",
			"its mailbox and reset vector are not those of the MADT: the area is not "
			"the one in use");
}
