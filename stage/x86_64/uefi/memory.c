/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "memory.h"
#include <baton/string.h>
#include "stage/say.h"
#include "console.h"

static EFI_BOOT_SERVICES *boot;
static uint8_t *map;
static UINTN map_size, descriptor_size;

bool memory_read(EFI_BOOT_SERVICES *services)
{
	UINTN key, size = 0;
	UINT32 version;
	EFI_STATUS status;

	boot = services;
	status = boot->GetMemoryMap(&size, NULL, &key, &descriptor_size, &version);
	if (status != EFI_BUFFER_TOO_SMALL || descriptor_size < sizeof(EFI_MEMORY_DESCRIPTOR)) {
		say("the firmware's memory map: %s", console_status_text(status));
		return false;
	}
	/* The allocation may itself split an entry or two. */
	size += 8 * descriptor_size;
	status = boot->AllocatePool(EfiLoaderData, size, (VOID **)&map);
	map_size = size;
	if (!EFI_ERROR(status))
		status = boot->GetMemoryMap(&map_size, (EFI_MEMORY_DESCRIPTOR *)map, &key,
					    &descriptor_size, &version);
	if (EFI_ERROR(status))
		say("the firmware's memory map: %s", console_status_text(status));
	return !EFI_ERROR(status);
}

void memory_forget(void)
{
	if (map)
		boot->FreePool(map);
	map = NULL;
	map_size = 0;
}

/* Visit every descriptor of the map: its index, or NULL behind the last. */
static const EFI_MEMORY_DESCRIPTOR *descriptor(UINTN index)
{
	return (index + 1) * descriptor_size <= map_size
		       ? (const EFI_MEMORY_DESCRIPTOR *)(map + index * descriptor_size)
		       : NULL;
}

static uint64_t end_of(const EFI_MEMORY_DESCRIPTOR *d)
{
	return d->PhysicalStart + d->NumberOfPages * EFI_PAGE_SIZE;
}

static bool is_memory(const EFI_MEMORY_DESCRIPTOR *d)
{
	return d->Type != EfiMemoryMappedIO && d->Type != EfiMemoryMappedIOPortSpace &&
	       d->Type != EfiUnusableMemory;
}

/* Memory that no kernel takes, as Linux sees it: it keeps these four. */
static bool is_reserved(const EFI_MEMORY_DESCRIPTOR *d)
{
	return d->Type == EfiReservedMemoryType || d->Type == EfiACPIMemoryNVS ||
	       d->Type == EfiRuntimeServicesCode || d->Type == EfiRuntimeServicesData;
}

/* Whether @is is true of all of [@address, @address + @length). */
static bool all_of(uint64_t address, uint64_t length, bool (*is)(const EFI_MEMORY_DESCRIPTOR *d))
{
	const EFI_MEMORY_DESCRIPTOR *d;
	uint64_t end = address + length;

	if (end < address)
		return false;
	/* The map is not sorted: follow the range from one descriptor to the next. */
	for (UINTN i = 0; address < end && (d = descriptor(i)); i++) {
		if (is(d) && d->PhysicalStart <= address && address < end_of(d)) {
			address = end_of(d);
			i = (UINTN)-1;
		}
	}
	return address >= end;
}

bool memory_holds(uint64_t address, uint64_t length)
{
	return all_of(address, length, is_memory);
}

bool memory_reserved(uint64_t address, uint64_t length)
{
	return all_of(address, length, is_reserved);
}

uint64_t memory_usable_end(void)
{
	const EFI_MEMORY_DESCRIPTOR *d;
	uint64_t end = 0;

	for (UINTN i = 0; (d = descriptor(i)); i++)
		if (is_memory(d) && d->Type != EfiReservedMemoryType && end_of(d) > end)
			end = end_of(d);
	return end;
}

void *memory_allocate(EFI_MEMORY_TYPE type, uint64_t limit, size_t size)
{
	EFI_PHYSICAL_ADDRESS address = limit - 1;

	if (EFI_ERROR(boot->AllocatePages(AllocateMaxAddress, type, EFI_SIZE_TO_PAGES(size),
					  &address)))
		return NULL;
	memset((void *)address, 0, size);
	return (void *)address;
}

void memory_free(void *memory, size_t size)
{
	if (memory)
		boot->FreePages((EFI_PHYSICAL_ADDRESS)memory, EFI_SIZE_TO_PAGES(size));
}
