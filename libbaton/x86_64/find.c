/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* Which CPUs there are, and by what method they come: from the ACPI tables. */
#include "x86.h"
#include <baton/acpi.h>
#include <baton/mailbox.h>
#include <baton/string.h>
#include <baton/table.h>
#include "lib/x86_64/guest.h"

#define RSDP_LENGTH_MAX 256
#define DAMAGED 1 /* of map_table(), beside 0 and BATON_E_MAP */

static void unmap_table(void *table)
{
	baton_port_unmap(table, ((struct acpi_header *)table)->length);
}

/*
 * Map what is said to be a table, all of it.  Its length is read twice: it must
 * not change in between.
 */
static int map_unchecked(uint64_t address, void **table)
{
	struct acpi_header *header = baton_port_map(address, sizeof(*header), BATON_MEMORY_NORMAL);
	uint32_t length;

	if (!header)
		return BATON_E_MAP;
	length = header->length;
	baton_port_unmap(header, sizeof(*header));
	if (length < sizeof(*header) || length > ACPI_TABLE_MAX || address + length < address)
		return DAMAGED;
	header = baton_port_map(address, length, BATON_MEMORY_NORMAL);
	if (!header)
		return BATON_E_MAP;
	if (header->length == length) {
		*table = header;
		return 0;
	}
	baton_port_unmap(header, length);
	return DAMAGED;
}

/* Map the table at @address, and check it. */
static int map_table(uint64_t address, const char *signature, void **table)
{
	int error = map_unchecked(address, table);

	if (!error && acpi_check_table(*table, signature)) {
		unmap_table(*table);
		return DAMAGED;
	}
	return error;
}

/* The XSDT that the RSDP at @address names. */
static int map_xsdt(uint64_t address, void **xsdt)
{
	struct acpi_rsdp *rsdp = baton_port_map(address, sizeof(*rsdp), BATON_MEMORY_NORMAL);
	uint32_t length;
	uint64_t xsdt_address = 0;
	int error;

	if (!rsdp)
		return BATON_E_MAP;
	length = rsdp->length;
	baton_port_unmap(rsdp, sizeof(*rsdp));
	if (length < sizeof(*rsdp) || length > RSDP_LENGTH_MAX)
		return BATON_E_RSDP;
	rsdp = baton_port_map(address, length, BATON_MEMORY_NORMAL);
	if (!rsdp)
		return BATON_E_MAP;
	if (rsdp->length == length && !acpi_check_rsdp(rsdp))
		xsdt_address = rsdp->xsdt;
	baton_port_unmap(rsdp, length);
	if (!xsdt_address)
		return BATON_E_RSDP;
	error = map_table(xsdt_address, "XSDT", xsdt);
	return error == DAMAGED ? BATON_E_XSDT : error;
}

/* The address of the first table in @xsdt with @signature; 0: there is none. */
static uint64_t find_table(const struct acpi_header *xsdt, const char *signature)
{
	for (size_t i = 0; i < acpi_xsdt_count(xsdt); i++) {
		uint64_t address = acpi_xsdt_entry(xsdt, i);
		struct acpi_header *header =
			baton_port_map(address, sizeof(*header), BATON_MEMORY_NORMAL);
		bool found;

		if (!header)
			continue;
		found = !memcmp(header->signature, signature, sizeof(header->signature));
		baton_port_unmap(header, sizeof(*header));
		if (found)
			return address;
	}
	return 0;
}

static void add_cpu(struct baton_cpu *cpu, const struct acpi_cpu *listed, uint32_t state)
{
	/* The caller may have filled in what is its own before. */
	cpu->id = listed->apic_id;
	cpu->uid = listed->uid;
	cpu->crash = 0;
	cpu->flags = 0;
	cpu->since_us = 0;
	__atomic_store_n(&cpu->state, state, __ATOMIC_RELEASE);
}

/* The enabled CPUs: the calling one first, then as the MADT has them. */
static int read_cpus(struct baton_machine *machine, const struct acpi_madt *madt)
{
	const struct acpi_madt_entry *entry = NULL;
	uint64_t self = baton_port_cpu_id();
	struct acpi_cpu listed;

	machine->listed = (uint32_t)acpi_madt_cpus(madt, NULL, 0);
	while ((entry = acpi_madt_next_cpu(madt, entry, &listed)))
		if (listed.apic_id == self)
			break;
	if (!entry)
		return BATON_E_BOOT_CPU;
	add_cpu(&machine->cpu[0], &listed, BATON_ONLINE);
	machine->ncpus = 1;

	entry = NULL;
	while (machine->ncpus < machine->max_cpus &&
	       (entry = acpi_madt_next_cpu(madt, entry, &listed)))
		if (listed.apic_id != self)
			add_cpu(&machine->cpu[machine->ncpus++], &listed, BATON_OFFLINE);
	return 0;
}

/* What the MADT says of a mailbox. */
static int read_wakeup(struct baton_machine *machine, const struct acpi_madt *madt)
{
	const struct acpi_madt_entry *entry = NULL;
	const struct acpi_madt_wakeup *wakeup = NULL;

	while ((entry = acpi_madt_next(madt, entry))) {
		if (entry->type != ACPI_MADT_WAKEUP)
			continue;
		if (wakeup)
			return BATON_E_WAKEUP;
		wakeup = (const void *)entry;
	}
	if (!wakeup) {
		/* There no CPU hears INIT, and one that is sent it is still its holder's. */
		if (guest_is_tdx())
			return BATON_E_NO_METHOD;
		machine->method = BATON_INIT_SIPI;
		return 0;
	}
	if (!wakeup->mailbox)
		return BATON_E_INVALIDATED;
	if (wakeup->mailbox % BATON_MAILBOX_SIZE)
		return BATON_E_WAKEUP;
	machine->wakeup_version = wakeup->version;
	machine->mailbox_address = wakeup->mailbox;
	machine->reset_vector = acpi_wakeup_reset_vector(wakeup);
	machine->method = machine->reset_vector ? BATON_MAILBOX_V1 : BATON_MAILBOX_V0;
	return 0;
}

/* Whether @table, whose checksum is right, is BATN and belongs to this mailbox. */
static bool is_batn(const struct baton_machine *machine, const struct baton_table *table)
{
	uint32_t length = ((const struct acpi_header *)table->acpi_header)->length;

	return length >= BATON_TABLE_HEADER_SIZE && table->version == BATON_TABLE_VERSION &&
	       table->record_size >= BATON_CPU_RECORD_SIZE &&
	       table->ncpus <= (length - BATON_TABLE_HEADER_SIZE) / table->record_size &&
	       table->mailbox == machine->mailbox_address &&
	       table->reset_vector == machine->reset_vector;
}

/* It is live: a checksum that is wrong once may be right the next time. */
static void find_batn(struct baton_machine *machine, const struct acpi_header *xsdt)
{
	uint64_t address = find_table(xsdt, BATON_TABLE_SIGNATURE);
	void *table;
	int error = DAMAGED;

	/* Its counts are loaded at once, each. */
	if (!address || address % sizeof(baton_count))
		return;
	for (int tries = 0; error == DAMAGED && tries < 3; tries++)
		error = map_table(address, BATON_TABLE_SIGNATURE, &table);
	if (error)
		return;
	if (is_batn(machine, table))
		machine->table = table;
	else
		unmap_table(table);
}

static int find_mailbox(struct baton_machine *machine, const struct acpi_header *xsdt)
{
	if (machine->method == BATON_INIT_SIPI)
		return 0;
	machine->mailbox =
		baton_port_map(machine->mailbox_address, BATON_MAILBOX_SIZE, BATON_MEMORY_NORMAL);
	if (!machine->mailbox)
		return BATON_E_MAP;
	if (machine->method == BATON_MAILBOX_V1)
		find_batn(machine, xsdt);
	return 0;
}

static void forget(struct baton_machine *machine)
{
	machine->method = BATON_NO_METHOD;
	if (machine->apic)
		baton_port_unmap((void *)(uintptr_t)machine->apic, X86_APIC_SIZE);
	if (machine->mailbox)
		baton_port_unmap((void *)(uintptr_t)machine->mailbox, BATON_MAILBOX_SIZE);
	if (machine->table)
		unmap_table((void *)(uintptr_t)machine->table);
	machine->apic = NULL;
	machine->mailbox = NULL;
	machine->table = NULL;
}

static int read_madt(struct baton_machine *machine, const struct acpi_header *xsdt)
{
	void *madt;
	int error;

	machine->madt_address = find_table(xsdt, "APIC");
	if (!machine->madt_address)
		return BATON_E_NO_MADT;
	error = map_unchecked(machine->madt_address, &madt);
	if (error)
		return error == DAMAGED ? BATON_E_MADT : error;
	/* Of an invalidated one only the list is read: no CPU is sent for by it. */
	if (acpi_madt_check(madt) && !acpi_madt_invalidated(madt))
		error = BATON_E_MADT;
	if (!error)
		error = read_cpus(machine, madt);
	if (!error)
		error = read_wakeup(machine, madt);
	unmap_table(madt);
	return error;
}

static int read_tables(struct baton_machine *machine, uint64_t rsdp)
{
	void *xsdt;
	int error = map_xsdt(rsdp, &xsdt);

	if (error)
		return error;
	error = read_madt(machine, xsdt);
	if (!error)
		error = find_mailbox(machine, xsdt);
	unmap_table(xsdt);
	return error;
}

int baton_find_acpi(struct baton_machine *machine, uint64_t rsdp)
{
	int error;

	if (!machine->cpu || !machine->max_cpus)
		return BATON_E_ARGUMENT;
	/* The local APIC first: its ID register may be what tells which CPU this is. */
	error = arch_find(machine);
	if (!error)
		error = read_tables(machine, rsdp);
	if (error) {
		forget(machine);
		return error;
	}
	if (machine->method == BATON_INIT_SIPI)
		sipi_ops(machine);
	else
		mailbox_ops(machine);
	return 0;
}

int find_invalidate(struct baton_machine *machine)
{
	const struct acpi_madt_entry *entry = NULL;
	void *madt;
	int error;

	error = map_table(machine->madt_address, "APIC", &madt);
	if (error)
		return error == DAMAGED ? BATON_E_MADT : error;
	error = acpi_madt_check(madt) ? BATON_E_MADT : 0;
	if (!error) {
		while ((entry = acpi_madt_next(madt, entry)))
			if (entry->type == ACPI_MADT_WAKEUP)
				((struct acpi_madt_wakeup *)(uintptr_t)entry)->mailbox = 0;
		acpi_set_checksum(madt);
	}
	unmap_table(madt);
	return error;
}
