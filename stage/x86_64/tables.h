/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The machine's ACPI tables: finding and checking those that are there, and
 * building the stage's own.  Where a kernel finds them is up to the caller.
 * One at a time, in this order: find, build; then free, or follow, disable_cpu
 * and fall_back.
 */
#ifndef STAGE_X86_64_TABLES_H
#define STAGE_X86_64_TABLES_H

#include <baton/acpi.h>
#include <stdbool.h>

/* What that needs of the memory of the machine. */
struct tables_memory {
	/* True if all of [@address, @address + @length) is memory, of any kind. */
	bool (*holds)(uint64_t address, uint64_t length);
	/* Memory that kernels keep for ACPI tables, below 4 GiB, zeroed; NULL if there is none. */
	void *(*allocate)(size_t size);
};

/*
 * Find and check the RSDP at @rsdp, XSDT (or RSDT), MADT and FADT from there; false
 * after printing the reason, if one is not as it should be.
 */
bool tables_read(uint64_t rsdp, const struct tables_memory *memory);

/* The MADT, once found. */
const struct acpi_madt *tables_madt(void);

/* The I/O port of the PM timer, 0 if there is none. */
uint16_t tables_pm_timer(void);

/* Call @visit for the RSDP and each table, until it returns false; then false. */
bool tables_each(bool (*visit)(uint64_t address, uint64_t length, void *context), void *context);

/*
 * How much memory tables_build() needs at most, if each of its tables is aligned to
 * TABLE_ALIGNMENT.
 */
size_t tables_room(void);
#define TABLE_ALIGNMENT 64

/*
 * The address of the BATN table that is listed there, 0 if there is none; and how
 * many bytes of it can be read, whatever they are.
 */
uint64_t tables_batn(size_t *size);

/*
 * The tables found are an earlier stage's own, and its area is adopted: they stay,
 * and it is these that the functions below change.
 */
void tables_adopt(void);

/*
 * Build RSDP, XSDT and MADT with the wakeup structure, and tables in which S3
 * is hidden.  An earlier stage's BATN gives way to @batn.  The RSDP, not published
 * yet, or NULL after printing the reason.
 */
struct acpi_rsdp *tables_build(uint64_t mailbox, uint64_t reset_vector, uint64_t batn);

/* True if tables_build() found an S3 sleep state and hid it. */
bool tables_hide_s3(void);

/* Give the memory of all that was built to @release. */
void tables_free(void (*release)(void *table, size_t size));

/*
 * Whether @published, where a kernel finds the tables now, leads to the stage's
 * or to copies of them.  If they are copies, it is these that the functions
 * below change.
 */
bool tables_follow(const struct acpi_rsdp *published);

/* In the published MADT, make @apic_id not enabled, before the kernel reads it; how often it was.
 */
size_t tables_disable_cpu(uint32_t apic_id);

/* Point the published XSDT at the tables that were there before; BATN stays listed.  Likewise. */
void tables_fall_back(void);

#endif /* STAGE_X86_64_TABLES_H */
