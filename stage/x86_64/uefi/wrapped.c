/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "wrapped.h"
#include <baton/string.h>
#include "stage/x86_64/bzimage/payload.h"
#include "stage/say.h"
#include "console.h"
#include "prepare.h"

static void start(EFI_SYSTEM_TABLE *system)
{
	console_uefi(system);
	if (bzimage_info.flags & WRAP_VERBOSE)
		say_verbosely();
}

static void prepare(EFI_SYSTEM_TABLE *system)
{
	if (!prepare_handover(system, bzimage_info.wait))
		say("the kernel starts as without baton");
}

uint64_t wrapped_handover(EFI_SYSTEM_TABLE *system, struct boot_params *params)
{
	uint64_t entry;

	payload_header(&params->hdr);
	entry = (uint64_t)payload_protected() + BZIMAGE_ENTRY64 + params->hdr.handover_offset;
	start(system);
	say_detail("entered by the EFI handover protocol; goes on at 0x%llx",
		   (unsigned long long)entry);
	prepare(system);
	return entry;
}

/*
 * UEFI 2.10, section 37.10, "EFI_MEMORY_ATTRIBUTE_PROTOCOL": firmware that has it
 * may give out memory in which nothing can be executed.
 */
struct memory_attributes {
	void *get, *set;
	EFI_STATUS(EFIAPI *clear)
	(struct memory_attributes *this, EFI_PHYSICAL_ADDRESS base, UINT64 length, UINT64 which);
};

static void make_executable(EFI_BOOT_SERVICES *boot, EFI_PHYSICAL_ADDRESS base, UINT64 size)
{
	EFI_GUID guid = {
		0xf4560cf6, 0x40ec, 0x4b4a, {0xa1, 0x92, 0xbf, 0x1d, 0x57, 0xd0, 0xb1, 0x89}};
	struct memory_attributes *attributes;

	if (!EFI_ERROR(boot->LocateProtocol(&guid, NULL, (VOID **)&attributes)))
		attributes->clear(attributes, base, EFI_SIZE_TO_PAGES(size) * EFI_PAGE_SIZE,
				  EFI_MEMORY_XP);
}

EFI_STATUS EFIAPI wrapped_main(EFI_HANDLE handle, EFI_SYSTEM_TABLE *system)
{
	EFI_GUID loaded_image_guid = EFI_LOADED_IMAGE_PROTOCOL_GUID;
	EFI_BOOT_SERVICES *boot = system->BootServices;
	EFI_STATUS(EFIAPI * entry)(EFI_HANDLE, EFI_SYSTEM_TABLE *);
	struct payload_image image;
	EFI_PHYSICAL_ADDRESS base = 0;
	EFI_LOADED_IMAGE *self;
	EFI_STATUS status;
	uint8_t *memory;
	VOID *own_base;
	UINT64 own_size;

	status = boot->HandleProtocol(handle, &loaded_image_guid, (VOID **)&self);
	if (EFI_ERROR(status))
		return status;
	if (!payload_image(&image))
		return EFI_LOAD_ERROR;
	status = boot->AllocatePages(AllocateAnyPages, EfiLoaderCode, EFI_SIZE_TO_PAGES(image.size),
				     &base);
	if (EFI_ERROR(status))
		return status;
	memory = (uint8_t *)base;
	boot->SetMem(memory, image.size, 0);
	payload_lay_out(&image, memory);
	make_executable(boot, base, image.size);
	own_base = self->ImageBase;
	own_size = self->ImageSize;
	self->ImageBase = memory;
	self->ImageSize = image.size;

	start(system);
	say_detail("entered as an EFI program; the kernel's own image is at 0x%llx, %u KiB",
		   (unsigned long long)base, image.size >> 10);
	prepare(system);
	entry = (EFI_STATUS(EFIAPI *)(EFI_HANDLE, EFI_SYSTEM_TABLE *))(memory + image.entry);
	status = entry(handle, system);

	prepare_undo();
	self->ImageBase = own_base;
	self->ImageSize = own_size;
	boot->FreePages(base, EFI_SIZE_TO_PAGES(image.size));
	say("the kernel came back: %s", console_status_text(status));
	return status;
}
