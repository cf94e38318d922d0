/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The BATN table: the resident's records of every CPU, readable by any kernel
 * as an ACPI table (on Linux: /sys/firmware/acpi/tables/BATN).
 *
 * The table is live: held CPUs go on counting in it.  Therefore every value that
 * changes is a *count*: 64 bits, aligned, stored at once.  The value is in the low half
 * and its complement in the high half.  So a reader detects a torn or overwritten
 * count.  The checksum of the table never changes, since the bytes of a count always
 * sum up to the same.
 */
#ifndef BATON_TABLE_H
#define BATON_TABLE_H

#define BATON_TABLE_SIGNATURE "BATN"
#define BATON_TABLE_VERSION 1
#define BATON_TABLE_HEADER_SIZE 128
#define BATON_CPU_RECORD_SIZE 128
#define BATON_TABLE_CPUS_MAX 4096 /* records, on any architecture */

/* Which party owns a CPU: the value of baton_cpu_record.state. */
#define BATON_CPU_MISSING 0    /* never arrived; not offered to any kernel */
#define BATON_CPU_COLLECTING 1 /* sent for by the stage, not yet arrived */
#define BATON_CPU_HELD 2       /* in the resident, waiting for a command */
#define BATON_CPU_RELEASED 3   /* given to a kernel, or never taken from it */
#define BATON_CPU_FAILED 4     /* took an exception while in the resident */

/* How held CPUs sleep: the value of baton_table.wait. */
#define BATON_WAIT_PAUSE 1 /* no sleep: they spin, each on a line of its own */
#define BATON_WAIT_HLT 2   /* until an interrupt of the listener, or of a timer */
#define BATON_WAIT_MWAIT 3 /* until the listener writes to their line */

/* The event of a ledger entry: in baton_entry.what. */
#define BATON_EVENT_RETURN 1	/* arrived: from a kernel, or collected by the stage */
#define BATON_EVENT_RELEASE 2	/* leaves for the wakeup vector */
#define BATON_EVENT_KEPT 3	/* that release was withdrawn: still held */
#define BATON_EVENT_TEST 4	/* answered a TEST command */
#define BATON_EVENT_FAILED 5	/* took an exception and stopped */
#define BATON_EVENT_COLLECTED 6 /* a stage has found it held; vector is BATON_ORIGIN_... */

/* Where the last stage had a CPU from: the value of baton_cpu_record.origin. */
#define BATON_ORIGIN_NOWHERE 0 /* none: the boot CPU, or a CPU that is missing */
#define BATON_ORIGIN_STARTUP 1 /* by INIT and SIPI */
#define BATON_ORIGIN_MAILBOX 2 /* woken by the mailbox of another holder */
#define BATON_ORIGIN_AREA 3    /* it was held already, in the area that was adopted */

/* Offsets in struct baton_cpu_record that assembly uses. */
#define BATON_RECORD_STATE 8
#define BATON_RECORD_NMIS 40
#define BATON_RECORD_MACHINE_CHECKS 48

/* Add this to a count to count one more (modulo 2^64). */
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

/*
 * One per CPU, on cache lines of its own.  After the stage only that CPU writes it, except
 * for wakes, which the listener writes.
 */
struct baton_cpu_record {
	uint32_t apic_id;
	uint32_t acpi_uid;	    /* ACPI processor UID of its MADT entry */
	baton_count state;	    /* BATON_CPU_... */
	baton_count releases;	    /* wakeups performed, broadcasts included */
	baton_count returns;	    /* arrivals, the stage's collection included */
	baton_count tests;	    /* TEST commands answered while held */
	baton_count nmis;	    /* NMIs survived */
	baton_count machine_checks; /* machine checks survived */
	baton_count drained;	    /* stale interrupts taken off its local APIC */
	baton_count wakes;	    /* times the listener woke it */
	baton_count listens;	    /* times it became the listener */
	baton_count tsc_per_us;	    /* ticks of the time-stamp counter per us; 0: not known */
	baton_count origin;	    /* BATON_ORIGIN_...; only a stage writes it */
	baton_count reserved[4];    /* counts of 0 */
};

/*
 * One entry of the ledger.  Each of the 64-bit fields is followed by its
 * complement, so that the checksum of the table does not change.  An entry is
 * whole if its sequence is valid and not 0, all complements match, and check is
 * baton_entry_check().  Any other is being written, or was overwritten.
 */
struct baton_entry {
	baton_count sequence;	     /* 1 for the first entry ever written; 0: empty */
	uint64_t time, not_time;     /* time-stamp counter of the CPU */
	uint64_t vector, not_vector; /* of a release; origin, of a collection; else 0 */
	uint64_t what, not_what;     /* APIC ID, event, NMIs, machine checks: below */
	baton_count check;
};

/* what: bits 0-31 APIC ID, 32-39 BATON_EVENT_..., 40-51 and 52-63 NMIs and machine
 * checks that the CPU has survived so far, modulo 4096. */
static inline uint64_t baton_what(uint32_t apic_id, uint32_t event, uint32_t nmis,
				  uint32_t machine_checks)
{
	return apic_id | (uint64_t)(event & 0xff) << 32 | (uint64_t)(nmis & 0xfff) << 40 |
	       (uint64_t)(machine_checks & 0xfff) << 52;
}

/* Detects the mixture that two CPUs leave if they write the same entry, one of them late. */
static inline uint32_t baton_entry_check(uint32_t sequence, uint64_t time, uint64_t vector,
					 uint64_t what)
{
	/* Times and sequences rise together: spread the bits of one before the other is added. */
	uint64_t sum = sequence * 0x9e3779b97f4a7c15;

	sum = (sum ^ time) * 0x9e3779b97f4a7c15;
	sum = (sum ^ sum >> 32 ^ vector) * 0x9e3779b97f4a7c15;
	sum = (sum ^ sum >> 32 ^ what) * 0x9e3779b97f4a7c15;
	return (uint32_t)(sum >> 32);
}

static inline bool baton_entry_whole(const struct baton_entry *entry)
{
	return baton_count_valid(entry->sequence) && baton_count_value(entry->sequence) &&
	       entry->time == ~entry->not_time && entry->vector == ~entry->not_vector &&
	       entry->what == ~entry->not_what &&
	       entry->check ==
		       baton_count_of(baton_entry_check(baton_count_value(entry->sequence),
							entry->time, entry->vector, entry->what));
}

/* Bits of baton_table.flags. */
#define BATON_TABLE_S3_HIDDEN 1 /* \_S3 is hidden: see docs/contract.md */
#define BATON_TABLE_COMPLETE 2	/* the collection is over, the table final */
#define BATON_TABLE_BROADCAST 4 /* the mailbox takes BATON_COMMAND_RELEASE_ALL */

struct baton_table {
	uint8_t acpi_header[36];     /* signature, length, checksum, ... */
	uint16_t version;	     /* BATON_TABLE_VERSION */
	uint16_t record_size;	     /* BATON_CPU_RECORD_SIZE */
	uint64_t area;		     /* physical address of the area */
	uint32_t area_size;	     /* bytes */
	uint32_t ncpus;		     /* records that follow */
	uint32_t boot_apic_id;	     /* the CPU that ran the stage */
	uint32_t flags;		     /* BATON_TABLE_... */
	baton_count held;	     /* CPUs held now */
	uint32_t collected;	     /* secondary CPUs that arrived and answered TEST */
	uint32_t missing;	     /* secondary CPUs that did not */
	uint32_t prepare_us;	     /* time of the stage before it starts the next image */
	uint32_t collect_us;	     /* time of the stage after ExitBootServices */
	uint64_t mailbox;	     /* physical address */
	uint64_t reset_vector;	     /* physical address */
	uint64_t map_end;	     /* identity map on release: [0, map_end) */
	baton_count wait;	     /* BATON_WAIT_... */
	baton_count entries_written; /* to the ledger, modulo 2^32 */
	struct baton_cpu_record cpu[];
	/* The rest of the table is the ledger: entry n of all ever written is at n modulo its size.
	 */
};

/*
 * The number of entries that the ledger has room for, by the length in the table's ACPI
 * header.  This and baton_ledger() are for the writer, whose records have
 * BATON_CPU_RECORD_SIZE; <baton/reader.h> is for readers.
 */
static inline uint32_t baton_ledger_size(const struct baton_table *table)
{
	const uint8_t *length = table->acpi_header + 4;
	uint32_t bytes = length[0] | length[1] << 8 | length[2] << 16 | (uint32_t)length[3] << 24;

	return (bytes - BATON_TABLE_HEADER_SIZE - table->ncpus * BATON_CPU_RECORD_SIZE) /
	       sizeof(struct baton_entry);
}

static inline struct baton_entry *baton_ledger(const struct baton_table *table)
{
	return (struct baton_entry *)&table->cpu[table->ncpus];
}

_Static_assert(offsetof(struct baton_cpu_record, state) == BATON_RECORD_STATE, "for assembly");
_Static_assert(offsetof(struct baton_cpu_record, nmis) == BATON_RECORD_NMIS, "for assembly");
_Static_assert(offsetof(struct baton_cpu_record, machine_checks) == BATON_RECORD_MACHINE_CHECKS,
	       "for assembly");
_Static_assert(sizeof(struct baton_entry) == 64, "docs/contract.md");
_Static_assert(sizeof(struct baton_cpu_record) == BATON_CPU_RECORD_SIZE, "docs/contract.md");
_Static_assert(offsetof(struct baton_table, area) == 40, "docs/contract.md");
_Static_assert(offsetof(struct baton_table, held) == 64, "docs/contract.md");
_Static_assert(offsetof(struct baton_table, mailbox) == 88, "docs/contract.md");
_Static_assert(offsetof(struct baton_table, cpu) == BATON_TABLE_HEADER_SIZE, "docs/contract.md");

#endif /* __ASSEMBLER__ */
#endif /* BATON_TABLE_H */
