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

extern EFI_SYSTEM_TABLE *system;
extern EFI_BOOT_SERVICES *boot;

/* The tables that find_tables() has found. */
extern struct acpi_rsdp *rsdp;
extern struct acpi_header *xsdt;
extern struct acpi_madt *madt;

/* Before all else; @own_name stands before each line that is said. */
void uefi_start(EFI_SYSTEM_TABLE *table, const char *own_name);

/* One line; conversions as in stage/format.h. */
void say(const char *text, ...) __attribute__((format(printf, 1, 2)));

/* Memory below @limit, zeroed, or NULL. */
void *allocate(EFI_MEMORY_TYPE type, uint64_t limit, size_t size);

/* Of the published RSDP, NULL if there is none. */
EFI_CONFIGURATION_TABLE *configuration_entry(void);

/* Follow the tables that are published now; true if there is a MADT. */
bool find_tables(void);

/* The first word of @text is @name. */
bool is_first_word(const char *text, const char *name);

/* The text of the file @path on @device into @text, which is zeroed. */
void read_text(EFI_HANDLE device, const CHAR16 *path, char *text, UINTN size);

/* Load and start the file @path on @device, with load options unless @size is 0. */
EFI_STATUS start_file(EFI_HANDLE self, EFI_HANDLE device, const CHAR16 *path, void *options,
		      UINTN size);

#endif /* TESTS_FIRMWARE_X86_64_UEFI_H */
