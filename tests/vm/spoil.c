/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * spoil.efi: stands in for broken firmware.  Does one bad thing, told by the
 * first letter of \spoil, then starts \EFI\baton\baton.efi:
 *
 *	l	the last entry of the MADT reaches beyond the table's end
 *	c	the MADT's checksum is wrong
 *	g	a ghost: the MADT's processors that are not there are enabled
 *	m	all memory below 1 MiB is taken
 */
#include "../../stage/uefi/firmware.h"
#include <baton/acpi.h>
#include <baton/string.h>

static EFI_SYSTEM_TABLE *system;
static EFI_BOOT_SERVICES *boot;

static void say(const CHAR16 *text)
{
	system->ConOut->OutputString(system->ConOut, (CHAR16 *)text);
}

static bool same_guid(const EFI_GUID *a, const EFI_GUID *b)
{
	const uint64_t *left = (const uint64_t *)a, *right = (const uint64_t *)b;

	return left[0] == right[0] && left[1] == right[1];
}

static struct acpi_madt *find_madt(void)
{
	EFI_GUID acpi = ACPI_20_TABLE_GUID;

	for (UINTN i = 0; i < system->NumberOfTableEntries; i++) {
		const struct acpi_rsdp *rsdp = system->ConfigurationTable[i].VendorTable;
		const struct acpi_header *xsdt;

		if (!same_guid(&system->ConfigurationTable[i].VendorGuid, &acpi))
			continue;
		xsdt = (const struct acpi_header *)rsdp->xsdt;
		for (size_t n = 0; n < acpi_xsdt_count(xsdt); n++) {
			struct acpi_madt *madt = (void *)acpi_xsdt_entry(xsdt, n);

			if (!acpi_check_table(&madt->header, "APIC"))
				return madt;
		}
	}
	return NULL;
}

static void lengthen_last_entry(struct acpi_madt *madt)
{
	const struct acpi_madt_entry *entry, *last = NULL;

	for (entry = acpi_madt_next(madt, NULL); entry; entry = acpi_madt_next(madt, entry))
		last = entry;
	((struct acpi_madt_entry *)last)->length += 8;
	acpi_set_checksum(&madt->header);
}

static void enable_all(struct acpi_madt *madt)
{
	const struct acpi_madt_entry *entry;

	for (entry = acpi_madt_next(madt, NULL); entry; entry = acpi_madt_next(madt, entry))
		if (entry->type == ACPI_MADT_LOCAL_APIC)
			((struct acpi_madt_local_apic *)entry)->flags |= ACPI_MADT_ENABLED;
	acpi_set_checksum(&madt->header);
}

static void take_low_memory(void)
{
	EFI_PHYSICAL_ADDRESS address = 0xfffff;

	while (!EFI_ERROR(
		boot->AllocatePages(AllocateMaxAddress, EfiBootServicesData, 1, &address)))
		address = 0xfffff;
}

static void spoil(char what)
{
	struct acpi_madt *madt = find_madt();

	if (!madt) {
		say(u"spoil: no MADT\r\n");
		return;
	}
	switch (what) {
	case 'l':
		lengthen_last_entry(madt);
		break;
	case 'c':
		madt->header.checksum ^= 0xff;
		break;
	case 'g':
		enable_all(madt);
		break;
	case 'm':
		take_low_memory();
		break;
	default:
		say(u"spoil: nothing in \\spoil\r\n");
	}
}

static char read_letter(EFI_HANDLE device)
{
	EFI_GUID guid = EFI_SIMPLE_FILE_SYSTEM_PROTOCOL_GUID;
	EFI_FILE_IO_INTERFACE *volume;
	EFI_FILE_HANDLE root, file;
	char letter = 0;
	UINTN size = 1;

	if (EFI_ERROR(boot->HandleProtocol(device, &guid, (VOID **)&volume)) ||
	    EFI_ERROR(volume->OpenVolume(volume, &root)) ||
	    EFI_ERROR(root->Open(root, &file, (CHAR16 *)u"\\spoil", EFI_FILE_MODE_READ, 0)) ||
	    EFI_ERROR(file->Read(file, &size, &letter)))
		say(u"spoil: \\spoil can't be read\r\n");
	return letter;
}

/* The device path of baton.efi on @device. */
static EFI_DEVICE_PATH *baton_path(EFI_HANDLE device)
{
	static const struct {
		EFI_DEVICE_PATH header;
		CHAR16 name[sizeof(u"\\EFI\\baton\\baton.efi") / sizeof(CHAR16)];
		EFI_DEVICE_PATH end;
	} __attribute__((packed)) file = {
		{MEDIA_DEVICE_PATH,
		 MEDIA_FILEPATH_DP,
		 {sizeof(file.header) + sizeof(file.name), 0}},
		u"\\EFI\\baton\\baton.efi",
		{END_DEVICE_PATH_TYPE, END_ENTIRE_DEVICE_PATH_SUBTYPE, {sizeof(file.end), 0}},
	};
	static uint8_t path[1024];
	EFI_GUID guid = DEVICE_PATH_PROTOCOL;
	EFI_DEVICE_PATH *volume, *node;
	size_t length;

	if (EFI_ERROR(boot->HandleProtocol(device, &guid, (VOID **)&volume)))
		return NULL;
	for (node = volume; !IsDevicePathEnd(node); node = NextDevicePathNode(node))
		;
	length = (uint8_t *)node - (uint8_t *)volume;
	if (length + sizeof(file) > sizeof(path))
		return NULL;
	memcpy(path, volume, length);
	memcpy(path + length, &file, sizeof(file));
	return (EFI_DEVICE_PATH *)path;
}

EFI_STATUS EFIAPI efi_main(EFI_HANDLE handle, EFI_SYSTEM_TABLE *table);

EFI_STATUS EFIAPI efi_main(EFI_HANDLE handle, EFI_SYSTEM_TABLE *table)
{
	EFI_GUID guid = EFI_LOADED_IMAGE_PROTOCOL_GUID;
	EFI_LOADED_IMAGE *self;
	EFI_HANDLE baton;
	EFI_STATUS status;

	system = table;
	boot = system->BootServices;
	status = boot->HandleProtocol(handle, &guid, (VOID **)&self);
	if (EFI_ERROR(status))
		return status;
	spoil(read_letter(self->DeviceHandle));
	status = boot->LoadImage(FALSE, handle, baton_path(self->DeviceHandle), NULL, 0, &baton);
	if (EFI_ERROR(status)) {
		say(u"spoil: baton.efi can't be loaded\r\n");
		return status;
	}
	return boot->StartImage(baton, NULL, NULL);
}
