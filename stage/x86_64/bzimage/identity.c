/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The identity map that the stage runs on, and hands to the payload.  The loader's
 * own can't stay: it may lie in memory that the stage reserves.
 */
#include <baton/x86_64/registers.h>
#include "bzimage.h"

#define GIB (1ull << 30)
#define MIB2 (2ull << 20)
#define ADDRESS_END (1ull << 47) /* of the lower half, 4-level paging */
#define TABLES 64

#define PRESENT 0x01ull
#define WRITABLE 0x02ull
#define LARGE 0x80ull
#define TABLE_ADDRESS 0xffffffffff000ull

#define E820_RESERVED 2

typedef uint64_t page_table[512];

static page_table pml5 __attribute__((aligned(4096)));
static page_table pml4 __attribute__((aligned(4096)));
static page_table tables[TABLES] __attribute__((aligned(4096)));
static unsigned tables_used;
static bool gigabyte_pages;

static uint64_t *table_of(uint64_t *entry)
{
	if (!(*entry & PRESENT)) {
		if (tables_used == TABLES)
			return NULL;
		*entry = (uint64_t)tables[tables_used++] | PRESENT | WRITABLE;
	}
	return (uint64_t *)(*entry & TABLE_ADDRESS);
}

/* The entry that maps the GiB of @address; NULL if there is no room for it. */
static uint64_t *gib_entry(uint64_t address)
{
	uint64_t *pdpt = address < ADDRESS_END ? table_of(&pml4[address >> 39]) : NULL;

	return pdpt ? &pdpt[address >> 30 & 511] : NULL;
}

/* Map the 2 MiB around @address, or, for want of tables, the GiB around it. */
static bool map_page(uint64_t address)
{
	uint64_t *gib = gib_entry(address), *directory;

	if (!gib)
		return false;
	if (*gib & LARGE)
		return true;
	directory = table_of(gib);
	if (directory)
		directory[address >> 21 & 511] = (address & -MIB2) | PRESENT | WRITABLE | LARGE;
	else if (gigabyte_pages)
		*gib = (address & -GIB) | PRESENT | WRITABLE | LARGE;
	else
		return false;
	return true;
}

static bool map_range(uint64_t address, uint64_t length)
{
	uint64_t end = address + length;

	if (end < address || end > ADDRESS_END)
		return false;
	for (address &= -MIB2; address < end;) {
		uint64_t *gib = gib_entry(address);

		if (gib && gigabyte_pages && !(address % GIB) && end - address >= GIB &&
		    !(*gib & PRESENT)) {
			*gib = address | PRESENT | WRITABLE | LARGE;
			address += GIB;
		} else if (map_page(address)) {
			address += MIB2;
		} else {
			return false;
		}
	}
	return true;
}

bool identity_fault(uint64_t address)
{
	uint64_t *gib = gib_entry(address);

	if (!gib || (*gib & LARGE))
		return false;
	if ((*gib & PRESENT) && (table_of(gib)[address >> 21 & 511] & PRESENT))
		return false; /* it is mapped: that was not what was wrong */
	return map_page(address);
}

/*
 * Beyond what the boot protocol promises, payloads look at setup_data, ACPI and
 * EFI tables before they have page tables of their own (Linux maps these for
 * kexec, arch/x86/kernel/machine_kexec_64.c): all memory is mapped but what is
 * reserved, which may be a device's.
 */
static bool map_memory(const struct boot_params *params)
{
	uint64_t systab = (uint64_t)params->efi_systab_hi << 32 | params->efi_systab;
	unsigned entries = params->e820_entries;

	if (entries > sizeof(params->e820_table) / sizeof(params->e820_table[0]))
		return false;
	for (unsigned i = 0; i < entries; i++) {
		const struct boot_e820_entry *e = &params->e820_table[i];

		if (e->type != E820_RESERVED && !map_range(e->address, e->size))
			return false;
	}
	return !systab || map_page(systab);
}

bool identity_start(const struct boot_params *params, bool has_gigabyte_pages)
{
	uint64_t command_line = (uint64_t)params->ext_cmd_line_ptr << 32 | params->hdr.cmd_line_ptr;

	gigabyte_pages = has_gigabyte_pages;
	if (!map_range(0, 4 * GIB) || !map_range((uint64_t)params, sizeof(*params)) ||
	    !map_range((uint64_t)bzimage_blob,
		       (uint64_t)bzimage_info.stage_size + params->hdr.init_size) ||
	    !map_range(command_line, (uint64_t)params->hdr.cmdline_size + 1) || !map_memory(params))
		return false;
	pml5[0] = (uint64_t)pml4 | PRESENT | WRITABLE;
	bzimage_write_cr3((uint64_t)(bzimage_read_cr4() & CR4_LA57 ? pml5 : pml4));
	return true;
}
