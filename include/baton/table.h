/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The BATN table: what the resident knows of every CPU, readable by any
 * kernel as an ACPI table (on Linux: /sys/firmware/acpi/tables/BATN).
 *
 * The table is live: held CPUs go on counting in it.  Every value that
 * changes is therefore kept as a *count*: 64 bits, aligned, stored at once,
 * the value in the low half and its complement in the high half.  A reader
 * can tell a torn or overwritten count, and the checksum of the table never
 * changes, since the bytes of a count always sum up to the same.
 */
#ifndef BATON_TABLE_H
#define BATON_TABLE_H

#define BATON_TABLE_SIGNATURE "BATN"
#define BATON_TABLE_VERSION 1
#define BATON_TABLE_HEADER_SIZE 128
#define BATON_CPU_RECORD_SIZE 64

/* Who has a CPU: the value of baton_cpu_record.state. */
#define BATON_CPU_MISSING 0    /* never arrived; not offered to any kernel */
#define BATON_CPU_COLLECTING 1 /* sent for by the stage, not yet arrived */
#define BATON_CPU_HELD 2       /* in the resident, waiting for a command */
#define BATON_CPU_RELEASED 3   /* given to a kernel, or never taken from it */
#define BATON_CPU_FAILED 4     /* took an exception while in the resident */

/* Offsets in struct baton_cpu_record that assembly uses. */
#define BATON_RECORD_STATE 8
#define BATON_RECORD_NMIS 40
#define BATON_RECORD_MACHINE_CHECKS 48

/* Added to a count to count one more (modulo 2^64). */
#define BATON_COUNT_ONE 0xffffffff00000001

#ifndef __ASSEMBLER__
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint64_t baton_count;

static inline baton_count baton_count_of(uint32_t value)
{
	return (uint64_t)~value << 32 | value;
}

static inline uint32_t baton_count_value(baton_count count)
{
	return (uint32_t)count;
}

static inline bool baton_count_valid(baton_count count)
{
	return (uint32_t)(count >> 32) == (uint32_t)~count;
}

/* One per CPU, one cache line each; after the stage only that CPU writes it. */
struct baton_cpu_record {
	uint32_t apic_id;
	uint32_t acpi_uid;	    /* ACPI processor UID of its MADT entry */
	baton_count state;	    /* BATON_CPU_... */
	baton_count releases;	    /* wakeups performed */
	baton_count returns;	    /* arrivals, the stage's collection included */
	baton_count tests;	    /* TEST commands answered while held */
	baton_count nmis;	    /* NMIs survived */
	baton_count machine_checks; /* machine checks survived */
	baton_count drained;	    /* stale interrupts taken off its local APIC */
};

/* Bits of baton_table.flags. */
#define BATON_TABLE_S3_HIDDEN 1 /* \_S3 is hidden: see docs/contract.md */
#define BATON_TABLE_COMPLETE 2	/* the collection is over, the table final */

struct baton_table {
	uint8_t acpi_header[36]; /* signature, length, checksum, ... */
	uint16_t version;	 /* BATON_TABLE_VERSION */
	uint16_t record_size;	 /* BATON_CPU_RECORD_SIZE */
	uint64_t area;		 /* physical address of the area */
	uint32_t area_size;	 /* bytes */
	uint32_t ncpus;		 /* records that follow */
	uint32_t boot_apic_id;	 /* the CPU that ran the stage */
	uint32_t flags;		 /* BATON_TABLE_... */
	baton_count held;	 /* CPUs held now */
	uint32_t collected;	 /* secondary CPUs that arrived and answered TEST */
	uint32_t missing;	 /* secondary CPUs that did not */
	uint32_t prepare_us;	 /* stage, before it starts the next image */
	uint32_t collect_us;	 /* stage, after ExitBootServices */
	uint64_t mailbox;	 /* physical address */
	uint64_t reset_vector;	 /* physical address */
	uint64_t map_end;	 /* identity map on release: [0, map_end) */
	uint8_t reserved[16];
	struct baton_cpu_record cpu[];
};

_Static_assert(offsetof(struct baton_cpu_record, state) == BATON_RECORD_STATE, "for assembly");
_Static_assert(offsetof(struct baton_cpu_record, nmis) == BATON_RECORD_NMIS, "for assembly");
_Static_assert(offsetof(struct baton_cpu_record, machine_checks) == BATON_RECORD_MACHINE_CHECKS,
	       "for assembly");
_Static_assert(sizeof(struct baton_cpu_record) == BATON_CPU_RECORD_SIZE, "docs/contract.md");
_Static_assert(offsetof(struct baton_table, area) == 40, "docs/contract.md");
_Static_assert(offsetof(struct baton_table, held) == 64, "docs/contract.md");
_Static_assert(offsetof(struct baton_table, mailbox) == 88, "docs/contract.md");
_Static_assert(offsetof(struct baton_table, cpu) == BATON_TABLE_HEADER_SIZE, "docs/contract.md");

#endif /* __ASSEMBLER__ */
#endif /* BATON_TABLE_H */
