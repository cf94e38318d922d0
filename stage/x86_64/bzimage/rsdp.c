/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "rsdp.h"
#include <baton/string.h>

/* ACPI 6.6, section 5.2.5.1: the first KiB of the EBDA, and this, every 16 bytes. */
#define EBDA_SEGMENT 0x40e
#define EBDA_SEARCHED 1024
#define BIOS_START 0xe0000
#define BIOS_END 0x100000
#define STEP 16

/* UEFI 2.10, sections 4.2, 4.3 and 4.6. */
#define EFI_SIGNATURE 0x34364c45 /* "EL64" */
#define SYSTAB_SIGNATURE 0x5453595320494249
#define SYSTAB_ENTRIES 104
#define SYSTAB_TABLE 112
#define SYSTAB_SIZE 120
#define SYSTAB_ENTRIES_MAX 256

struct efi_entry {
	uint8_t guid[RSDP_GUID_SIZE];
	uint64_t table;
};

/* What Linux hands on by SETUP_EFI: the system table's own pointers are virtual then. */
struct setup_efi {
	uint64_t firmware_vendor;
	uint64_t runtime;
	uint64_t tables;
	uint64_t smbios;
};

static const uint8_t acpi20_guid[RSDP_GUID_SIZE] = {0x71, 0xe8, 0x68, 0x88, 0xf1, 0xe4, 0xd3, 0x11,
						    0xbc, 0x22, 0x00, 0x80, 0xc7, 0x3c, 0x88, 0x81};

static bool take_efi_tables(struct setup_data *data, uint64_t address, void *context)
{
	struct setup_efi efi;

	(void)address;
	if (data->type == SETUP_EFI && data->length >= sizeof(efi)) {
		memcpy(&efi, data + 1, sizeof(efi));
		*(uint64_t *)context = efi.tables;
	}
	return true;
}

uint64_t rsdp_efi_table(const struct e820 *map, bootparams_at at,
			const uint8_t guid[RSDP_GUID_SIZE])
{
	const struct boot_params *p = map->params;
	uint64_t systab = (uint64_t)p->efi_systab_hi << 32 | p->efi_systab, n, tables;
	const uint8_t *s;

	if (p->efi_loader_signature != EFI_SIGNATURE || !e820_holds(map, systab, SYSTAB_SIZE))
		return 0;
	s = at(systab, SYSTAB_SIZE);
	memcpy(&n, s, sizeof(n));
	if (n != SYSTAB_SIGNATURE)
		return 0;
	memcpy(&n, s + SYSTAB_ENTRIES, sizeof(n));
	memcpy(&tables, s + SYSTAB_TABLE, sizeof(tables));
	bootparams_each(map, at, take_efi_tables, &tables);
	if (n > SYSTAB_ENTRIES_MAX || !e820_holds(map, tables, n * sizeof(struct efi_entry)))
		return 0;
	for (uint64_t i = 0; i < n; i++) {
		struct efi_entry entry;

		memcpy(&entry, at(tables + i * sizeof(entry), sizeof(entry)), sizeof(entry));
		if (!memcmp(entry.guid, guid, sizeof(entry.guid)))
			return entry.table;
	}
	return 0;
}

/* It is looked for at 8000 places: the call is for those that begin like it. */
static uint64_t search(uint64_t start, uint64_t end, bootparams_at at)
{
	for (; start < end; start += STEP) {
		const char *place = at(start, STEP);

		if (*place == 'R' && !memcmp(place, "RSD PTR ", 8))
			return start;
	}
	return 0;
}

static uint64_t find_in_bios(bootparams_at at)
{
	uint16_t segment;
	uint64_t ebda, found = 0;

	memcpy(&segment, at(EBDA_SEGMENT, sizeof(segment)), sizeof(segment));
	ebda = (uint64_t)segment << 4;
	if (ebda >= 0x400 && ebda <= 0xa0000 - EBDA_SEARCHED)
		found = search(ebda, ebda + EBDA_SEARCHED, at);
	return found ? found : search(BIOS_START, BIOS_END, at);
}

uint64_t rsdp_find(const struct e820 *map, bootparams_at at, bool bios)
{
	uint64_t found = map->params->acpi_rsdp_addr;

	if (!found)
		found = rsdp_efi_table(map, at, acpi20_guid);
	return found || !bios ? found : find_in_bios(at);
}
