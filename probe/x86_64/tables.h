/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The ACPI tables and the checks of the mailbox in them: before any CPU is
 * asked for anything.
 */
#ifndef PROBE_X86_64_TABLES_H
#define PROBE_X86_64_TABLES_H

#include <baton/acpi.h>
#include <baton/table.h>

#define MAILBOX_SPEC "ACPI 6.6, 5.2.12.19"

/*
 * The root pointer for libbaton; and the firmware's own: boot_info.rsdp, or where a BIOS
 * has it, for the next kernel.  0 if there is none.
 */
uint64_t tables_rsdp(void);
uint64_t tables_firmware_rsdp(void);

/* A table that is whole, by its signature, or NULL. */
const struct acpi_header *tables_get(const char *signature);

/* The checks; what they have found good is here after them, else NULL. */
void tables_check(void);
extern const struct acpi_madt *tables_found_madt;
extern const struct acpi_madt_wakeup *tables_found_wakeup;
extern const struct baton_table *tables_found_batn;

#endif /* PROBE_X86_64_TABLES_H */
