/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The CPUs that a MADT lists.  lib/acpi.c only decides whether it is good.  Here a
 * broken one is read, too, as far as possible, to report what is wrong with which entry.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <baton/acpi.h>

#include "cli/cli.h"
#include "lib/x86_64/cpulist.h"
#include "machine.h"

#define MADT "MADT"
#define PAGE 4096u

#define ACPI_MADT_GICC 11
#define GICC_ENABLED 1u
#define GICC_ONLINE_CAPABLE 8u

/* ACPI 6.6, section 5.2.12.14; its length grew with the versions. */
struct madt_gicc {
	struct acpi_madt_entry entry;
	uint16_t reserved;
	uint32_t number;
	uint32_t uid;
	uint32_t flags;
	uint32_t parking_version;
	uint32_t performance_interrupt;
	uint64_t parked_address;
	uint64_t addresses[3];
	uint32_t maintenance_interrupt;
	uint64_t redistributor;
	uint64_t mpidr;
} __attribute__((packed));
_Static_assert(sizeof(struct madt_gicc) == 76, "ACPI 5.1, 5.2.12.14");

/* ACPI 6.6, section 5.2.9: ARM_BOOT_ARCH of the FADT. */
#define FADT_ARM_BOOT 129
#define FADT_ARM_PSCI 1u
#define FADT_ARM_HVC 2u

static void at_entry(struct machine *m, bool fatal, size_t number, const char *what)
{
	char *where = cli_text(MADT ", entry %zu", number);

	machine_problem(m, fatal, where, "%s", what);
	free(where);
}

static void read_cpu(struct machine *m, size_t number, const struct acpi_madt_entry *entry)
{
	struct machine_cpu *cpu;
	struct acpi_cpu acpi;

	if (!acpi_madt_cpu(entry, &acpi)) {
		if (entry->type == ACPI_MADT_LOCAL_APIC
			    ? ((const struct acpi_madt_local_apic *)entry)->flags &
				      ACPI_MADT_ENABLED
			    : ((const struct acpi_madt_local_x2apic *)entry)->flags &
				      ACPI_MADT_ENABLED)
			at_entry(m, false, number, "enabled, but with the broadcast ID: no CPU");
		return;
	}
	cpu = machine_add_cpu(m);
	cpu->id = acpi.apic_id;
	cpu->uid = acpi.uid;
	cpu->enabled = acpi.flags & ACPI_MADT_ENABLED;
	/* Online Capable came with revision 5; before, anything not enabled might be added. */
	cpu->may_come =
		!cpu->enabled && (m->madt_revision < 5 || acpi.flags & ACPI_MADT_ONLINE_CAPABLE);
	m->arch = ARCH_X86_64;
}

static void read_gicc(struct machine *m, const struct madt_gicc *gicc)
{
	struct machine_cpu *cpu = machine_add_cpu(m);

	cpu->id = gicc->mpidr;
	cpu->uid = gicc->uid;
	cpu->enabled = gicc->flags & GICC_ENABLED;
	cpu->may_come = !cpu->enabled && gicc->flags & GICC_ONLINE_CAPABLE;
	cpu->has_release = gicc->parking_version && gicc->parked_address;
	cpu->release_address = gicc->parked_address;
	cpu->method = cpu->has_release ? START_PARKING : START_UNKNOWN;
	m->arch = ARCH_ARM64;
}

static void read_wakeup(struct machine *m, size_t number, const struct acpi_madt_wakeup *entry)
{
	struct wakeup *w = &m->wakeup;

	if (w->present)
		at_entry(m, false, number,
			 "another wakeup structure: only one is allowed; Linux uses the last");
	*w = (struct wakeup){
		.present = true,
		.version = entry->version,
		.length = entry->entry.length,
		.mailbox = entry->mailbox,
	};
	if (w->length >= ACPI_MADT_WAKEUP_LENGTH_V1)
		w->reset_vector = entry->reset_vector;
	w->returns = w->version && w->reset_vector;

	if (w->version && w->length < ACPI_MADT_WAKEUP_LENGTH_V1) {
		at_entry(m, false, number,
			 "wakeup structure of version 1 with the length of version 0: it has "
			 "no room for the reset vector; Linux and baton treat it as version 0");
		machine_harmless(m);
	} else if (w->version && !w->reset_vector)
		at_entry(m, false, number,
			 "wakeup structure of version 1 with a reset vector of 0");
	if (w->version > 1)
		at_entry(m, false, number, "wakeup structure of a version that is not known");
	if (w->mailbox % PAGE)
		at_entry(m, false, number, "the mailbox is not 4 KiB aligned");
}

/* The bytes that an entry of this type needs at least. */
static size_t least(uint8_t type)
{
	return type == ACPI_MADT_GICC ? sizeof(struct madt_gicc) : acpi_madt_entry_min(type);
}

static void read_entry(struct machine *m, size_t number, const struct acpi_madt_entry *entry)
{
	if (entry->length < least(entry->type)) {
		at_entry(m, true, number, "shorter than its type needs");
		return;
	}
	switch (entry->type) {
	case ACPI_MADT_LOCAL_APIC:
	case ACPI_MADT_LOCAL_X2APIC:
		read_cpu(m, number, entry);
		break;
	case ACPI_MADT_WAKEUP:
		read_wakeup(m, number, (const void *)entry);
		break;
	case ACPI_MADT_GICC:
		read_gicc(m, (const void *)entry);
		break;
	}
}

/* Up to the first entry whose length does not lead to the next one. */
static void read_entries(struct machine *m, const uint8_t *at, size_t left)
{
	for (size_t number = 1; left; number++) {
		const struct acpi_madt_entry *entry = (const void *)at;

		if (left < sizeof(*entry)) {
			at_entry(m, true, number, "cut off by the end of the table");
			return;
		}
		if (entry->length < sizeof(*entry)) {
			at_entry(m, true, number,
				 "its length is below 2: the next entry can't be found");
			return;
		}
		if (entry->length > left) {
			at_entry(m, true, number, "reaches beyond the end of the table");
			return;
		}
		read_entry(m, number, entry);
		at += entry->length;
		left -= entry->length;
	}
}

/* Whether an enabled CPU before CPU @i has its ID: check_ids() sees to such. */
static bool is_listed_before(const struct machine *m, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (m->cpus[k].enabled && m->cpus[k].id == m->cpus[i].id)
			return true;
	return false;
}

/* Since 6.7 Linux has the rule of acpi_madt_ignored(); the stage has it always. */
static void ignore_x2apics(struct machine *m, const struct acpi_madt *madt)
{
	const struct acpi_madt_entry *entry = NULL;
	struct acpi_cpu acpi;
	size_t i = 0, ignored = 0;

	while ((entry = acpi_madt_next(madt, entry))) {
		if (!acpi_madt_cpu(entry, &acpi))
			continue;
		if (m->cpus[i].enabled && acpi_madt_ignored(madt, entry) &&
		    !is_listed_before(m, i)) {
			m->cpus[i].enabled = false;
			ignored++;
		}
		i++;
	}
	if (!ignored)
		return;
	machine_problem(m, false, MADT,
			"%zu x2APIC entries with IDs below 255, beside local APIC entries: "
			"Linux 6.7 and later and baton ignore them",
			ignored);
	machine_harmless(m);
}

static int by_id(const void *a, const void *b)
{
	const struct machine_cpu *const *one = a, *const *other = b;

	if ((*one)->id != (*other)->id)
		return (*one)->id < (*other)->id ? -1 : 1;
	return *one < *other ? -1 : *one > *other;
}

static void check_ids(struct machine *m)
{
	struct machine_cpu **sorted = cli_alloc(m->ncpus * sizeof(struct machine_cpu *));
	size_t n = 0;

	for (size_t i = 0; i < m->ncpus; i++)
		if (m->cpus[i].enabled)
			sorted[n++] = &m->cpus[i];
	qsort(sorted, n, sizeof(*sorted), by_id);
	for (size_t i = 1; i < n; i++) {
		if (sorted[i]->id != sorted[i - 1]->id)
			continue;
		machine_problem(m, false, MADT,
				"two enabled CPUs with the ID %" PRIu64 ": the second is ignored",
				sorted[i]->id);
		sorted[i]->enabled = false;
	}
	free(sorted);
	if (!n)
		machine_problem(m, true, MADT, "no CPU is enabled");
}

/* arm64: whether the CPUs that are not parked are PSCI's, only the FADT knows. */
static void read_fadt(struct machine *m, const uint8_t *fadt, size_t size)
{
	unsigned flags = 0;

	if (fadt && size >= FADT_ARM_BOOT + 2)
		flags = fadt[FADT_ARM_BOOT] | (unsigned)fadt[FADT_ARM_BOOT + 1] << 8;
	if (!fadt)
		machine_problem(m, false, "FADT", "missing: whether there is PSCI is not known");
	m->has_psci = flags & FADT_ARM_PSCI;
	if (m->has_psci)
		m->psci_conduit = cli_text(flags & FADT_ARM_HVC ? "hvc" : "smc");
	for (size_t i = 0; m->has_psci && i < m->ncpus; i++)
		m->cpus[i].method = START_PSCI;
}

void madt_read(struct machine *m, const void *table, size_t size, const void *fadt,
	       size_t fadt_size)
{
	const struct acpi_madt *madt = table;
	acpi_error refusal;

	m->has_madt = true;
	if (size < sizeof(*madt) || madt->header.length < sizeof(*madt)) {
		machine_problem(m, true, MADT, "shorter than its fixed part");
		return;
	}
	if (madt->header.length > size) {
		machine_problem(m, true, MADT, "its length is %" PRIu32 ", but there are %zu bytes",
				madt->header.length, size);
		return;
	}
	if (acpi_sum(madt, madt->header.length))
		machine_problem(m, false, MADT,
				acpi_madt_invalidated(madt)
					? "wrong checksum: Linux left it so when it removed the "
					  "mailbox; baton makes it right"
					: "wrong checksum: Linux warns and goes on, baton refuses "
					  "it");
	m->madt_revision = madt->header.revision;
	read_entries(m, (const uint8_t *)(madt + 1), madt->header.length - sizeof(*madt));
	if (m->arch == ARCH_X86_64 && !machine_unknown(m)) {
		refusal = cpulist_judge(madt);
		m->refusal = refusal ? cli_text("%s", refusal) : NULL;
		ignore_x2apics(m, madt);
	}
	check_ids(m);
	if (m->arch == ARCH_ARM64)
		read_fadt(m, fadt, fadt_size);
	for (size_t i = 0; m->arch == ARCH_X86_64 && i < m->ncpus; i++)
		m->cpus[i].method = m->wakeup.present ? START_MAILBOX : START_INIT_SIPI;
}
