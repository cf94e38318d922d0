/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* The firmware's MADT: checking it, listing its CPUs, and making ours of it. */
#include "fuzz.h"

#include "stage/x86_64/publish.h"

#define MAILBOX 0x0000004433221000
#define RESET_VECTOR 0x0000004433223000
#define CPUS_MAX 64

static void check_wakeup(const struct acpi_madt *madt)
{
	const struct acpi_madt_wakeup *wakeup = acpi_madt_wakeup(madt);

	promise(wakeup && wakeup->version == 1);
	promise(wakeup->mailbox == MAILBOX && wakeup->reset_vector == RESET_VECTOR);
	promise((const uint8_t *)(wakeup + 1) == (const uint8_t *)madt + madt->header.length);
}

/* What is published has the enabled CPUs of @from, and none that could be added later. */
static void check_cpus(const struct acpi_madt *madt, const struct acpi_madt *from)
{
	struct acpi_cpu was[CPUS_MAX], is[CPUS_MAX], cpu;
	const struct acpi_madt_entry *entry = NULL;
	size_t count = acpi_madt_cpus(from, was, CPUS_MAX), all = 0;

	promise(acpi_madt_cpus(madt, is, CPUS_MAX) == count);
	for (size_t i = 0; i < count && i < CPUS_MAX; i++)
		promise(was[i].apic_id == is[i].apic_id && was[i].uid == is[i].uid);
	while ((entry = acpi_madt_next(madt, entry)))
		if (acpi_madt_cpu(entry, &cpu)) {
			promise(cpu.flags & ACPI_MADT_ENABLED);
			promise(!(cpu.flags & ACPI_MADT_ONLINE_CAPABLE));
			all++;
		}
	promise(all == count);
}

static void check_disable(struct acpi_madt *madt)
{
	struct acpi_cpu cpu;
	size_t count = acpi_madt_cpus(madt, &cpu, 1);

	if (!count)
		return;
	promise(publish_madt_disable(madt, cpu.apic_id) == 1);
	promise(!acpi_madt_check(madt));
	promise(acpi_madt_cpus(madt, NULL, 0) == count - 1);
}

static void publish(const struct acpi_madt *from)
{
	size_t size = publish_madt_size(from);
	struct acpi_madt *to = exact(size);

	publish_madt(to, from, MAILBOX, RESET_VECTOR);
	promise(to->header.length == size);
	promise(!acpi_madt_check(to));
	check_wakeup(to);
	check_cpus(to, from);
	check_disable(to);
	free(to);
}

/* As it is, with the checksum that it has: a kernel may have taken the mailbox out. */
static void take_for_invalidated(const uint8_t *data, size_t size)
{
	struct acpi_madt *madt = exact_copy(data, size);

	if (madt->header.length > size)
		madt->header.length = (uint32_t)size;
	if (acpi_madt_invalidated(madt)) {
		promise(acpi_madt_check(madt));
		acpi_set_checksum(&madt->header);
		promise(!acpi_madt_check(madt));
		promise(!acpi_madt_wakeup(madt)->mailbox);
	}
	free(madt);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct acpi_madt *madt;

	if (size < sizeof(struct acpi_header))
		return 0;
	madt = exact_table(data, size);
	if (!acpi_madt_check(madt))
		publish(madt);
	free(madt);
	take_for_invalidated(data, size);
	return 0;
}
