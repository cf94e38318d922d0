/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* The BATN table as inspect, ledger and report get it. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <baton/acpi.h>
#include <baton/x86_64/area.h>

#include "cli/cli.h"
#include "cli/inspect/machine.h"
#include "reserved.h"

#define TRIES 100
#define PAUSE_US 1000
#define BELOW_4_GIB (1ull << 32)
#define PAGE 4096u

/* What came of /dev/mem, by which the area of the device tree is read. */
static const char *why_unreadable(int error)
{
	switch (error) {
	case EACCES:
		return "the area is read by /dev/mem: be root";
	case EPERM:
		return "the kernel lets nobody read the area by /dev/mem: it is locked down, or "
		       "wants to be booted with iomem=relaxed";
	case ENXIO:
		return "the area can't be read: this kernel has no /dev/mem";
	default:
		return strerror(error);
	}
}

/* From the device tree's reserved memory; whoever has ACPI has no such node. */
static void *read_reserved(size_t *size)
{
	void *table = cli_alloc(BATON_TABLE_MAX);

	*size = reserved_table(table, BATON_TABLE_MAX);
	if (*size)
		return table;
	free(table);
	return NULL;
}

static struct baton_table *load(const char *path, const char **why)
{
	for (int tries = 0; tries < TRIES; tries++) {
		size_t size;
		struct baton_table *table =
			path ? cli_read_file(path, BATON_TABLE_MAX, &size) : read_reserved(&size);

		if (!table) {
			*why = path ? strerror(errno) : why_unreadable(errno);
			return NULL;
		}
		*why = baton_table_check(table, size);
		if (!*why)
			return table;
		free(table);
		if (path && !strcmp(path, "-")) /* can't be read twice */
			break;
		usleep(PAUSE_US);
	}
	errno = EBADMSG;
	return NULL;
}

struct baton_table *batn_load(const char *path, const char **why)
{
	return load(path, why);
}

struct baton_table *batn_load_live(const char **why)
{
	struct baton_table *table = load(BATN_LIVE, why);

	return table || errno != ENOENT ? table : load(NULL, why);
}

/* The ID that BATN has for @cpu: an MPIDR without what is not affinity. */
static uint32_t short_id(const struct machine *m, const struct machine_cpu *cpu)
{
	if (m->arch != ARCH_ARM64)
		return (uint32_t)cpu->id;
	return (uint32_t)((cpu->id & 0xffffff) | (cpu->id >> 32 & 0xff) << 24);
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
	if (m->area) { /* the device tree has it, and knows no mailbox */
		if (t->area != m->area || t->area_size != m->area_size)
			machine_problem(m, false, "BATN", "it is not where the device tree says");
		return;
	}
	if (t->area % PAGE || t->area_size % PAGE || t->area >= BELOW_4_GIB ||
	    t->area + t->area_size > BELOW_4_GIB)
		machine_problem(m, false, "BATN",
				"the area is not where one can be: 0x%" PRIx64 ", %" PRIu32
				" bytes",
				t->area, t->area_size);
	if (!m->wakeup.present)
		machine_problem(
			m, false, "BATN",
			"there is an area, but the MADT has no wakeup structure: kernels take the "
			"CPUs out of it by INIT and SIPI");
	else if (m->wakeup.mailbox != t->mailbox || m->wakeup.reset_vector != t->reset_vector)
		machine_problem(
			m, false, "BATN",
			"its mailbox and reset vector are not those of the MADT: the area is not "
			"the one in use");
}
