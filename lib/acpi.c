/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include <baton/acpi.h>
#include <baton/string.h>

#define RSDP_V1_LENGTH 20 /* what the first checksum covers */

/* Later revisions may append to the RSDP, but not without measure. */
#define RSDP_LENGTH_MAX 256

#define LOCAL_APIC_BROADCAST 0xffu
#define LOCAL_X2APIC_BROADCAST 0xffffffffu

uint8_t acpi_sum(const void *data, size_t length)
{
	const uint8_t *byte = data;
	uint8_t sum = 0;

	for (size_t i = 0; i < length; i++)
		sum += byte[i];
	return sum;
}

void acpi_set_checksum(struct acpi_header *header)
{
	header->checksum = 0;
	header->checksum = -acpi_sum(header, header->length);
}

acpi_error acpi_check_rsdp(const struct acpi_rsdp *rsdp)
{
	if (memcmp(rsdp->signature, "RSD PTR ", sizeof(rsdp->signature)))
		return "wrong signature";
	if (acpi_sum(rsdp, RSDP_V1_LENGTH))
		return "wrong checksum";
	if (rsdp->revision < 2)
		return "revision below 2, so there is no XSDT";
	if (rsdp->length < sizeof(*rsdp) || rsdp->length > RSDP_LENGTH_MAX)
		return "length out of range";
	if (acpi_sum(rsdp, rsdp->length))
		return "wrong extended checksum";
	if (!rsdp->xsdt)
		return "no XSDT address";
	return NULL;
}

static acpi_error check_header(const struct acpi_header *table, const char *signature)
{
	if (memcmp(table->signature, signature, sizeof(table->signature)))
		return "wrong signature";
	if (table->length < sizeof(*table))
		return "length below that of the header";
	if (table->length > ACPI_TABLE_MAX)
		return "length beyond that of any credible table";
	return NULL;
}

acpi_error acpi_check_table(const struct acpi_header *table, const char *signature)
{
	acpi_error error = check_header(table, signature);

	if (error)
		return error;
	return acpi_sum(table, table->length) ? "wrong checksum" : NULL;
}

size_t acpi_xsdt_count(const struct acpi_header *xsdt)
{
	return (xsdt->length - sizeof(*xsdt)) / sizeof(uint64_t);
}

uint64_t acpi_xsdt_entry(const struct acpi_header *xsdt, size_t index)
{
	const uint8_t *entries = (const uint8_t *)(xsdt + 1);
	uint64_t address;

	memcpy(&address, entries + index * sizeof(address), sizeof(address));
	return address;
}

const struct acpi_madt_entry *acpi_madt_next(const struct acpi_madt *madt,
					     const struct acpi_madt_entry *previous)
{
	const uint8_t *end = (const uint8_t *)madt + madt->header.length;
	const uint8_t *next = (const uint8_t *)(madt + 1);

	if (previous)
		next = (const uint8_t *)previous + previous->length;
	return next < end ? (const struct acpi_madt_entry *)next : NULL;
}

bool acpi_madt_cpu(const struct acpi_madt_entry *entry, struct acpi_cpu *cpu)
{
	const struct acpi_madt_local_apic *apic = (const void *)entry;
	const struct acpi_madt_local_x2apic *x2apic = (const void *)entry;

	switch (entry->type) {
	case ACPI_MADT_LOCAL_APIC:
		*cpu = (struct acpi_cpu){apic->apic_id, apic->uid, apic->flags};
		return cpu->apic_id != LOCAL_APIC_BROADCAST;
	case ACPI_MADT_LOCAL_X2APIC:
		*cpu = (struct acpi_cpu){x2apic->apic_id, x2apic->uid, x2apic->flags};
		return cpu->apic_id != LOCAL_X2APIC_BROADCAST;
	default:
		return false;
	}
}

size_t acpi_madt_entry_min(uint8_t type)
{
	switch (type) {
	case ACPI_MADT_LOCAL_APIC:
		return sizeof(struct acpi_madt_local_apic);
	case ACPI_MADT_LOCAL_X2APIC:
		return sizeof(struct acpi_madt_local_x2apic);
	case ACPI_MADT_WAKEUP:
		return ACPI_MADT_WAKEUP_LENGTH_V0;
	default:
		return sizeof(struct acpi_madt_entry);
	}
}

/* The length is that of a table, and all of it is there. */
static acpi_error check_entries(const struct acpi_madt *madt)
{
	const uint8_t *at = (const uint8_t *)(madt + 1);
	size_t left;

	if (madt->header.length < sizeof(*madt))
		return "length below that of the fixed part";

	for (left = madt->header.length - sizeof(*madt); left;) {
		const struct acpi_madt_entry *entry = (const void *)at;

		if (left < sizeof(*entry))
			return "truncated entry at the end";
		if (entry->length < sizeof(*entry))
			return "entry with a length below 2";
		if (entry->length > left)
			return "entry reaches beyond the end of the table";
		if (entry->length < acpi_madt_entry_min(entry->type))
			return "entry shorter than its type needs";
		at += entry->length;
		left -= entry->length;
	}
	return NULL;
}

acpi_error acpi_madt_check(const struct acpi_madt *madt)
{
	acpi_error error = acpi_check_table(&madt->header, "APIC");

	return error ? error : check_entries(madt);
}

bool acpi_madt_invalidated(const struct acpi_madt *madt)
{
	const struct acpi_madt_entry *entry = NULL;
	const struct acpi_madt_wakeup *wakeup = NULL;

	if (check_header(&madt->header, "APIC") || check_entries(madt) ||
	    !acpi_sum(madt, madt->header.length))
		return false;
	while ((entry = acpi_madt_next(madt, entry))) {
		if (entry->type != ACPI_MADT_WAKEUP)
			continue;
		if (wakeup)
			return false;
		wakeup = (const void *)entry;
	}
	return wakeup && !wakeup->mailbox;
}

const struct acpi_madt_wakeup *acpi_madt_wakeup(const struct acpi_madt *madt)
{
	const struct acpi_madt_entry *entry = NULL;

	while ((entry = acpi_madt_next(madt, entry)))
		if (entry->type == ACPI_MADT_WAKEUP)
			return (const void *)entry;
	return NULL;
}

uint64_t acpi_wakeup_reset_vector(const struct acpi_madt_wakeup *wakeup)
{
	if (wakeup->version == 0 || wakeup->entry.length < ACPI_MADT_WAKEUP_LENGTH_V1)
		return 0;
	return wakeup->reset_vector;
}

/* Whether the MADT has an enabled processor of type 0, whose APIC ID has 8 bits. */
static bool has_local_apic(const struct acpi_madt *madt)
{
	const struct acpi_madt_entry *entry = NULL;
	struct acpi_cpu cpu;

	while ((entry = acpi_madt_next(madt, entry)))
		if (entry->type == ACPI_MADT_LOCAL_APIC && acpi_madt_cpu(entry, &cpu) &&
		    cpu.flags & ACPI_MADT_ENABLED)
			return true;
	return false;
}

bool acpi_madt_ignored(const struct acpi_madt *madt, const struct acpi_madt_entry *entry)
{
	struct acpi_cpu cpu;

	return entry->type == ACPI_MADT_LOCAL_X2APIC && acpi_madt_cpu(entry, &cpu) &&
	       cpu.apic_id < LOCAL_APIC_BROADCAST && has_local_apic(madt);
}

/* Whether an entry before @end makes a CPU of @apic_id. */
static bool listed_before(const struct acpi_madt *madt, const struct acpi_madt_entry *end,
			  uint32_t apic_id)
{
	const struct acpi_madt_entry *entry = NULL;
	struct acpi_cpu cpu;

	while ((entry = acpi_madt_next(madt, entry)) != end)
		if (acpi_madt_cpu(entry, &cpu) && cpu.flags & ACPI_MADT_ENABLED &&
		    cpu.apic_id == apic_id && !acpi_madt_ignored(madt, entry))
			return true;
	return false;
}

const struct acpi_madt_entry *acpi_madt_next_cpu(const struct acpi_madt *madt,
						 const struct acpi_madt_entry *entry,
						 struct acpi_cpu *cpu)
{
	while ((entry = acpi_madt_next(madt, entry)))
		if (acpi_madt_cpu(entry, cpu) && cpu->flags & ACPI_MADT_ENABLED &&
		    !acpi_madt_ignored(madt, entry) && !listed_before(madt, entry, cpu->apic_id))
			break;
	return entry;
}

size_t acpi_madt_cpus(const struct acpi_madt *madt, struct acpi_cpu *cpus, size_t max)
{
	const struct acpi_madt_entry *entry = NULL;
	struct acpi_cpu cpu;
	size_t count = 0;

	while ((entry = acpi_madt_next_cpu(madt, entry, &cpu))) {
		if (count < max)
			cpus[count] = cpu;
		count++;
	}
	return count;
}
