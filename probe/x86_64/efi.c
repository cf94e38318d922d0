/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * Started by UEFI, as an application, or by a loader that uses the EFI handover
 * of the Linux boot protocol: take along what only the firmware has, and leave it.
 */
#include <baton/string.h>
#include <efi.h>
#include "lib/x86_64/guest.h"
#include "probe/memory.h"
#include "probe/options.h"
#include "boot.h"
#include "boot_params.h"
#include "x86.h"

#define MAP_SIZE (256u << 10)
#define STALL_US 20000
#define FILE_PIECE (16u << 20) /* read at a time: what every firmware can take */

static EFI_SYSTEM_TABLE *efi_system;
static EFI_BOOT_SERVICES *efi;
static EFI_LOADED_IMAGE *self;

/* In entry.S. */
EFI_STATUS efi_boot(EFI_HANDLE handle, EFI_SYSTEM_TABLE *system, const void *boot_params);

static bool get_protocol(EFI_HANDLE handle, EFI_GUID guid, void **interface)
{
	return !EFI_ERROR(efi->HandleProtocol(handle, &guid, interface));
}

/* Options: text of the load options, if they are text; characters beyond ASCII become '?'. */
static bool load_options(void)
{
	const CHAR16 *wide = self->LoadOptions;
	size_t length = wide ? self->LoadOptionsSize / sizeof(CHAR16) : 0;

	while (length && !wide[length - 1])
		length--;
	if (!length || length >= OPTIONS_MAX)
		return false;
	for (size_t i = 0; i < length; i++)
		if (wide[i] < ' ' && wide[i] != '\t' && wide[i] != '\n')
			return false; /* firmware passes GUIDs and the like in them */
	for (size_t i = 0; i < length; i++)
		boot_info.options[i] = wide[i] <= '~' ? (char)wide[i] : '?';
	boot_info.options[length] = 0;
	return true;
}

static EFI_FILE_HANDLE open_volume(void)
{
	EFI_GUID guid = EFI_SIMPLE_FILE_SYSTEM_PROTOCOL_GUID;
	EFI_FILE_IO_INTERFACE *volume;
	EFI_FILE_HANDLE root;

	if (!get_protocol(self->DeviceHandle, guid, (void **)&volume) ||
	    EFI_ERROR(volume->OpenVolume(volume, &root)))
		return NULL;
	return root;
}

/* Read the file @path of the boot volume into pages; false if it can't be read. */
static bool read_file(const char *path, uint64_t *address, uint64_t *size)
{
	static CHAR16 wide[OPTION_PATH_MAX];
	static union {
		EFI_FILE_INFO info;
		uint8_t room_for_name[1024];
	} buffer;
	EFI_GUID info_guid = EFI_FILE_INFO_ID;
	EFI_FILE_HANDLE root = open_volume(), file;
	UINTN length = sizeof(buffer);
	EFI_PHYSICAL_ADDRESS at = 0;
	uint64_t left = 0;
	bool good;

	for (size_t i = 0; i < OPTION_PATH_MAX; i++) {
		wide[i] = path[i] == '/' ? '\\' : (unsigned char)path[i];
		if (!path[i])
			break;
	}
	if (!root || EFI_ERROR(root->Open(root, &file, wide, EFI_FILE_MODE_READ, 0)))
		return false;
	good = !EFI_ERROR(file->GetInfo(file, &info_guid, &length, &buffer));
	if (good) {
		left = buffer.info.FileSize;
		good = left && !EFI_ERROR(efi->AllocatePages(AllocateAnyPages, EfiLoaderData,
							     EFI_SIZE_TO_PAGES(left), &at));
	}
	*address = at;
	*size = left;
	while (good && left) {
		UINTN piece = left < FILE_PIECE ? left : FILE_PIECE;

		good = !EFI_ERROR(file->Read(file, &piece, (void *)at)) && piece;
		at += piece;
		left -= piece;
	}
	file->Close(file);
	return good;
}

/* Without load options: the text of probe.conf, in the folder that OVMF boots from. */
static void read_conf(void)
{
	static const char *const paths[] = {"/EFI/BOOT/probe.conf", "/probe.conf"};
	uint64_t address, size;

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		if (!read_file(paths[i], &address, &size))
			continue;
		if (size >= OPTIONS_MAX)
			size = OPTIONS_MAX - 1;
		memcpy(boot_info.options, (const void *)address, size);
		boot_info.options[size] = 0;
		return;
	}
}

/*
 * The initrd that the loader offers, by the vendor media path that Linux asks for
 * (Linux, Documentation/arch/x86/boot.rst and drivers/firmware/efi/libstub).
 */
static bool read_offered_initrd(uint64_t *address, uint64_t *size)
{
	static EFI_GUID load_file2 = {
		0x4006c0c1, 0xfcb3, 0x403e, {0x99, 0x6d, 0x4a, 0x6c, 0x87, 0x24, 0xe0, 0x6d}};
	static struct {
		VENDOR_DEVICE_PATH vendor;
		EFI_DEVICE_PATH end;
	} initrd = {
		{{MEDIA_DEVICE_PATH, MEDIA_VENDOR_DP, {sizeof(VENDOR_DEVICE_PATH), 0}},
		 {0x5568e427, 0x68fc, 0x4f3d, {0xac, 0x74, 0xca, 0x55, 0x52, 0x31, 0xcc, 0x68}}},
		{END_DEVICE_PATH_TYPE, END_ENTIRE_DEVICE_PATH_SUBTYPE, {sizeof(initrd.end), 0}},
	};
	EFI_DEVICE_PATH *path = &initrd.vendor.Header;
	EFI_LOAD_FILE_INTERFACE *interface;
	EFI_HANDLE handle;
	EFI_PHYSICAL_ADDRESS at;
	UINTN length = 0;

	if (EFI_ERROR(efi->LocateDevicePath(&load_file2, &path, &handle)) ||
	    !get_protocol(handle, load_file2, (void **)&interface))
		return false;
	path = &initrd.end;
	if (interface->LoadFile(interface, path, FALSE, &length, NULL) != EFI_BUFFER_TOO_SMALL ||
	    EFI_ERROR(efi->AllocatePages(AllocateAnyPages, EfiLoaderData, EFI_SIZE_TO_PAGES(length),
					 &at)))
		return false;
	*address = at;
	*size = length;
	return !EFI_ERROR(interface->LoadFile(interface, path, FALSE, &length, (void *)at));
}

/* The kernel that is to be started in the end. */
static void load_kernel(void)
{
	if (options.linux[0]) {
		if (!read_file(options.linux, &boot_info.kernel, &boot_info.kernel_size))
			boot_info.kernel_trouble = "linux= names a file that can't be read";
		else if (options.initrd[0] &&
			 !read_file(options.initrd, &boot_info.initrd, &boot_info.initrd_size))
			boot_info.kernel_trouble = "initrd= names a file that can't be read";
	} else if (!boot_info.kernel) {
		read_offered_initrd(&boot_info.kernel, &boot_info.kernel_size);
	}
}

uint64_t efi_rsdp(const void *system)
{
	static const EFI_GUID acpi20 = ACPI_20_TABLE_GUID;
	const EFI_SYSTEM_TABLE *s = system;

	for (UINTN i = 0; i < s->NumberOfTableEntries; i++)
		if (!memcmp(&s->ConfigurationTable[i].VendorGuid, &acpi20, sizeof(acpi20)))
			return (uint64_t)s->ConfigurationTable[i].VendorTable;
	return 0;
}

/* A frame buffer of 32 bits a pixel.  That of a TDX guest is not mapped as a device here. */
static void find_screen(void)
{
	EFI_GUID guid = EFI_GRAPHICS_OUTPUT_PROTOCOL_GUID;
	EFI_GRAPHICS_OUTPUT_PROTOCOL *gop;

	if (guest_is_tdx() || EFI_ERROR(efi->LocateProtocol(&guid, NULL, (void **)&gop)) ||
	    !gop->Mode || !gop->Mode->Info ||
	    gop->Mode->Info->PixelFormat > PixelBlueGreenRedReserved8BitPerColor)
		return;
	boot_info.screen.address = gop->Mode->FrameBufferBase;
	boot_info.screen.width = gop->Mode->Info->HorizontalResolution;
	boot_info.screen.height = gop->Mode->Info->VerticalResolution;
	boot_info.screen.pitch = gop->Mode->Info->PixelsPerScanLine * sizeof(uint32_t);
}

static void measure_tsc(void)
{
	uint64_t start = rdtsc();

	efi->Stall(STALL_US);
	boot_info.tsc_hz_stall = (rdtsc() - start) * (1000000 / STALL_US);
}

static enum memory_type type_of(UINT32 type)
{
	switch (type) {
	case EfiBootServicesCode:
	case EfiBootServicesData:
		return MEMORY_FREED;
	case EfiLoaderCode:
	case EfiLoaderData:
	case EfiConventionalMemory:
		return MEMORY_USABLE;
	case EfiRuntimeServicesCode:
	case EfiRuntimeServicesData:
		return MEMORY_RUNTIME;
	case EfiACPIReclaimMemory:
		return MEMORY_ACPI;
	case EfiACPIMemoryNVS:
		return MEMORY_NVS;
	case EfiMemoryMappedIO:
	case EfiMemoryMappedIOPortSpace:
		return MEMORY_DEVICE;
	case EfiUnusableMemory:
		return MEMORY_BAD;
	default:
		return MEMORY_RESERVED;
	}
}

/* Read the memory map, and end the firmware's services, in one go: it may take two. */
static EFI_STATUS leave_firmware(EFI_HANDLE handle)
{
	EFI_PHYSICAL_ADDRESS at;
	EFI_STATUS status = efi->AllocatePages(AllocateAnyPages, EfiLoaderData,
					       EFI_SIZE_TO_PAGES(MAP_SIZE), &at);
	UINTN size, key, descriptor_size;
	UINT32 version;

	if (EFI_ERROR(status))
		return status;
	for (int tries = 0; tries < 4; tries++) {
		size = MAP_SIZE;
		status = efi->GetMemoryMap(&size, (EFI_MEMORY_DESCRIPTOR *)at, &key,
					   &descriptor_size, &version);
		if (EFI_ERROR(status))
			return status;
		status = efi->ExitBootServices(handle, key);
		if (!EFI_ERROR(status))
			break;
	}
	if (EFI_ERROR(status))
		return status;
	for (UINTN i = 0; i + descriptor_size <= size; i += descriptor_size) {
		const EFI_MEMORY_DESCRIPTOR *d = (const EFI_MEMORY_DESCRIPTOR *)(at + i);

		memory_set(d->PhysicalStart, d->PhysicalStart + d->NumberOfPages * PAGE_SIZE,
			   type_of(d->Type));
	}
	return EFI_SUCCESS;
}

EFI_STATUS efi_boot(EFI_HANDLE handle, EFI_SYSTEM_TABLE *system, const void *boot_params)
{
	static EFI_GUID loaded_image = EFI_LOADED_IMAGE_PROTOCOL_GUID;
	EFI_STATUS status;

	efi_system = system;
	efi = system->BootServices;
	status = efi->HandleProtocol(handle, &loaded_image, (void **)&self);
	if (EFI_ERROR(status))
		return status;
	efi->SetWatchdogTimer(0, 0, 0, NULL);
	if (boot_params) {
		boot_info.way = "EFI handover";
		boot_params_read_loaded(boot_params);
	} else {
		boot_info.way = "UEFI";
		if (!load_options())
			read_conf();
	}
	options_parse(boot_info.options);
	load_kernel();
	find_screen();
	measure_tsc();
	status = leave_firmware(handle);
	if (EFI_ERROR(status))
		return status;
	/* The hook of a stage may have changed what there is until now. */
	boot_info.rsdp = efi_rsdp(system);
	boot_info.runtime = system->RuntimeServices;
	entry_leave_loader();
}
