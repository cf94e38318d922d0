/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * badfw.efi: makes a good firmware bad, in one way, and then starts
 * \EFI\baton\baton.efi.  What is bad is named by the first word of the load
 * options or, if they are no text, of \EFI\BOOT\badfw.conf: see faults[].
 */
#include "uefi.h"
#include <baton/string.h>
#include <baton/x86_64/cpu.h>
#include "stage/x86_64/publish.h"

#define TABLE_ROOM (256u << 10) /* for any MADT that is made here */

static EFI_GUID acpi20_guid = ACPI_20_TABLE_GUID;
static EFI_GUID loaded_image_guid = EFI_LOADED_IMAGE_PROTOCOL_GUID;

static void no_low_memory(void)
{
	while (uefi_allocate(EfiBootServicesData, BELOW_1M, EFI_PAGE_SIZE))
		;
}

static void no_acpi20(void)
{
	uefi_boot->InstallConfigurationTable(&acpi20_guid, NULL);
}

static void bad_rsdp(void)
{
	uefi_rsdp->extended_checksum++;
}

static void bad_xsdt(void)
{
	uefi_xsdt->checksum++;
}

static void no_madt(void)
{
	uint64_t *entries = (uint64_t *)((uint8_t *)uefi_xsdt + sizeof(*uefi_xsdt));
	size_t i = 0, count = acpi_xsdt_count(uefi_xsdt);

	while (acpi_xsdt_entry(uefi_xsdt, i) != (uint64_t)uefi_madt)
		i++;
	memmove(entries + i, entries + i + 1, (count - i - 1) * sizeof(*entries));
	uefi_xsdt->length -= sizeof(*entries);
	acpi_set_checksum(uefi_xsdt);
}

static void madt_checksum(void)
{
	uefi_madt->header.checksum++;
}

static struct acpi_madt_entry *last_entry(void)
{
	const struct acpi_madt_entry *entry = NULL, *last;

	do {
		last = entry;
		entry = acpi_madt_next(uefi_madt, entry);
	} while (entry);
	return (struct acpi_madt_entry *)last;
}

static void madt_length(void)
{
	last_entry()->length += 8;
	acpi_set_checksum(&uefi_madt->header);
}

static void madt_zero_entry(void)
{
	last_entry()->length = 0;
	acpi_set_checksum(&uefi_madt->header);
}

/* Publish a copy of the MADT that has room for more entries. */
static void grow_madt(void)
{
	struct acpi_madt *copy = uefi_allocate(EfiACPIReclaimMemory, BELOW_4G, TABLE_ROOM);

	if (!copy) {
		uefi_say("no memory for a larger MADT");
		return;
	}
	memcpy(copy, uefi_madt, uefi_madt->header.length);
	publish_xsdt_replace(uefi_xsdt, (uint64_t)uefi_madt, (uint64_t)copy);
	uefi_madt = copy;
}

static void append(const void *entry, size_t length)
{
	memcpy((uint8_t *)uefi_madt + uefi_madt->header.length, entry, length);
	uefi_madt->header.length += length;
	acpi_set_checksum(&uefi_madt->header);
}

static void append_local_apic(uint8_t apic_id)
{
	struct acpi_madt_local_apic entry = {
		{ACPI_MADT_LOCAL_APIC, sizeof(entry)}, 200, apic_id, ACPI_MADT_ENABLED};

	grow_madt();
	append(&entry, sizeof(entry));
}

static void append_local_x2apic(uint32_t apic_id)
{
	struct acpi_madt_local_x2apic entry = {
		{ACPI_MADT_LOCAL_X2APIC, sizeof(entry)}, 0, apic_id, ACPI_MADT_ENABLED, apic_id};

	append(&entry, sizeof(entry));
}

static void append_wakeup(uint16_t version, size_t length)
{
	struct acpi_madt_wakeup entry = {
		.entry = {ACPI_MADT_WAKEUP, length},
		.version = version,
		.mailbox = (uint64_t)uefi_allocate(EfiReservedMemoryType, BELOW_4G, EFI_PAGE_SIZE),
		.reset_vector =
			(uint64_t)uefi_allocate(EfiReservedMemoryType, BELOW_4G, EFI_PAGE_SIZE),
	};

	grow_madt();
	append(&entry, length);
}

static void wakeup_v0(void)
{
	append_wakeup(0, ACPI_MADT_WAKEUP_LENGTH_V0);
}

static void wakeup_v1(void)
{
	append_wakeup(1, ACPI_MADT_WAKEUP_LENGTH_V1);
}

static void ghost_cpu(void)
{
	append_local_apic(77);
}

static void ghost_x2apic(void)
{
	grow_madt();
	append_local_x2apic(300);
}

static void too_many_cpus(void)
{
	grow_madt();
	for (uint32_t i = 0; i < 5000; i++)
		append_local_x2apic(1000 + i);
}

static void duplicate_cpu(void)
{
	append_local_apic(1);
}

/* The first entry of the boot CPU or, if @boot_cpu is false, of another that is enabled. */
static struct acpi_madt_local_apic *find_cpu(bool boot_cpu)
{
	const struct acpi_madt_entry *entry = NULL;
	uint32_t own = cpuid(1, 0).ebx >> 24;
	struct acpi_cpu cpu;

	while ((entry = acpi_madt_next(uefi_madt, entry)))
		if (entry->type == ACPI_MADT_LOCAL_APIC && acpi_madt_cpu(entry, &cpu) &&
		    cpu.flags & ACPI_MADT_ENABLED && (cpu.apic_id == own) == boot_cpu)
			return (struct acpi_madt_local_apic *)entry;
	return NULL;
}

static void no_boot_cpu(void)
{
	find_cpu(true)->flags = 0;
	acpi_set_checksum(&uefi_madt->header);
}

/* For a machine with one secondary CPU. */
static void all_ghosts(void)
{
	find_cpu(false)->apic_id = 77;
	acpi_set_checksum(&uefi_madt->header);
}

/* What happens in between baton and the kernel: as late as it can. */

static struct acpi_rsdp *late_rsdp;
static uint8_t *late_room;

static void EFIAPI replace_now(EFI_EVENT event, VOID *context)
{
	(void)event;
	(void)context;
	uefi_boot->InstallConfigurationTable(&acpi20_guid, late_rsdp);
}

/* As GRUB's "acpi" command does: new root tables, and a copy of each table. */
static void EFIAPI copy_now(EFI_EVENT event, VOID *context)
{
	uint8_t *at = late_room;
	struct acpi_header *new_xsdt;
	struct acpi_madt *new_madt;

	uefi_find_tables();
	new_xsdt = (struct acpi_header *)at;
	memcpy(new_xsdt, uefi_xsdt, uefi_xsdt->length);
	new_madt = (struct acpi_madt *)(at + EFI_PAGE_SIZE);
	memcpy(new_madt, uefi_madt, uefi_madt->header.length);
	publish_xsdt_replace(new_xsdt, (uint64_t)uefi_madt, (uint64_t)new_madt);
	late_rsdp = (struct acpi_rsdp *)(at + 4 * EFI_PAGE_SIZE);
	publish_rsdp(late_rsdp, uefi_rsdp, (uint64_t)new_xsdt, 0);
	replace_now(event, context);
}

static void at_exit_boot_services(EFI_EVENT_NOTIFY what)
{
	EFI_EVENT event;

	if (EFI_ERROR(uefi_boot->CreateEvent(EVT_SIGNAL_EXIT_BOOT_SERVICES, EFI_TPL_NOTIFY, what,
					     NULL, &event)))
		uefi_say("no event");
}

static void replaced_tables(void)
{
	late_rsdp = uefi_rsdp;
	at_exit_boot_services(replace_now);
}

static void copied_tables(void)
{
	late_room = uefi_allocate(EfiACPIReclaimMemory, BELOW_4G, 5 * EFI_PAGE_SIZE);
	at_exit_boot_services(copy_now);
}

static void copied_ghost(void)
{
	ghost_cpu();
	copied_tables();
}

/* What baton must leave as it was, if it returns. */
struct state {
	void *tables;
	void *exit_boot_services;
	uint32_t checksum;
	UINTN pages[EfiMaxMemoryType];
};

static bool checking_undo;

static void check_undo(void)
{
	checking_undo = true;
}

static void read_state(struct state *state)
{
	static uint8_t map[64 << 10];
	UINTN size = sizeof(map), key, descriptor_size;
	UINT32 version;

	memset(state, 0, sizeof(*state));
	state->tables = uefi_configuration_entry()->VendorTable;
	state->exit_boot_services = (void *)uefi_boot->ExitBootServices;
	state->checksum = uefi_boot->Hdr.CRC32;
	if (EFI_ERROR(uefi_boot->GetMemoryMap(&size, (EFI_MEMORY_DESCRIPTOR *)map, &key,
					      &descriptor_size, &version))) {
		uefi_say("no memory map");
		return;
	}
	for (UINTN at = 0; at < size; at += descriptor_size) {
		const EFI_MEMORY_DESCRIPTOR *d = (const EFI_MEMORY_DESCRIPTOR *)(map + at);

		if (d->Type < EfiMaxMemoryType)
			state->pages[d->Type] += d->NumberOfPages;
	}
}

static void compare_state(const struct state *before, const struct state *now)
{
	static const struct {
		EFI_MEMORY_TYPE type;
		const char *lost;
	} kinds[] = {
		{EfiReservedMemoryType, "not undone: reserved memory"},
		{EfiACPIReclaimMemory, "not undone: memory for ACPI tables"},
		{EfiLoaderCode, "not undone: loader code"},
		{EfiLoaderData, "not undone: loader data"},
	};
	bool same = true;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (before->pages[kinds[i].type] != now->pages[kinds[i].type]) {
			uefi_say("%s", kinds[i].lost);
			same = false;
		}
	if (before->tables != now->tables) {
		uefi_say("not undone: the ACPI tables");
		same = false;
	}
	if (before->exit_boot_services != now->exit_boot_services ||
	    before->checksum != now->checksum) {
		uefi_say("not undone: ExitBootServices");
		same = false;
	}
	if (same)
		uefi_say("all is as it was before");
}

static const struct fault {
	const char *name;
	void (*make)(void);
} faults[] = {
	/* Nothing is published, or what can't be used. */
	{"no-low-memory", no_low_memory}, /* all below 1 MiB is taken */
	{"no-acpi20", no_acpi20},
	{"bad-rsdp", bad_rsdp}, /* its checksum */
	{"bad-xsdt", bad_xsdt}, /* likewise */
	{"no-madt", no_madt},	/* the XSDT does not list it */
	{"madt-checksum", madt_checksum},
	{"madt-length", madt_length},	      /* the last entry reaches beyond the table's end */
	{"madt-zero-entry", madt_zero_entry}, /* the last entry has length 0 */
	{"wakeup-v0", wakeup_v0}, /* there is a wakeup structure, but nobody behind it */
	{"wakeup-v1", wakeup_v1},
	{"too-many-cpus", too_many_cpus},
	{"no-boot-cpu", no_boot_cpu}, /* its entry is not enabled */
	/* Some CPUs can't be had. */
	{"ghost-cpu", ghost_cpu},	  /* an enabled entry for no CPU, APIC ID 77 */
	{"ghost-x2apic", ghost_x2apic},	  /* likewise, 300 */
	{"duplicate-cpu", duplicate_cpu}, /* a second entry for APIC ID 1 */
	{"all-ghosts", all_ghosts},	  /* the only secondary CPU is none */
	/* Somebody else works on the ACPI tables after baton. */
	{"replaced-tables", replaced_tables}, /* by the firmware's */
	{"copied-tables", copied_tables},     /* by copies of baton's */
	{"copied-ghost", copied_ghost},	      /* likewise, and there is a ghost in them */
	/* baton returns: has everything been undone? */
	{"check-undo", check_undo},
};

static void make_fault(const char *text)
{
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		if (uefi_is_first_word(text, faults[i].name)) {
			uefi_say("%s", faults[i].name);
			faults[i].make();
			return;
		}
	uefi_say("no such fault");
}

/* What baton.efi is given: by the fault "junk-load-options", or a line "load-options ...". */
static UINTN load_options(const char *text, CHAR16 *out)
{
	static const uint8_t junk[] = {0x4e, 0xac, 0x08, 0x81, 0x11, 0x9f, 0x59, 0x4d, 0x85,
				       0x0e, 0xe2, 0x1a, 0x52, 0x2c, 0x59, 0xb2, 0x00};
	UINTN length = 0;

	if (uefi_is_first_word(text, "junk-load-options")) {
		memcpy(out, junk, sizeof(junk));
		return sizeof(junk);
	}
	while (!uefi_is_first_word(text, "load-options")) {
		while (*text && *text != '\n')
			text++;
		if (!*text++)
			return 0;
	}
	for (text += sizeof("load-options"); *text && *text != '\n'; text++)
		out[length++] = (unsigned char)*text;
	out[length++] = 0;
	return length * sizeof(CHAR16);
}

static bool is_load_options(const char *text)
{
	return uefi_is_first_word(text, "load-options") ||
	       uefi_is_first_word(text, "junk-load-options");
}

EFI_STATUS EFIAPI efi_main(EFI_HANDLE handle, EFI_SYSTEM_TABLE *table);

EFI_STATUS EFIAPI efi_main(EFI_HANDLE handle, EFI_SYSTEM_TABLE *table)
{
	static struct state before, now;
	static CHAR16 options[1024];
	static char text[1024];
	EFI_LOADED_IMAGE *self;
	EFI_STATUS status;
	UINTN size;

	uefi_start(table, "badfw");
	status = uefi_boot->HandleProtocol(handle, &loaded_image_guid, (VOID **)&self);
	if (EFI_ERROR(status))
		return status;
	/* As the loader that baton starts: come back at once. */
	if (self->LoadOptionsSize == sizeof(u"return") &&
	    !memcmp(self->LoadOptions, u"return", sizeof(u"return")))
		return EFI_ABORTED;

	uefi_read_text(self->DeviceHandle, (CHAR16 *)u"\\EFI\\BOOT\\badfw.conf", text,
		       sizeof(text) - 1);
	size = load_options(text, options);
	if (size)
		uefi_say("with load options");
	if (!is_load_options(text) && uefi_find_tables())
		make_fault(text);
	if (checking_undo)
		read_state(&before);
	status = uefi_start_file(handle, self->DeviceHandle, (CHAR16 *)u"\\EFI\\baton\\baton.efi",
				 options, size);
	if (checking_undo) {
		read_state(&now);
		compare_state(&before, &now);
	}
	return status;
}
