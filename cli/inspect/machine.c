/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "machine.h"

#define PROBLEMS_MAX 100 /* there is no use in more */

const char *const architecture_names[] = {
	[ARCH_UNKNOWN] = "unknown", [ARCH_X86_64] = "x86_64", [ARCH_ARM64] = "arm64"};

const char *const method_names[] = {
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
	problem->where = cli_text("%s", where);
	va_start(args, format);
	problem->what = cli_vtext(format, args);
	va_end(args);
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

const char *batn_state_name(uint32_t state)
{
	static const char *const names[] = {
		[BATON_CPU_MISSING] = "missing", [BATON_CPU_COLLECTING] = "collecting",
		[BATON_CPU_HELD] = "held",	 [BATON_CPU_RELEASED] = "released",
		[BATON_CPU_FAILED] = "failed",
	};

	return state < sizeof(names) / sizeof(names[0]) ? names[state] : NULL;
}

const char *batn_wait_name(uint32_t wait)
{
	static const char *const names[] = {[BATON_WAIT_PAUSE] = "pause",
					    [BATON_WAIT_HLT] = "hlt",
					    [BATON_WAIT_MWAIT] = "mwait"};

	return wait < sizeof(names) / sizeof(names[0]) ? names[wait] : NULL;
}

const char *batn_event_name(uint32_t event)
{
	static const char *const names[] = {
		[BATON_EVENT_RETURN] = "return", [BATON_EVENT_RELEASE] = "release",
		[BATON_EVENT_KEPT] = "kept",	 [BATON_EVENT_TEST] = "test",
		[BATON_EVENT_FAILED] = "failed", [BATON_EVENT_COLLECTED] = "collected",
	};

	return event < sizeof(names) / sizeof(names[0]) ? names[event] : NULL;
}
