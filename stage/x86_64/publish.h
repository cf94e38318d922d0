/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * Building the tables that the stage publishes.  No allocation, no firmware:
 * the caller gives the memory, of the size that the matching ..._size()
 * function tells, and puts the tables where the kernel finds them.
 * Input tables have passed the checks of <baton/acpi.h>.
 */
#ifndef STAGE_X86_64_PUBLISH_H
#define STAGE_X86_64_PUBLISH_H

#include <baton/acpi.h>

#define PUBLISHED_MADT_REVISION 7

/*
 * A copy of @from with the wakeup structure (version 1, 24 bytes, reserved
 * fields 0) as its last entry, revision 7.  The resident has the enabled
 * processors and no others: no entry with an ID is Online Capable in the copy, and one
 * that is not enabled, or is a second one with the same APIC ID, also loses its
 * ID (0xff or 0xffffffff).  An earlier wakeup structure is left out.  Everything else is copied as
 * it is.  The checksum is right.
 */
size_t publish_madt_size(const struct acpi_madt *from);
void publish_madt(struct acpi_madt *to, const struct acpi_madt *from, uint64_t mailbox,
		  uint64_t reset_vector);

/* Do the same to every entry of @apic_id and mend the checksum; how many there were. */
size_t publish_madt_disable(struct acpi_madt *madt, uint32_t apic_id);

/*
 * A copy of @from in which the entry @old_table (a physical address) is
 * replaced by @new_table and @batn is added at the end.
 * An @old_table of 0 replaces none.
 */
size_t publish_xsdt_size(const struct acpi_header *from);
void publish_xsdt(struct acpi_header *to, const struct acpi_header *from, uint64_t old_table,
		  uint64_t new_table, uint64_t batn);

/* Replace each entry @old_table of @xsdt by @new_table and mend the checksum; how many there were.
 */
size_t publish_xsdt_replace(struct acpi_header *xsdt, uint64_t old_table, uint64_t new_table);

/*
 * The RSDT with the tables of @xsdt, for those who still follow it (GRUB's
 * command "acpi").  False if one of them lies beyond its 32 bits.
 */
size_t publish_rsdt_size(const struct acpi_header *xsdt);
bool publish_rsdt(struct acpi_header *to, const struct acpi_header *xsdt);

/* A copy of @from, revision 2, that points to @xsdt and @rsdt (0: there is none). */
void publish_rsdp(struct acpi_rsdp *to, const struct acpi_rsdp *from, uint64_t xsdt, uint32_t rsdt);

/*
 * The FADT's pointer to the DSDT (X_DSDT, else DSDT; 0 if the table is too
 * short to have one), and a new one set in both, with the checksum mended.
 * ACPI 6.6, section 5.2.9: DSDT at 40, X_DSDT at 140.
 */
uint64_t publish_fadt_dsdt(const struct acpi_header *fadt);
void publish_fadt_set_dsdt(struct acpi_header *fadt, uint64_t dsdt);

/*
 * Hide the S3 sleep state in a DSDT or SSDT: rename each Name (_S3_, Package)
 * to XS3_ and mend the checksum; how many there were.  After a wake-up from S3
 * the secondary CPUs are with the firmware, not in the resident, and a kernel
 * that went on using the mailbox would wait for ever.
 */
size_t publish_count_s3(const struct acpi_header *aml);
size_t publish_hide_s3(struct acpi_header *aml);

#endif /* STAGE_X86_64_PUBLISH_H */
