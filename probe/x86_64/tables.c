/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "tables.h"
#include <baton/cpus.h>
#include <baton/mailbox.h>
#include <baton/port.h>
#include <baton/string.h>
#include "lib/x86_64/guest.h"
#include "probe/memory.h"
#include "probe/options.h"
#include "probe/tap.h"
#include "boot.h"

/* Where a BIOS has the root pointer: ACPI 6.6, 5.2.5.1. */
#define EBDA_SEGMENT 0x40e
#define BIOS_START 0xe0000
#define BIOS_END 0x100000
#define KIB 1024
#define RSDP_V1_LENGTH 20 /* all of it in ACPI 1.0, and what its checksum covers */

#define MADT_REVISION_V0 5 /* the first to have the structure, ACPI 6.4 */
#define MADT_REVISION_V1 7

const struct acpi_madt *tables_found_madt;
const struct acpi_madt_wakeup *tables_found_wakeup;
const struct baton_table *tables_found_batn;

static const struct acpi_header *xsdt;

/*
 * A root pointer of ACPI 1.0, as some BIOSes have it, knows no XSDT: libbaton is
 * given one, and an XSDT, with the same tables.
 */
#define RSDT_ENTRIES_MAX 256
static struct acpi_rsdp made_rsdp;
static struct {
	struct acpi_header header;
	uint64_t entry[RSDT_ENTRIES_MAX];
} __attribute__((packed)) made_xsdt;

/* Whether [address, address + length) is memory, so that it may be looked at. */
static bool readable(uint64_t address, uint64_t length)
{
	enum memory_type type = memory_type(address, address + length);

	return address && address + length > address && type != MEMORY_NONE &&
	       type != MEMORY_DEVICE && type != MEMORY_BAD;
}

static uint64_t scan(uint64_t from, uint64_t to)
{
	for (; from < to; from += 16)
		if (!memcmp((const void *)from, "RSD PTR ", 8) &&
		    !acpi_sum((const void *)from, RSDP_V1_LENGTH))
			return from;
	return 0;
}

uint64_t tables_firmware_rsdp(void)
{
	static uint64_t found;
	uint16_t segment;
	uint64_t ebda;

	if (boot_info.rsdp)
		return boot_info.rsdp;
	if (!found && !boot_info.runtime) {
		segment = *(volatile uint16_t *)EBDA_SEGMENT;
		ebda = (uint64_t)segment << 4;
		if (ebda >= 0x80000 && ebda < 0xa0000)
			found = scan(ebda, ebda + KIB);
		if (!found)
			found = scan(BIOS_START, BIOS_END);
	}
	return found;
}

uint64_t tables_rsdp(void)
{
	return made_rsdp.length ? (uintptr_t)&made_rsdp : tables_firmware_rsdp();
}

/* A table at @address that is whole, or why not. */
static acpi_error look_at(uint64_t address, const char *signature)
{
	const struct acpi_header *table = (const struct acpi_header *)address;

	if (!readable(address, sizeof(*table)))
		return "it is not in memory";
	if (table->length <= ACPI_TABLE_MAX && !readable(address, table->length))
		return "it reaches beyond memory";
	return acpi_check_table(table, signature);
}

/* Of a root pointer without an XSDT; NULL, or why not. */
static acpi_error make_xsdt(const struct acpi_rsdp *old)
{
	const struct acpi_header *rsdt = (const struct acpi_header *)(uintptr_t)old->rsdt;
	acpi_error error = look_at(old->rsdt, "RSDT");
	uint32_t count, entry;

	if (error)
		return error;
	count = (rsdt->length - sizeof(*rsdt)) / sizeof(uint32_t);
	if (count > RSDT_ENTRIES_MAX)
		return "the RSDT is too long";
	made_xsdt.header = *rsdt;
	memcpy(made_xsdt.header.signature, "XSDT", 4);
	made_xsdt.header.length = sizeof(made_xsdt.header) + count * sizeof(uint64_t);
	for (uint32_t i = 0; i < count; i++) {
		memcpy(&entry, (const uint8_t *)(rsdt + 1) + i * sizeof(entry), sizeof(entry));
		made_xsdt.entry[i] = entry;
	}
	acpi_set_checksum(&made_xsdt.header);
	memcpy(made_rsdp.signature, "RSD PTR ", sizeof(made_rsdp.signature));
	made_rsdp.revision = 2;
	made_rsdp.length = sizeof(made_rsdp);
	made_rsdp.xsdt = (uintptr_t)&made_xsdt;
	made_rsdp.checksum = -acpi_sum(&made_rsdp, RSDP_V1_LENGTH);
	made_rsdp.extended_checksum = -acpi_sum(&made_rsdp, sizeof(made_rsdp));
	return NULL;
}

/* The table of that signature in the XSDT, whole or not; 0: there is none. */
static uint64_t listed(const char *signature)
{
	for (size_t i = 0; xsdt && i < acpi_xsdt_count(xsdt); i++) {
		uint64_t at = acpi_xsdt_entry(xsdt, i);

		if (readable(at, sizeof(struct acpi_header)) &&
		    !memcmp((const void *)at, signature, 4))
			return at;
	}
	return 0;
}

const struct acpi_header *tables_get(const char *signature)
{
	uint64_t at = listed(signature);

	return at && !look_at(at, signature) ? (const struct acpi_header *)at : NULL;
}

static void check_rsdp(void)
{
	static const struct check check = {"rsdp", "there is a root pointer", "ACPI 6.6, 5.2.5.3"};
	const struct acpi_rsdp *rsdp = (const struct acpi_rsdp *)tables_firmware_rsdp();
	acpi_error error = NULL;

	tap_begin(&check);
	if (!rsdp)
		tap_fault("there is none");
	else if (!readable((uintptr_t)rsdp, sizeof(*rsdp)))
		tap_fault("it is not in memory: 0x%llx", (unsigned long long)(uintptr_t)rsdp);
	else if (!rsdp->revision && !acpi_sum(rsdp, RSDP_V1_LENGTH))
		error = make_xsdt(rsdp);
	else
		error = acpi_check_rsdp(rsdp);
	if (error)
		tap_fault("%s", error);
	rsdp = (const struct acpi_rsdp *)tables_rsdp();
	if (rsdp && tap_good())
		xsdt = (const struct acpi_header *)rsdp->xsdt;
	tap_end();
	if (made_rsdp.length)
		tap_remark("the root pointer is that of ACPI 1.0: there is an RSDT only");
}

static void check_xsdt(void)
{
	static const struct check check = {"xsdt", "the XSDT is whole", "ACPI 6.6, 5.2.8"};
	acpi_error error;

	tap_begin(&check);
	if (!xsdt) {
		tap_skip("no root pointer");
		return;
	}
	error = look_at((uintptr_t)xsdt, "XSDT");
	if (error) {
		tap_fault("%s", error);
		xsdt = NULL;
	}
	tap_end();
}

static void check_madt(void)
{
	static const struct check check = {"madt", "the MADT is whole, and each entry long enough",
					   "ACPI 6.6, 5.2.12"};
	uint64_t at = listed("APIC");
	acpi_error error;

	tap_begin(&check);
	if (!xsdt) {
		tap_skip("no XSDT");
		return;
	}
	if (!at) {
		tap_fault("the XSDT has none");
		tap_end();
		return;
	}
	error = look_at(at, "APIC");
	if (!error)
		error = acpi_madt_check((const struct acpi_madt *)at);
	if (error)
		tap_fault("%s", error);
	else
		tables_found_madt = (const struct acpi_madt *)at;
	tap_end();
}

/* Every CPU once, this one among them. */
static void check_cpus(void)
{
	static const struct check check = {"madt-cpus",
					   "each enabled CPU is listed once, this one among them",
					   "ACPI 6.6, 5.2.12.2, 5.2.12.12"};
	const struct acpi_madt_entry *entry = NULL, *other;
	uint32_t self = (uint32_t)baton_port_cpu_id();
	struct acpi_cpu cpu, same;
	bool here = false;

	tap_begin(&check);
	while ((entry = acpi_madt_next(tables_found_madt, entry))) {
		if (!acpi_madt_cpu(entry, &cpu) || !(cpu.flags & ACPI_MADT_ENABLED))
			continue;
		here |= cpu.apic_id == self;
		for (other = NULL; (other = acpi_madt_next(tables_found_madt, other)) != entry;)
			if (acpi_madt_cpu(other, &same) && same.flags & ACPI_MADT_ENABLED &&
			    same.apic_id == cpu.apic_id)
				tap_fault("APIC ID 0x%x has two entries", cpu.apic_id);
	}
	if (!here)
		tap_fault("the boot CPU, APIC ID 0x%x, has none", self);
	tap_end();
}

/* The wakeup structure. */

static size_t count_wakeups(void)
{
	const struct acpi_madt_entry *entry = NULL;
	size_t count = 0;

	while ((entry = acpi_madt_next(tables_found_madt, entry)))
		count += entry->type == ACPI_MADT_WAKEUP;
	return count;
}

static bool check_wakeup(void)
{
	static const struct check check = {"wakeup", "there is one wakeup structure", MAILBOX_SPEC};
	size_t count = count_wakeups();

	tap_begin(&check);
	if (!count) {
		tap_skip(guest_is_tdx() ? "there is none, and no CPU hears INIT here"
					: "there is none: CPUs come by INIT and SIPI");
		return false;
	}
	if (count > 1)
		tap_fault("there are %u", (unsigned)count);
	tap_end();
	tables_found_wakeup = acpi_madt_wakeup(tables_found_madt);
	return true;
}

static void check_version(void)
{
	static const struct check version = {"wakeup-version", "the version is 0 or 1",
					     MAILBOX_SPEC};
	static const struct check length = {"wakeup-length", "the length goes with the version",
					    MAILBOX_SPEC};
	static const struct check reserved = {"wakeup-reserved", "the reserved field is 0",
					      MAILBOX_SPEC};
	static const struct check revision = {
		"madt-revision", "the MADT's revision goes with the version", "ACPI 6.6, 5.2.12"};
	unsigned expected = tables_found_wakeup->version ? ACPI_MADT_WAKEUP_LENGTH_V1
							 : ACPI_MADT_WAKEUP_LENGTH_V0;
	unsigned oldest = tables_found_wakeup->version ? MADT_REVISION_V1 : MADT_REVISION_V0;

	tap_begin(&version);
	if (tables_found_wakeup->version > 1)
		tap_fault("it is %u", tables_found_wakeup->version);
	tap_begin(&length);
	if (tables_found_wakeup->entry.length != expected)
		tap_fault("the length is %u, and %u in version %u",
			  tables_found_wakeup->entry.length, expected,
			  tables_found_wakeup->version);
	tap_begin(&reserved);
	if (tables_found_wakeup->reserved)
		tap_fault("it is 0x%x", tables_found_wakeup->reserved);
	tap_begin(&revision);
	if (tables_found_madt->header.revision < oldest)
		tap_fault("the revision is %u: version %u came with %u",
			  tables_found_madt->header.revision, tables_found_wakeup->version, oldest);
	tap_end();
}

/* Memory that no kernel takes for itself. */
static bool is_kept(enum memory_type type)
{
	return type == MEMORY_RESERVED || type == MEMORY_NVS;
}

/* It is not safe to write to memory that held CPUs may use. */
static void leave_memory_alone(uint64_t page)
{
	memory_set(page, page + PAGE_SIZE, MEMORY_RESERVED);
	options.fill = 0;
}

static void check_mailbox(void)
{
	static const struct check aligned = {"mailbox-aligned", "the mailbox is aligned to 4 KiB",
					     MAILBOX_SPEC};
	static const struct check memory = {"mailbox-memory",
					    "the mailbox is in memory that kernels leave alone",
					    MAILBOX_SPEC "; contract, 2"};
	static const struct check idle = {"mailbox-idle", "the mailbox holds no command",
					  MAILBOX_SPEC "; contract, 3"};
	const struct baton_mailbox *mailbox =
		(const struct baton_mailbox *)tables_found_wakeup->mailbox;
	enum memory_type type = memory_type(tables_found_wakeup->mailbox,
					    tables_found_wakeup->mailbox + sizeof(*mailbox));

	tap_begin(&aligned);
	if (!mailbox || tables_found_wakeup->mailbox % sizeof(*mailbox))
		tap_fault("it is at 0x%llx", (unsigned long long)tables_found_wakeup->mailbox);
	tap_begin(&memory);
	if (!is_kept(type)) {
		tap_fault("at 0x%llx: %s", (unsigned long long)tables_found_wakeup->mailbox,
			  memory_type_name(type));
		leave_memory_alone(tables_found_wakeup->mailbox & ~(uint64_t)(PAGE_SIZE - 1));
	}
	tap_begin(&idle);
	if (!mailbox || !readable(tables_found_wakeup->mailbox, sizeof(*mailbox))) {
		tap_skip("the mailbox can't be read");
		return;
	}
	if (mailbox->command || mailbox->reserved)
		tap_fault("the command is %u, the reserved field 0x%x", mailbox->command,
			  mailbox->reserved);
	tap_end();
}

static void check_reset_vector(void)
{
	static const struct check there = {"reset-vector", "there is a reset vector", MAILBOX_SPEC};
	static const struct check memory = {
		"reset-vector-memory", "the reset vector is in memory that kernels leave alone",
		MAILBOX_SPEC "; contract, 2"};
	uint64_t page, vector;
	enum memory_type type;

	if (!tables_found_wakeup->version ||
	    tables_found_wakeup->entry.length < ACPI_MADT_WAKEUP_LENGTH_V1) {
		tap_skipped(&there, "version 0: CPUs are given away for good");
		tap_skipped(&memory, "version 0");
		return;
	}
	vector = tables_found_wakeup->reset_vector;
	page = vector & ~(uint64_t)(PAGE_SIZE - 1);
	tap_begin(&there);
	if (!vector) {
		tap_fault("it is 0: CPUs can't be returned");
		tap_end();
		tap_skipped(&memory, "there is none");
		return;
	}
	tap_begin(&memory);
	type = memory_type(page, page + PAGE_SIZE);
	if (!is_kept(type)) {
		tap_fault("at 0x%llx: %s", (unsigned long long)vector, memory_type_name(type));
		leave_memory_alone(page);
	}
	tap_end();
}

/* CPUs that could be added later are not held with the others. */
static void check_online_capable(void)
{
	static const struct check check = {"online-capable", "no CPU is offered for later",
					   "contract, 2"};
	const struct acpi_madt_entry *entry = NULL;
	struct acpi_cpu cpu;

	tap_begin(&check);
	if (!tables_found_batn) {
		tap_skip("only the contract asks for it: no BATN table");
		return;
	}
	while ((entry = acpi_madt_next(tables_found_madt, entry)))
		if (acpi_madt_cpu(entry, &cpu) && cpu.flags & ACPI_MADT_ONLINE_CAPABLE)
			tap_fault("APIC ID 0x%x is Online Capable", cpu.apic_id);
	tap_end();
}

void tables_check(void)
{
	check_rsdp();
	check_xsdt();
	check_madt();
	if (!tables_found_madt)
		return;
	check_cpus();
	if (!check_wakeup())
		return;
	check_version();
	check_mailbox();
	check_reset_vector();
	tables_found_batn = (const struct baton_table *)tables_get(BATON_TABLE_SIGNATURE);
	check_online_capable();
}
