/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * What the firmware that misbehaves has in common, whether it is its tables that
 * are bad (badfw.c) or its CPUs (testfw.c).  Boot services are needed.
 */
#ifndef TESTS_FIRMWARE_X86_64_UEFI_H
#define TESTS_FIRMWARE_X86_64_UEFI_H

#include "stage/x86_64/uefi/firmware.h"
#include <baton/acpi.h>

#define BELOW_1M 0x100000ull
#define BELOW_4G 0x100000000ull

extern EFI_SYSTEM_TABLE *uefi_system;
extern EFI_BOOT_SERVICES *uefi_boot;

/* The tables that uefi_find_tables() has found. */
extern struct acpi_rsdp *uefi_rsdp;
extern struct acpi_header *uefi_xsdt;
extern struct acpi_madt *uefi_madt;

/* Before all else; each line begins with @own_name. */
void uefi_start(EFI_SYSTEM_TABLE *table, const char *own_name);

/* One line; conversions as in lib/format.h. */
void uefi_say(const char *text, ...) __attribute__((format(printf, 1, 2)));

/* Memory below @limit, zeroed, or NULL. */
void *uefi_allocate(EFI_MEMORY_TYPE type, uint64_t limit, size_t size);

/* Of the published RSDP, NULL if there is none. */
EFI_CONFIGURATION_TABLE *uefi_configuration_entry(void);

/* Follow the tables that are published now; true if there is a MADT. */
bool uefi_find_tables(void);

/* The first word of @text is @name. */
bool uefi_is_first_word(const char *text, const char *name);

/* The text of the file @path on @device into @text, which is zeroed. */
void uefi_read_text(EFI_HANDLE device, const CHAR16 *path, char *text, UINTN size);

/* Load and start the file @path on @device, with load options unless @size is 0. */
EFI_STATUS uefi_start_file(EFI_HANDLE self, EFI_HANDLE device, const CHAR16 *path, void *options,
			   UINTN size);

#endif /* TESTS_FIRMWARE_X86_64_UEFI_H */
