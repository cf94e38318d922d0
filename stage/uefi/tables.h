/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The machine's ACPI tables: finding and checking the firmware's, and putting
 * the stage's own in their place by the configuration table.
 * One at a time, in this order: find, build, install; then withdraw, or after
 * ExitBootServices disable_cpu and fall_back.
 */
#ifndef STAGE_TABLES_H
#define STAGE_TABLES_H

#include <baton/acpi.h>
#include "firmware.h"
#include <stdbool.h>

/* Find and check RSDP, XSDT, MADT and FADT; false, and said why, if one is not as it should be. */
bool tables_find(EFI_SYSTEM_TABLE *system);

/* The firmware's MADT, once found. */
const struct acpi_madt *tables_madt(void);

/*
 * Build RSDP, XSDT and MADT with the wakeup structure, and tables in which S3
 * is hidden, in memory of type EfiACPIReclaimMemory.  Nothing is published yet.
 */
bool tables_build(uint64_t mailbox, uint64_t reset_vector, uint64_t batn);

/* True if tables_build() found an S3 sleep state and hid it. */
bool tables_hide_s3(void);

/* Publish what has been built. */
bool tables_install(void);

/* Back to the firmware's tables; all memory is freed.  Boot services are needed. */
void tables_withdraw(void);

/*
 * Whether the stage's tables, or copies of them, are still those that a kernel
 * finds.  If they are copies, it is these that the functions below change.  Any
 * time.
 */
bool tables_published(void);

/* In the published MADT, make @apic_id not enabled.  Any time before the kernel reads it. */
void tables_disable_cpu(uint32_t apic_id);

/* Point the published XSDT at the firmware's own tables again; BATN stays listed.  Likewise. */
void tables_fall_back(void);

#endif /* STAGE_TABLES_H */
