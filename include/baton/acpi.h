/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * Reading ACPI tables: the root pointer, the XSDT and the MADT.  Part of
 * libbaton; freestanding, no allocation.  Every table is hostile until
 * checked: the caller bounds lengths, checksums are verified, and no entry is
 * read beyond its own length.
 *
 * Callers: the stage (before it publishes its own tables) and kernels (to find
 * the wakeup structure).  Single-threaded; any CPU state with a C stack.
 */
#ifndef BATON_ACPI_H
#define BATON_ACPI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ACPI 6.6, section 5.2.6, "System Description Table Header". */
struct acpi_header {
	char signature[4];
	uint32_t length;
	uint8_t revision;
	uint8_t checksum;
	char oem_id[6];
	char oem_table_id[8];
	uint32_t oem_revision;
	uint32_t creator_id;
	uint32_t creator_revision;
} __attribute__((packed));
_Static_assert(sizeof(struct acpi_header) == 36, "ACPI 6.6, 5.2.6");

/* ACPI 6.6, section 5.2.5.3, "RSDP Structure", revision 2 and later. */
struct acpi_rsdp {
	char signature[8];
	uint8_t checksum; /* of the first 20 bytes */
	char oem_id[6];
	uint8_t revision;
	uint32_t rsdt;
	uint32_t length;
	uint64_t xsdt;
	uint8_t extended_checksum; /* of all length bytes */
	uint8_t reserved[3];
} __attribute__((packed));
_Static_assert(sizeof(struct acpi_rsdp) == 36, "ACPI 6.6, 5.2.5.3");

/* ACPI 6.6, section 5.2.12, MADT: the header is followed by entries. */
struct acpi_madt {
	struct acpi_header header;
	uint32_t local_apic_address;
	uint32_t flags;
} __attribute__((packed));
_Static_assert(sizeof(struct acpi_madt) == 44, "ACPI 6.6, 5.2.12");

#define ACPI_MADT_LOCAL_APIC 0
#define ACPI_MADT_LOCAL_X2APIC 9
#define ACPI_MADT_WAKEUP 16

#define ACPI_MADT_ENABLED 1u	    /* flags of types 0 and 9 */
#define ACPI_MADT_ONLINE_CAPABLE 2u /* likewise */

struct acpi_madt_entry {
	uint8_t type;
	uint8_t length;
} __attribute__((packed));

struct acpi_madt_local_apic { /* 5.2.12.2 */
	struct acpi_madt_entry entry;
	uint8_t uid;
	uint8_t apic_id;
	uint32_t flags;
} __attribute__((packed));
_Static_assert(sizeof(struct acpi_madt_local_apic) == 8, "ACPI 6.6, 5.2.12.2");

struct acpi_madt_local_x2apic { /* 5.2.12.12 */
	struct acpi_madt_entry entry;
	uint16_t reserved;
	uint32_t apic_id;
	uint32_t flags;
	uint32_t uid;
} __attribute__((packed));
_Static_assert(sizeof(struct acpi_madt_local_x2apic) == 16, "ACPI 6.6, 5.2.12.12");

/* 5.2.12.19 and the ECR "MP wakeup structure version 1". */
struct acpi_madt_wakeup {
	struct acpi_madt_entry entry;
	uint16_t version;
	uint32_t reserved;
	uint64_t mailbox;
	uint64_t reset_vector; /* may be absent: read it by acpi_wakeup_reset_vector() */
} __attribute__((packed));
_Static_assert(sizeof(struct acpi_madt_wakeup) == 24, "ACPI 6.6, 5.2.12.19");

#define ACPI_MADT_WAKEUP_LENGTH_V0 16
#define ACPI_MADT_WAKEUP_LENGTH_V1 24

/* No table is longer than this; a greater length is an error. */
#define ACPI_TABLE_MAX (4u << 20)

/* The reason why a table was refused, as text for the user; NULL if it is good. */
typedef const char *acpi_error;

/* Sum of @length bytes, modulo 256: 0 for a table whose checksum is right. */
uint8_t acpi_sum(const void *data, size_t length);

/* Set @header's checksum so that its header->length bytes sum up to 0. */
void acpi_set_checksum(struct acpi_header *header);

/*
 * Check the root pointer at @rsdp: signature, revision of at least 2, length,
 * both checksums, an XSDT address other than 0.
 */
acpi_error acpi_check_rsdp(const struct acpi_rsdp *rsdp);

/*
 * Check a table: @signature (4 characters), length of at least the header and
 * at most ACPI_TABLE_MAX, checksum.  Only the header is read before its length
 * has been checked.
 */
acpi_error acpi_check_table(const struct acpi_header *table, const char *signature);

/* The number of tables in @xsdt, which passed acpi_check_table(). */
size_t acpi_xsdt_count(const struct acpi_header *xsdt);

/* The address of table @index of the XSDT, where it may be unaligned. */
uint64_t acpi_xsdt_entry(const struct acpi_header *xsdt, size_t index);

/*
 * The entry of the MADT after @previous (NULL: the first), or NULL at the end.
 * For a MADT that passed acpi_madt_check().
 */
const struct acpi_madt_entry *acpi_madt_next(const struct acpi_madt *madt,
					     const struct acpi_madt_entry *previous);

/* The bytes that an entry of @type must have at least, whatever its version. */
size_t acpi_madt_entry_min(uint8_t type);

/* One processor, from an entry of type 0 or 9. */
struct acpi_cpu {
	uint32_t apic_id;
	uint32_t uid;
	uint32_t flags;
};

/*
 * Returns true, with @cpu filled in, if @entry describes a processor.  Such an entry is
 * of type 0 or 9, and its APIC ID is not the broadcast ID.  That is 0xff in type 0,
 * 0xffffffff in type 9.
 */
bool acpi_madt_cpu(const struct acpi_madt_entry *entry, struct acpi_cpu *cpu);

/*
 * Check the whole MADT: acpi_check_table(), and the length of the fixed part.  Every
 * entry is at least 2 bytes long and inside the table.  The entries end exactly where
 * the table does.  Entries of type 0, 9 and 16 have at least the length that their type
 * needs (type 16: that of version 0).
 */
acpi_error acpi_madt_check(const struct acpi_madt *madt);

/*
 * Whether a kernel has removed the mailbox from @madt, which acpi_madt_check() refuses.
 * Such a MADT has one wakeup structure with a mailbox address of 0, and nothing is wrong
 * but the checksum.  Linux 6.10 and later leave it so when they can't give their CPUs
 * back (arch/x86/kernel/acpi/madt_wakeup.c).
 *
 * The former address is not known.  So the checksum may be wrong for another reason,
 * too.  The caller must do no more with this MADT than is safe with any damaged one.
 * Reads header->length bytes, once that has been checked.
 */
bool acpi_madt_invalidated(const struct acpi_madt *madt);

/* The wakeup structure, or NULL.  For a MADT that passed acpi_madt_check(). */
const struct acpi_madt_wakeup *acpi_madt_wakeup(const struct acpi_madt *madt);

/*
 * The reset vector of @wakeup; 0 if it has none: version 0, or a later one with the
 * length of version 0.  Firmware of that kind has shipped; by it a kernel can wake
 * CPUs, but not return them.
 */
uint64_t acpi_wakeup_reset_vector(const struct acpi_madt_wakeup *wakeup);

/*
 * Whether @entry is one of type 9 for an APIC ID below 255, beside an enabled one of type 0.
 * Such an ID belongs into an entry of type 0 (ACPI 6.6, section 5.2.12.12), and some firmware
 * lists CPUs so that are not there: Linux ignores these entries since 6.7.  For a MADT that
 * passed acpi_madt_check().
 */
bool acpi_madt_ignored(const struct acpi_madt *madt, const struct acpi_madt_entry *entry);

/*
 * The entry after @entry (NULL: the first) that makes a CPU, which is written to @cpu; NULL
 * if there is none.  An entry makes a CPU if it is enabled, not one of acpi_madt_ignored(),
 * and no entry before it has made a CPU of the same APIC ID.  For a MADT that passed
 * acpi_madt_check().
 */
const struct acpi_madt_entry *acpi_madt_next_cpu(const struct acpi_madt *madt,
						 const struct acpi_madt_entry *entry,
						 struct acpi_cpu *cpu);

/*
 * Write the CPUs of acpi_madt_next_cpu() to @cpus, at most @max of them, in the order of the
 * table.  Returns how many there are, which may be more than @max.  For a MADT that passed
 * acpi_madt_check().
 */
size_t acpi_madt_cpus(const struct acpi_madt *madt, struct acpi_cpu *cpus, size_t max);

#endif /* BATON_ACPI_H */
