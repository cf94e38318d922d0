/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "tables.h"
#include <baton/string.h>
#include "../publish.h"
#include "memory.h"
#include "say.h"

#define BELOW_4G (1ull << 32) /* some fields of the tables are 32 bits wide */

#define MADT_MAX (256u << 10) /* room for 16384 CPUs */

static EFI_GUID acpi20_guid = ACPI_20_TABLE_GUID;
static EFI_SYSTEM_TABLE *system;

/* The firmware's. */
static struct acpi_rsdp *old_rsdp;
static struct acpi_header *old_xsdt, *old_fadt;
static struct acpi_madt *old_madt;

/* The stage's. */
static struct acpi_rsdp *rsdp;
static struct acpi_header *xsdt, *rsdt;
static struct acpi_madt *madt;
static bool installed, s3_hidden;

/* Every table that was made, so that all can be taken back. */
static struct copy {
	void *at;
	size_t size;
	const void *original; /* the firmware's table in whose place it is listed, or NULL */
} copies[64];
static size_t ncopies;

static bool refuse(const char *table, uint64_t address, const char *why)
{
	say("%s at 0x%llx: %s", table, (unsigned long long)address, why);
	return false;
}

/* The table @address, checked, or NULL, and said why. */
static struct acpi_header *check_table(uint64_t address, const char *signature)
{
	struct acpi_header *table = (struct acpi_header *)address;
	acpi_error error;

	if (!memory_holds(address, sizeof(*table)))
		error = "address outside of memory";
	else if (table->length > ACPI_TABLE_MAX || !memory_holds(address, table->length))
		error = "length reaches outside of memory";
	else
		error = acpi_check_table(table, signature);
	if (error) {
		refuse(signature, address, error);
		return NULL;
	}
	return table;
}

/* The address of the first table @signature of @list, 0 if there is none. */
static uint64_t find(const struct acpi_header *list, const char *signature)
{
	for (size_t i = 0; i < acpi_xsdt_count(list); i++) {
		uint64_t address = acpi_xsdt_entry(list, i);

		if (memory_holds(address, sizeof(struct acpi_header)) &&
		    !memcmp((void *)address, signature, 4))
			return address;
	}
	return 0;
}

static EFI_CONFIGURATION_TABLE *configuration_entry(void)
{
	for (UINTN i = 0; i < system->NumberOfTableEntries; i++)
		if (!memcmp(&system->ConfigurationTable[i].VendorGuid, &acpi20_guid,
			    sizeof(acpi20_guid)))
			return &system->ConfigurationTable[i];
	return NULL;
}

bool tables_find(EFI_SYSTEM_TABLE *system_table)
{
	EFI_CONFIGURATION_TABLE *entry;
	uint64_t address;
	acpi_error error;

	system = system_table;
	entry = configuration_entry();
	if (!entry) {
		say("the firmware publishes no ACPI 2.0 tables");
		return false;
	}
	old_rsdp = entry->VendorTable;
	address = (uint64_t)old_rsdp;
	if (!memory_holds(address, sizeof(*old_rsdp)))
		return refuse("RSDP", address, "address outside of memory");
	error = acpi_check_rsdp(old_rsdp);
	if (error)
		return refuse("RSDP", address, error);

	old_xsdt = check_table(old_rsdp->xsdt, "XSDT");
	if (!old_xsdt)
		return false;
	address = find(old_xsdt, "APIC");
	if (!address) {
		say("the XSDT at 0x%llx lists no MADT", (unsigned long long)old_rsdp->xsdt);
		return false;
	}
	old_madt = (struct acpi_madt *)check_table(address, "APIC");
	if (!old_madt)
		return false;
	error = old_madt->header.length > MADT_MAX ? "larger than any machine's"
						   : acpi_madt_check(old_madt);
	if (error)
		return refuse("MADT", address, error);
	if (acpi_madt_wakeup(old_madt))
		return refuse("MADT", address,
			      "there is a wakeup structure already: the CPUs are somebody else's");
	address = find(old_xsdt, "FACP");
	old_fadt = address ? check_table(address, "FACP") : NULL;
	return !address || old_fadt;
}

const struct acpi_madt *tables_madt(void)
{
	return old_madt;
}

static void *allocate(size_t size, const void *original)
{
	void *memory = NULL;

	if (ncopies < sizeof(copies) / sizeof(copies[0]))
		memory = memory_allocate(EfiACPIReclaimMemory, BELOW_4G, size);
	if (memory)
		copies[ncopies++] = (struct copy){memory, size, original};
	else
		say("no memory for an ACPI table of %llu bytes", (unsigned long long)size);
	return memory;
}

static struct acpi_header *copy_of(const struct acpi_header *table)
{
	struct acpi_header *copy = allocate(table->length, table);

	if (copy)
		memcpy(copy, table, table->length);
	return copy;
}

/* Hide S3 in the DSDT, which is found through the FADT, so that this is copied too. */
static bool hide_in_dsdt(void)
{
	struct acpi_header *dsdt, *fadt;
	uint64_t address = old_fadt ? publish_fadt_dsdt(old_fadt) : 0;

	if (!address)
		return true;
	dsdt = check_table(address, "DSDT");
	if (!dsdt)
		return false;
	if (!publish_count_s3(dsdt))
		return true;
	dsdt = copy_of(dsdt);
	fadt = copy_of(old_fadt);
	if (!dsdt || !fadt)
		return false;
	publish_hide_s3(dsdt);
	publish_fadt_set_dsdt(fadt, (uint64_t)dsdt);
	publish_xsdt_replace(xsdt, (uint64_t)old_fadt, (uint64_t)fadt);
	s3_hidden = true;
	return true;
}

static bool hide_in_ssdts(void)
{
	for (size_t i = 0; i < acpi_xsdt_count(old_xsdt); i++) {
		uint64_t address = acpi_xsdt_entry(old_xsdt, i);
		struct acpi_header *ssdt;

		if (!memory_holds(address, sizeof(*ssdt)) || memcmp((void *)address, "SSDT", 4))
			continue;
		ssdt = check_table(address, "SSDT");
		if (!ssdt)
			return false;
		if (!publish_count_s3(ssdt))
			continue;
		ssdt = copy_of(ssdt);
		if (!ssdt)
			return false;
		publish_hide_s3(ssdt);
		publish_xsdt_replace(xsdt, address, (uint64_t)ssdt);
		s3_hidden = true;
	}
	return true;
}

bool tables_build(uint64_t mailbox, uint64_t reset_vector, uint64_t batn)
{
	rsdp = allocate(sizeof(*rsdp), NULL);
	xsdt = allocate(publish_xsdt_size(old_xsdt), NULL);
	madt = allocate(publish_madt_size(old_madt), old_madt);
	rsdt = allocate(publish_xsdt_size(old_xsdt), NULL); /* more than it needs */
	if (!rsdp || !xsdt || !madt || !rsdt)
		return false;
	publish_madt(madt, old_madt, mailbox, reset_vector);
	publish_xsdt(xsdt, old_xsdt, (uint64_t)old_madt, (uint64_t)madt, batn);
	if (!hide_in_dsdt() || !hide_in_ssdts())
		return false;
	publish_rsdp(rsdp, old_rsdp, (uint64_t)xsdt,
		     publish_rsdt(rsdt, xsdt) ? (uint32_t)(uint64_t)rsdt : 0);
	return true;
}

bool tables_hide_s3(void)
{
	return s3_hidden;
}

bool tables_install(void)
{
	EFI_STATUS status = system->BootServices->InstallConfigurationTable(&acpi20_guid, rsdp);

	if (EFI_ERROR(status))
		say("the firmware does not take new ACPI tables: %s", status_text(status));
	installed = !EFI_ERROR(status);
	return installed;
}

void tables_withdraw(void)
{
	if (installed && tables_published())
		system->BootServices->InstallConfigurationTable(&acpi20_guid, old_rsdp);
	while (ncopies) {
		ncopies--;
		memory_free(copies[ncopies].at, copies[ncopies].size);
	}
	installed = false;
}

/*
 * Whether @other leads to a MADT with the stage's wakeup structure: a boot
 * loader may copy the tables to add its own, as GRUB's command "acpi" does.  From
 * then on the copy is what is corrected.
 */
static bool is_copy(const struct acpi_rsdp *other)
{
	const struct acpi_madt_wakeup *ours = acpi_madt_wakeup(madt), *wakeup;
	struct acpi_header *list;
	struct acpi_madt *copy;
	uint64_t address;

	if (!memory_holds((uint64_t)other, sizeof(*other)) || acpi_check_rsdp(other))
		return false;
	list = check_table(other->xsdt, "XSDT");
	address = list ? find(list, "APIC") : 0;
	copy = address ? (struct acpi_madt *)check_table(address, "APIC") : NULL;
	if (!copy || acpi_madt_check(copy))
		return false;
	wakeup = acpi_madt_wakeup(copy);
	if (!wakeup || wakeup->mailbox != ours->mailbox)
		return false;
	xsdt = list;
	rsdt = NULL;
	madt = copy;
	return true;
}

bool tables_published(void)
{
	EFI_CONFIGURATION_TABLE *entry = configuration_entry();

	return entry && (entry->VendorTable == rsdp || is_copy(entry->VendorTable));
}

void tables_disable_cpu(uint32_t apic_id)
{
	publish_madt_disable(madt, apic_id);
}

void tables_fall_back(void)
{
	for (size_t i = 0; i < ncopies; i++)
		if (copies[i].original)
			publish_xsdt_replace(xsdt, (uint64_t)copies[i].at,
					     (uint64_t)copies[i].original);
	publish_xsdt_replace(xsdt, (uint64_t)madt, (uint64_t)old_madt); /* a copy of ours */
	if (rsdt && !publish_rsdt(rsdt, xsdt))
		publish_rsdp(rsdp, old_rsdp, (uint64_t)xsdt, 0);
}
