/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* Where the root pointer of ACPI is, without firmware to ask. */
#ifndef STAGE_X86_64_BZIMAGE_RSDP_H
#define STAGE_X86_64_BZIMAGE_RSDP_H

#include "bootparams.h"

/*
 * Its physical address, not checked yet, or 0: from boot_params, else the EFI system
 * table, else the BIOS area (ACPI 6.6, section 5.2.5).
 */
uint64_t rsdp_find(const struct e820 *map, bootparams_at at);

#endif /* STAGE_X86_64_BZIMAGE_RSDP_H */
