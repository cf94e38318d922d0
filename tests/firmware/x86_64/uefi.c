/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "uefi.h"
#include <baton/string.h>
#include "lib/format.h"

#define LINE_MAX 256

static EFI_GUID acpi20_guid = ACPI_20_TABLE_GUID;
static const char *name;

EFI_SYSTEM_TABLE *uefi_system;
EFI_BOOT_SERVICES *uefi_boot;
struct acpi_rsdp *uefi_rsdp;
struct acpi_header *uefi_xsdt;
struct acpi_madt *uefi_madt;

void uefi_start(EFI_SYSTEM_TABLE *table, const char *own_name)
{
	uefi_system = table;
	uefi_boot = table->BootServices;
	name = own_name;
}

static size_t widen(CHAR16 *wide, size_t at, const char *text)
{
	while (*text)
		wide[at++] = (unsigned char)*text++;
	return at;
}

void uefi_say(const char *text, ...)
{
	static char line[LINE_MAX];
	static CHAR16 wide[2 * LINE_MAX];
	va_list arguments;
	size_t at;

	va_start(arguments, text);
	format(line, sizeof(line), text, arguments);
	va_end(arguments);
	at = widen(wide, widen(wide, widen(wide, 0, name), ": "), line);
	wide[widen(wide, at, "\r\n")] = 0;
	uefi_system->ConOut->OutputString(uefi_system->ConOut, wide);
}

void *uefi_allocate(EFI_MEMORY_TYPE type, uint64_t limit, size_t size)
{
	EFI_PHYSICAL_ADDRESS address = limit - 1;

	if (EFI_ERROR(uefi_boot->AllocatePages(AllocateMaxAddress, type, EFI_SIZE_TO_PAGES(size),
					       &address)))
		return NULL;
	memset((void *)address, 0, size);
	return (void *)address;
}

EFI_CONFIGURATION_TABLE *uefi_configuration_entry(void)
{
	for (UINTN i = 0; i < uefi_system->NumberOfTableEntries; i++)
		if (!memcmp(&uefi_system->ConfigurationTable[i].VendorGuid, &acpi20_guid,
			    sizeof(acpi20_guid)))
			return &uefi_system->ConfigurationTable[i];
	return NULL;
}

bool uefi_find_tables(void)
{
	EFI_CONFIGURATION_TABLE *entry = uefi_configuration_entry();

	uefi_madt = NULL;
	if (!entry)
		return false;
	uefi_rsdp = entry->VendorTable;
	uefi_xsdt = (struct acpi_header *)uefi_rsdp->xsdt;
	for (size_t i = 0; i < acpi_xsdt_count(uefi_xsdt); i++) {
		struct acpi_madt *table = (struct acpi_madt *)acpi_xsdt_entry(uefi_xsdt, i);

		if (!memcmp(table->header.signature, "APIC", 4))
			uefi_madt = table;
	}
	return uefi_madt;
}

bool uefi_is_first_word(const char *text, const char *word)
{
	while (*word && *text == *word) {
		text++;
		word++;
	}
	return !*word && (unsigned char)*text <= ' ';
}

void uefi_read_text(EFI_HANDLE device, const CHAR16 *path, char *text, UINTN size)
{
	EFI_GUID guid = EFI_SIMPLE_FILE_SYSTEM_PROTOCOL_GUID;
	EFI_FILE_IO_INTERFACE *volume;
	EFI_FILE_HANDLE root, file;

	if (EFI_ERROR(uefi_boot->HandleProtocol(device, &guid, (VOID **)&volume)) ||
	    EFI_ERROR(volume->OpenVolume(volume, &root)) ||
	    EFI_ERROR(root->Open(root, &file, (CHAR16 *)path, EFI_FILE_MODE_READ, 0)) ||
	    EFI_ERROR(file->Read(file, &size, text)))
		uefi_say("its configuration can't be read");
}

/* The device path of file @path on @device, NULL if it is too long. */
static EFI_DEVICE_PATH *path_of(EFI_HANDLE device, const CHAR16 *path)
{
	static const EFI_DEVICE_PATH end = {
		END_DEVICE_PATH_TYPE, END_ENTIRE_DEVICE_PATH_SUBTYPE, {sizeof(end), 0}};
	static uint8_t whole[1024];
	EFI_GUID guid = EFI_DEVICE_PATH_PROTOCOL_GUID;
	EFI_DEVICE_PATH *volume, *node;
	size_t length, name_size = sizeof(CHAR16);

	if (EFI_ERROR(uefi_boot->HandleProtocol(device, &guid, (VOID **)&volume)))
		return NULL;
	for (node = volume; !IsDevicePathEnd(node); node = NextDevicePathNode(node))
		;
	length = (uint8_t *)node - (uint8_t *)volume;
	for (const CHAR16 *c = path; *c; c++)
		name_size += sizeof(*c);
	if (length + sizeof(*node) + name_size + sizeof(end) > sizeof(whole))
		return NULL;
	memcpy(whole, volume, length);
	node = (EFI_DEVICE_PATH *)(whole + length);
	node->Type = MEDIA_DEVICE_PATH;
	node->SubType = MEDIA_FILEPATH_DP;
	SetDevicePathNodeLength(node, sizeof(*node) + name_size);
	memcpy(node + 1, path, name_size);
	memcpy((uint8_t *)(node + 1) + name_size, &end, sizeof(end));
	return (EFI_DEVICE_PATH *)whole;
}

EFI_STATUS uefi_start_file(EFI_HANDLE self, EFI_HANDLE device, const CHAR16 *path, void *options,
			   UINTN size)
{
	EFI_GUID guid = EFI_LOADED_IMAGE_PROTOCOL_GUID;
	EFI_LOADED_IMAGE *loaded;
	EFI_HANDLE image;
	EFI_STATUS status =
		uefi_boot->LoadImage(FALSE, self, path_of(device, path), NULL, 0, &image);

	if (EFI_ERROR(status)) {
		uefi_say("the next image can't be loaded");
		return status;
	}
	if (size && !EFI_ERROR(uefi_boot->HandleProtocol(image, &guid, (VOID **)&loaded))) {
		loaded->LoadOptions = options;
		loaded->LoadOptionsSize = size;
	}
	return uefi_boot->StartImage(image, NULL, NULL);
}
