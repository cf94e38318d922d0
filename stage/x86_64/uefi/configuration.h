/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The ACPI 2.0 entry of the EFI configuration table: where a kernel finds the
 * root pointer under UEFI (UEFI 2.10, section 4.6).
 */
#ifndef STAGE_X86_64_UEFI_CONFIGURATION_H
#define STAGE_X86_64_UEFI_CONFIGURATION_H

#include <baton/acpi.h>
#include <stdbool.h>
#include "firmware.h"

/* The root pointer that is published now, NULL if there is none.  Any time. */
struct acpi_rsdp *configuration_rsdp(EFI_SYSTEM_TABLE *system);

/* Publish @rsdp instead; false after printing the reason, if the firmware refuses.  Boot services.
 */
bool configuration_install(EFI_SYSTEM_TABLE *system, struct acpi_rsdp *rsdp);

#endif /* STAGE_X86_64_UEFI_CONFIGURATION_H */
