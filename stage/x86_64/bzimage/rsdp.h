/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* Where the root pointer of ACPI and other tables are, without firmware to ask. */
#ifndef STAGE_X86_64_BZIMAGE_RSDP_H
#define STAGE_X86_64_BZIMAGE_RSDP_H

#include "bootparams.h"

/*
 * Its physical address, not checked yet, or 0: from boot_params, else the EFI system
 * table, else, with @bios, the BIOS area (ACPI 6.6, section 5.2.5).  In a TDX guest that is
 * no memory which may be read.
 */
uint64_t rsdp_find(const struct e820 *map, bootparams_at at, bool bios);

#define RSDP_GUID_SIZE 16

/*
 * The address that the EFI configuration table lists for @guid, which is as it is in memory;
 * 0 if it lists none, or there is no EFI.
 */
uint64_t rsdp_efi_table(const struct e820 *map, bootparams_at at,
			const uint8_t guid[RSDP_GUID_SIZE]);

#endif /* STAGE_X86_64_BZIMAGE_RSDP_H */
