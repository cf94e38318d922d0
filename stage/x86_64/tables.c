/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "tables.h"
#include <baton/reader.h>
#include <baton/string.h>
#include "lib/x86_64/cpulist.h"
#include "publish.h"
#include "stage/say.h"

#define RSDP_V1_LENGTH 20
#define RSDT_ENTRIES_MAX 256

/* ACPI 6.6, section 5.2.9, FADT. */
#define FADT_PM_TIMER 76 /* I/O port, 32 bits */
#define FADT_FLAGS 112
#define FADT_HW_REDUCED (1u << 20)

static struct tables_memory memory;

/* Those that were there. */
static struct acpi_rsdp *old_rsdp;
static struct acpi_header *old_xsdt, *old_fadt;
static struct acpi_madt *old_madt;

/* The stage's. */
static struct acpi_rsdp *rsdp;
static struct acpi_header *xsdt, *rsdt;
static struct acpi_madt *madt;
static bool s3_hidden;

/* Every table that was made, so that all can be taken back. */
static struct copy {
	void *at;
	size_t size;
	const void *original; /* the table in whose place it is listed, or NULL */
} copies[64];
static size_t ncopies;

static bool refuse(const char *table, uint64_t address, const char *why)
{
	say("%s at 0x%llx: %s", table, (unsigned long long)address, why);
	return false;
}

/* The table @address, checked, or NULL after printing the reason. */
static struct acpi_header *check_table(uint64_t address, const char *signature)
{
	struct acpi_header *table = (struct acpi_header *)address;
	acpi_error error;

	if (!memory.holds(address, sizeof(*table)))
		error = "address outside of memory";
	else if (table->length > ACPI_TABLE_MAX || !memory.holds(address, table->length))
		error = "length reaches outside of memory";
	else
		error = acpi_check_table(table, signature);
	if (error) {
		refuse(signature, address, error);
		return NULL;
	}
	return table;
}

/*
 * A kernel has taken the mailbox out, and nothing else is wrong: there is no mailbox then,
 * and that the list of CPUs is right is shown by those that come.
 */
static void mend_invalidated(uint64_t address)
{
	struct acpi_madt *table = (struct acpi_madt *)address;

	if (!memory.holds(address, sizeof(*table)) || table->header.length > CPULIST_MADT_MAX ||
	    !memory.holds(address, table->header.length) || !acpi_madt_invalidated(table))
		return;
	acpi_set_checksum(&table->header);
	say("an earlier kernel has taken the mailbox's address out of the MADT: "
	    "it could not give its CPUs back");
}

/* The address of the first table @signature of @list, 0 if there is none. */
static uint64_t find(const struct acpi_header *list, const char *signature)
{
	for (size_t i = 0; i < acpi_xsdt_count(list); i++) {
		uint64_t address = acpi_xsdt_entry(list, i);

		if (memory.holds(address, sizeof(struct acpi_header)) &&
		    !memcmp((void *)address, signature, 4))
			return address;
	}
	return 0;
}

/*
 * An RSDP of revision 0 has an RSDT alone, as SeaBIOS's has: the same list in an XSDT.
 * ACPI 6.6, sections 5.2.5.3 and 5.2.7.
 */
static struct acpi_header *list_of_rsdt(const struct acpi_rsdp *from)
{
	static uint64_t list[(sizeof(struct acpi_header) + 7) / 8 + RSDT_ENTRIES_MAX];
	struct acpi_header *to = (struct acpi_header *)list;
	const struct acpi_header *rsdt_found = check_table(from->rsdt, "RSDT");
	size_t n;

	if (!rsdt_found)
		return NULL;
	n = (rsdt_found->length - sizeof(*rsdt_found)) / sizeof(uint32_t);
	if (n > RSDT_ENTRIES_MAX) {
		refuse("RSDT", from->rsdt, "more entries than any machine has");
		return NULL;
	}
	*to = *rsdt_found;
	memcpy(to->signature, "XSDT", sizeof(to->signature));
	to->length = sizeof(*to) + n * sizeof(uint64_t);
	for (size_t i = 0; i < n; i++) {
		uint64_t entry = 0;

		memcpy(&entry, (const uint8_t *)(rsdt_found + 1) + i * sizeof(uint32_t),
		       sizeof(uint32_t));
		memcpy((uint8_t *)(to + 1) + i * sizeof(entry), &entry, sizeof(entry));
	}
	acpi_set_checksum(to);
	return to;
}

/* The root pointer at @address, and the list of tables that it leads to. */
static bool find_list(uint64_t address)
{
	acpi_error error;

	old_rsdp = (struct acpi_rsdp *)address;
	if (!memory.holds(address, RSDP_V1_LENGTH))
		return refuse("RSDP", address, "address outside of memory");
	if (!memcmp(old_rsdp->signature, "RSD PTR ", sizeof(old_rsdp->signature)) &&
	    old_rsdp->revision < 2 && !acpi_sum(old_rsdp, RSDP_V1_LENGTH)) {
		old_xsdt = list_of_rsdt(old_rsdp);
		return old_xsdt;
	}
	if (!memory.holds(address, sizeof(*old_rsdp)))
		return refuse("RSDP", address, "address outside of memory");
	error = acpi_check_rsdp(old_rsdp);
	if (error)
		return refuse("RSDP", address, error);
	old_xsdt = check_table(old_rsdp->xsdt, "XSDT");
	return old_xsdt;
}

bool tables_read(uint64_t rsdp_address, const struct tables_memory *how)
{
	uint64_t address;
	acpi_error error;

	memory = *how;
	if (!find_list(rsdp_address))
		return false;
	address = find(old_xsdt, "APIC");
	if (!address) {
		say("the list of ACPI tables has no MADT");
		return false;
	}
	mend_invalidated(address);
	old_madt = (struct acpi_madt *)check_table(address, "APIC");
	if (!old_madt)
		return false;
	error = cpulist_check(old_madt);
	if (error)
		return refuse("MADT", address, error);
	address = find(old_xsdt, "FACP");
	old_fadt = address ? check_table(address, "FACP") : NULL;
	return !address || old_fadt;
}

const struct acpi_madt *tables_madt(void)
{
	return old_madt;
}

uint64_t tables_batn(size_t *size)
{
	uint64_t address = find(old_xsdt, BATON_TABLE_SIGNATURE);
	uint32_t length = address ? ((const struct acpi_header *)address)->length : 0;

	*size = length <= BATON_TABLE_MAX && memory.holds(address, length) ? length : 0;
	return address;
}

void tables_adopt(void)
{
	rsdp = old_rsdp;
	xsdt = old_xsdt;
	madt = old_madt;
}

uint16_t tables_pm_timer(void)
{
	const uint8_t *fadt = (const uint8_t *)old_fadt;
	uint32_t port, flags;

	if (!fadt || old_fadt->length < FADT_FLAGS + sizeof(flags))
		return 0;
	memcpy(&port, fadt + FADT_PM_TIMER, sizeof(port));
	memcpy(&flags, fadt + FADT_FLAGS, sizeof(flags));
	return port < 0x10000 && !(flags & FADT_HW_REDUCED) ? port : 0;
}

/* The length of the table at @address with @signature (NULL: any), 0 if there is none. */
static uint64_t length_at(uint64_t address, const char *signature)
{
	const struct acpi_header *table = (const struct acpi_header *)address;

	if (!address || !memory.holds(address, sizeof(*table)) ||
	    (signature && memcmp(table->signature, signature, sizeof(table->signature))) ||
	    table->length > ACPI_TABLE_MAX)
		return 0;
	return table->length;
}

bool tables_each(bool (*visit)(uint64_t address, uint64_t length, void *context), void *context)
{
	uint64_t dsdt = old_fadt ? publish_fadt_dsdt(old_fadt) : 0;
	uint64_t list = old_rsdp->revision < 2 ? old_rsdp->rsdt : old_rsdp->xsdt;

	if (!visit((uint64_t)old_rsdp, sizeof(*old_rsdp), context) ||
	    !visit(list, length_at(list, NULL), context) ||
	    !visit(dsdt, length_at(dsdt, "DSDT"), context))
		return false;
	for (size_t i = 0; i < acpi_xsdt_count(old_xsdt); i++) {
		uint64_t address = acpi_xsdt_entry(old_xsdt, i);

		if (!visit(address, length_at(address, NULL), context))
			return false;
	}
	return true;
}

static bool add_room(uint64_t address, uint64_t length, void *context)
{
	uint64_t *room = context;

	(void)address;
	*room += (length + TABLE_ALIGNMENT - 1) / TABLE_ALIGNMENT * TABLE_ALIGNMENT;
	return true;
}

size_t tables_room(void)
{
	uint64_t room = 0;

	/* Each may be copied once, the list twice and longer, the MADT longer. */
	tables_each(add_room, &room);
	add_room(0, publish_xsdt_size(old_xsdt), &room);
	add_room(0, publish_xsdt_size(old_xsdt), &room);
	add_room(0, publish_madt_size(old_madt), &room);
	return room;
}

static void *allocate(size_t size, const void *original)
{
	void *table = NULL;

	if (ncopies < sizeof(copies) / sizeof(copies[0]))
		table = memory.allocate(size);
	if (table)
		copies[ncopies++] = (struct copy){table, size, original};
	else
		say("no memory for an ACPI table of %llu bytes", (unsigned long long)size);
	return table;
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

		if (!memory.holds(address, sizeof(*ssdt)) || memcmp((void *)address, "SSDT", 4))
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

struct acpi_rsdp *tables_build(uint64_t mailbox, uint64_t reset_vector, uint64_t batn)
{
	rsdp = allocate(sizeof(*rsdp), NULL);
	xsdt = allocate(publish_xsdt_size(old_xsdt), NULL);
	madt = allocate(publish_madt_size(old_madt), old_madt);
	rsdt = allocate(publish_xsdt_size(old_xsdt), NULL); /* more than it needs */
	if (!rsdp || !xsdt || !madt || !rsdt)
		return NULL;
	publish_madt(madt, old_madt, mailbox, reset_vector);
	publish_xsdt(xsdt, old_xsdt, (uint64_t)old_madt, (uint64_t)madt, batn);
	if (publish_xsdt_replace(xsdt, find(old_xsdt, BATON_TABLE_SIGNATURE), batn)) {
		xsdt->length -= sizeof(batn); /* it is not needed twice */
		acpi_set_checksum(xsdt);
	}
	if (!hide_in_dsdt() || !hide_in_ssdts())
		return NULL;
	publish_rsdp(rsdp, old_rsdp, (uint64_t)xsdt,
		     publish_rsdt(rsdt, xsdt) ? (uint32_t)(uint64_t)rsdt : 0);
	return rsdp;
}

bool tables_hide_s3(void)
{
	return s3_hidden;
}

void tables_free(void (*release)(void *table, size_t size))
{
	while (ncopies) {
		ncopies--;
		release(copies[ncopies].at, copies[ncopies].size);
	}
}

/*
 * Whether @other leads to a MADT with the stage's wakeup structure: a boot
 * loader may copy the tables to add its own, as GRUB's command "acpi" does.  From
 * then on the copy is what is corrected.
 */
static bool follow_copy(const struct acpi_rsdp *other)
{
	const struct acpi_madt_wakeup *ours = acpi_madt_wakeup(madt), *wakeup;
	struct acpi_header *list;
	struct acpi_madt *copy;
	uint64_t address;

	if (!memory.holds((uint64_t)other, sizeof(*other)) || acpi_check_rsdp(other))
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

bool tables_follow(const struct acpi_rsdp *published)
{
	return published && (published == rsdp || follow_copy(published));
}

size_t tables_disable_cpu(uint32_t apic_id)
{
	return publish_madt_disable(madt, apic_id);
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
