/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "uefi.h"
#include <baton/string.h>
#include "lib/format.h"

#define LINE_MAX 256

static EFI_GUID acpi20_guid = ACPI_20_TABLE_GUID;
static const char *name;

EFI_SYSTEM_TABLE *system;
EFI_BOOT_SERVICES *boot;
struct acpi_rsdp *rsdp;
struct acpi_header *xsdt;
struct acpi_madt *madt;

void uefi_start(EFI_SYSTEM_TABLE *table, const char *own_name)
{
	system = table;
	boot = table->BootServices;
	name = own_name;
}

static size_t widen(CHAR16 *wide, size_t at, const char *text)
{
	while (*text)
		wide[at++] = (unsigned char)*text++;
	return at;
}

void say(const char *text, ...)
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
	system->ConOut->OutputString(system->ConOut, wide);
}

void *allocate(EFI_MEMORY_TYPE type, uint64_t limit, size_t size)
{
	EFI_PHYSICAL_ADDRESS address = limit - 1;

	if (EFI_ERROR(boot->AllocatePages(AllocateMaxAddress, type, EFI_SIZE_TO_PAGES(size),
					  &address)))
		return NULL;
	memset((void *)address, 0, size);
	return (void *)address;
}

EFI_CONFIGURATION_TABLE *configuration_entry(void)
{
	for (UINTN i = 0; i < system->NumberOfTableEntries; i++)
		if (!memcmp(&system->ConfigurationTable[i].VendorGuid, &acpi20_guid,
			    sizeof(acpi20_guid)))
			return &system->ConfigurationTable[i];
	return NULL;
}

bool find_tables(void)
{
	EFI_CONFIGURATION_TABLE *entry = configuration_entry();

	madt = NULL;
	if (!entry)
		return false;
	rsdp = entry->VendorTable;
	xsdt = (struct acpi_header *)rsdp->xsdt;
	for (size_t i = 0; i < acpi_xsdt_count(xsdt); i++) {
		struct acpi_madt *table = (struct acpi_madt *)acpi_xsdt_entry(xsdt, i);

		if (!memcmp(table->header.signature, "APIC", 4))
			madt = table;
	}
	return madt;
}

bool is_first_word(const char *text, const char *word)
{
	while (*word && *text == *word) {
		text++;
		word++;
	}
	return !*word && (unsigned char)*text <= ' ';
}

void read_text(EFI_HANDLE device, const CHAR16 *path, char *text, UINTN size)
{
	EFI_GUID guid = EFI_SIMPLE_FILE_SYSTEM_PROTOCOL_GUID;
	EFI_FILE_IO_INTERFACE *volume;
	EFI_FILE_HANDLE root, file;

	if (EFI_ERROR(boot->HandleProtocol(device, &guid, (VOID **)&volume)) ||
	    EFI_ERROR(volume->OpenVolume(volume, &root)) ||
	    EFI_ERROR(root->Open(root, &file, (CHAR16 *)path, EFI_FILE_MODE_READ, 0)) ||
	    EFI_ERROR(file->Read(file, &size, text)))
		say("its configuration can't be read");
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

	if (EFI_ERROR(boot->HandleProtocol(device, &guid, (VOID **)&volume)))
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

EFI_STATUS start_file(EFI_HANDLE self, EFI_HANDLE device, const CHAR16 *path, void *options,
		      UINTN size)
{
	EFI_GUID guid = EFI_LOADED_IMAGE_PROTOCOL_GUID;
	EFI_LOADED_IMAGE *loaded;
	EFI_HANDLE image;
	EFI_STATUS status = boot->LoadImage(FALSE, self, path_of(device, path), NULL, 0, &image);

	if (EFI_ERROR(status)) {
		say("the next image can't be loaded");
		return status;
	}
	if (size && !EFI_ERROR(boot->HandleProtocol(image, &guid, (VOID **)&loaded))) {
		loaded->LoadOptions = options;
		loaded->LoadOptionsSize = size;
	}
	return boot->StartImage(image, NULL, NULL);
}
