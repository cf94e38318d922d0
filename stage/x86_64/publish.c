/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "publish.h"

#include <baton/string.h>

#define PUBLISHED_RSDP_REVISION 2
#define RSDP_V1_LENGTH 20 /* what the first checksum covers */

/* ACPI 6.6, section 5.2.9. */
#define FADT_DSDT 40
#define FADT_X_DSDT 140

/* ACPI 6.6, section 20.2: what an AML definition of \_S3 is made of. */
#define AML_NAME 0x08
#define AML_PACKAGE 0x12
#define AML_ROOT '\\'
#define AML_PARENT '^'
#define AML_NAME_LENGTH 4

size_t publish_madt_size(const struct acpi_madt *from)
{
	const struct acpi_madt_entry *entry = NULL;
	size_t size = sizeof(*from) + ACPI_MADT_WAKEUP_LENGTH_V1;

	while ((entry = acpi_madt_next(from, entry)))
		if (entry->type != ACPI_MADT_WAKEUP)
			size += entry->length;
	return size;
}

/*
 * Make @entry, of a processor, one that no kernel uses: not enabled, and with
 * the broadcast ID.  The flags alone don't do: Linux 6.1 goes by the revision
 * of the FADT, not of the MADT, when it takes an entry that is not enabled for
 * a processor that may be added later.
 */
static void disable(struct acpi_madt_entry *entry)
{
	struct acpi_madt_local_apic *apic = (void *)entry;
	struct acpi_madt_local_x2apic *x2apic = (void *)entry;

	if (entry->type == ACPI_MADT_LOCAL_APIC) {
		apic->apic_id = 0xff;
		apic->flags &= ~(ACPI_MADT_ENABLED | ACPI_MADT_ONLINE_CAPABLE);
	} else {
		x2apic->apic_id = 0xffffffff;
		x2apic->flags &= ~(ACPI_MADT_ENABLED | ACPI_MADT_ONLINE_CAPABLE);
	}
}

/* Likewise, make it one that is there, and was not added later. */
static void clear_online_capable(struct acpi_madt_entry *entry)
{
	if (entry->type == ACPI_MADT_LOCAL_APIC)
		((struct acpi_madt_local_apic *)entry)->flags &= ~ACPI_MADT_ONLINE_CAPABLE;
	else
		((struct acpi_madt_local_x2apic *)entry)->flags &= ~ACPI_MADT_ONLINE_CAPABLE;
}

static bool has_enabled(const struct acpi_madt *madt, uint32_t apic_id)
{
	const struct acpi_madt_entry *entry = NULL;
	struct acpi_cpu cpu;

	while ((entry = acpi_madt_next(madt, entry)))
		if (acpi_madt_cpu(entry, &cpu) && cpu.flags & ACPI_MADT_ENABLED &&
		    cpu.apic_id == apic_id)
			return true;
	return false;
}

/* Append a copy of @entry; the length of @to always covers what it has so far. */
static struct acpi_madt_entry *append(struct acpi_madt *to, const struct acpi_madt_entry *entry)
{
	struct acpi_madt_entry *copy = (void *)((uint8_t *)to + to->header.length);

	memcpy(copy, entry, entry->length);
	to->header.length += entry->length;
	return copy;
}

void publish_madt(struct acpi_madt *to, const struct acpi_madt *from, uint64_t mailbox,
		  uint64_t reset_vector)
{
	const struct acpi_madt_wakeup wakeup = {
		.entry = {.type = ACPI_MADT_WAKEUP, .length = ACPI_MADT_WAKEUP_LENGTH_V1},
		.version = 1,
		.mailbox = mailbox,
		.reset_vector = reset_vector,
	};
	const struct acpi_madt_entry *entry = NULL;
	struct acpi_cpu cpu;

	*to = *from;
	to->header.revision = PUBLISHED_MADT_REVISION;
	to->header.length = sizeof(*to);

	while ((entry = acpi_madt_next(from, entry))) {
		bool is_cpu = acpi_madt_cpu(entry, &cpu);
		bool unused = is_cpu &&
			      (has_enabled(to, cpu.apic_id) || !(cpu.flags & ACPI_MADT_ENABLED) ||
			       acpi_madt_ignored(from, entry));
		struct acpi_madt_entry *copy;

		if (entry->type == ACPI_MADT_WAKEUP)
			continue;
		copy = append(to, entry);
		if (unused)
			disable(copy);
		else if (is_cpu)
			clear_online_capable(copy);
	}
	append(to, &wakeup.entry);
	acpi_set_checksum(&to->header);
}

size_t publish_madt_disable(struct acpi_madt *madt, uint32_t apic_id)
{
	const struct acpi_madt_entry *entry = NULL;
	struct acpi_cpu cpu;
	size_t count = 0;

	while ((entry = acpi_madt_next(madt, entry))) {
		if (!acpi_madt_cpu(entry, &cpu) || cpu.apic_id != apic_id)
			continue;
		disable((struct acpi_madt_entry *)entry);
		count++;
	}
	acpi_set_checksum(&madt->header);
	return count;
}

size_t publish_xsdt_size(const struct acpi_header *from)
{
	return sizeof(*from) + (acpi_xsdt_count(from) + 1) * sizeof(uint64_t);
}

static void set_xsdt_entry(struct acpi_header *xsdt, size_t index, uint64_t address)
{
	memcpy((uint8_t *)(xsdt + 1) + index * sizeof(address), &address, sizeof(address));
}

void publish_xsdt(struct acpi_header *to, const struct acpi_header *from, uint64_t old_table,
		  uint64_t new_table, uint64_t batn)
{
	size_t count = acpi_xsdt_count(from);

	memcpy(to, from, sizeof(*from) + count * sizeof(uint64_t));
	to->length = publish_xsdt_size(from);
	set_xsdt_entry(to, count, batn);
	publish_xsdt_replace(to, old_table, new_table);
}

size_t publish_xsdt_replace(struct acpi_header *xsdt, uint64_t old_table, uint64_t new_table)
{
	size_t count = 0;

	/* An entry of 0 is an unused one, not a table. */
	for (size_t i = 0; old_table && i < acpi_xsdt_count(xsdt); i++) {
		if (acpi_xsdt_entry(xsdt, i) != old_table)
			continue;
		set_xsdt_entry(xsdt, i, new_table);
		count++;
	}
	acpi_set_checksum(xsdt);
	return count;
}

size_t publish_rsdt_size(const struct acpi_header *xsdt)
{
	return sizeof(*xsdt) + acpi_xsdt_count(xsdt) * sizeof(uint32_t);
}

bool publish_rsdt(struct acpi_header *to, const struct acpi_header *xsdt)
{
	uint8_t *entries = (uint8_t *)(to + 1);

	*to = *xsdt;
	memcpy(to->signature, "RSDT", sizeof(to->signature));
	to->length = publish_rsdt_size(xsdt);
	for (size_t i = 0; i < acpi_xsdt_count(xsdt); i++) {
		uint64_t address = acpi_xsdt_entry(xsdt, i);
		uint32_t low = (uint32_t)address;

		if (address >> 32)
			return false;
		memcpy(entries + i * sizeof(low), &low, sizeof(low));
	}
	acpi_set_checksum(to);
	return true;
}

void publish_rsdp(struct acpi_rsdp *to, const struct acpi_rsdp *from, uint64_t xsdt, uint32_t rsdt)
{
	*to = (struct acpi_rsdp){
		.revision = PUBLISHED_RSDP_REVISION,
		.length = sizeof(*to),
		.rsdt = rsdt,
		.xsdt = xsdt,
	};
	memcpy(to->signature, from->signature, sizeof(to->signature));
	memcpy(to->oem_id, from->oem_id, sizeof(to->oem_id));
	to->checksum = -acpi_sum(to, RSDP_V1_LENGTH);
	to->extended_checksum = -acpi_sum(to, sizeof(*to));
}

static bool has_field(const struct acpi_header *table, size_t offset, size_t size)
{
	return table->length >= offset + size;
}

uint64_t publish_fadt_dsdt(const struct acpi_header *fadt)
{
	const uint8_t *bytes = (const uint8_t *)fadt;
	uint64_t x_dsdt = 0;
	uint32_t dsdt = 0;

	if (has_field(fadt, FADT_X_DSDT, sizeof(x_dsdt)))
		memcpy(&x_dsdt, bytes + FADT_X_DSDT, sizeof(x_dsdt));
	if (has_field(fadt, FADT_DSDT, sizeof(dsdt)))
		memcpy(&dsdt, bytes + FADT_DSDT, sizeof(dsdt));
	return x_dsdt ? x_dsdt : dsdt;
}

void publish_fadt_set_dsdt(struct acpi_header *fadt, uint64_t dsdt)
{
	/* Where the address does not fit, 0 leaves it to X_DSDT alone. */
	uint32_t low = dsdt >> 32 ? 0 : (uint32_t)dsdt;
	uint8_t *bytes = (uint8_t *)fadt;
	bool has_x_dsdt = has_field(fadt, FADT_X_DSDT, sizeof(dsdt));

	if (has_x_dsdt)
		memcpy(bytes + FADT_X_DSDT, &dsdt, sizeof(dsdt));
	if (has_field(fadt, FADT_DSDT, sizeof(low)) && (low || has_x_dsdt))
		memcpy(bytes + FADT_DSDT, &low, sizeof(low));
	acpi_set_checksum(fadt);
}

/*
 * Whether AML has, at @name, the name in a Name (_S3_, Package ...), with or
 * without \ or ^ before it.
 */
static bool is_s3(const uint8_t *aml, size_t length, size_t name)
{
	size_t before = name - 1;

	if (length - name <= AML_NAME_LENGTH || memcmp(aml + name, "_S3_", AML_NAME_LENGTH) ||
	    aml[name + AML_NAME_LENGTH] != AML_PACKAGE)
		return false;
	while (before > sizeof(struct acpi_header) &&
	       (aml[before] == AML_ROOT || aml[before] == AML_PARENT))
		before--;
	return aml[before] == AML_NAME;
}

/* The first such name at or after @at, as an offset into the table; 0 at the end. */
static size_t find_s3(const struct acpi_header *aml, size_t at)
{
	const uint8_t *bytes = (const uint8_t *)aml;

	for (; at < aml->length; at++)
		if (bytes[at] == '_' && is_s3(bytes, aml->length, at))
			return at;
	return 0;
}

/* The earliest place for a name: after the header and a NameOp. */
#define FIRST_NAME (sizeof(struct acpi_header) + 1)

size_t publish_count_s3(const struct acpi_header *aml)
{
	size_t count = 0;

	for (size_t at = FIRST_NAME; (at = find_s3(aml, at)); at++)
		count++;
	return count;
}

size_t publish_hide_s3(struct acpi_header *aml)
{
	size_t count = 0;

	for (size_t at = FIRST_NAME; (at = find_s3(aml, at)); at++) {
		memcpy((uint8_t *)aml + at, "XS3_", AML_NAME_LENGTH);
		count++;
	}
	acpi_set_checksum(aml);
	return count;
}
