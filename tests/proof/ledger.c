/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* clang-format off */
/*
 * An entry of the ledger, written: docs/contract.md, section 9.  Other CPUs count entries of
 * their own between any two accesses.
 *
 * Sources: area/ledger.c
 * Later: Proof write --unwind 5
 * Later: Mutant write area/ledger.c s/n + 1 ? n + 1 : 1/n + 1/
 * Later: Mutant write area/ledger.c s/put(&entry->not_vector, ~vector);//
 * Later: Mutant write area/ledger.c s/if (n == UINT32_MAX)/if (0)/
 * Later: Mutant write area/ledger.c s/sequence), __ATOMIC_RELEASE/sequence), __ATOMIC_RELAXED/
 * Later: Mutant write area/ledger.c s/put(&entry->sequence, baton_count_of(0));//
 */
/* clang-format on */
#define PROOF_OBSERVES
#include "proof.h"
#include "area/ledger.h"

/* A modulo by a number that is not known is hard to decide. */
#define CPUS 1
#define ENTRIES 4
#define LENGTH (BATON_TABLE_HEADER_SIZE + CPUS * BATON_CPU_RECORD_SIZE + 64 * ENTRIES)

static struct {
	struct baton_table table;
	struct baton_cpu_record record[CPUS];
	struct baton_entry entry[ENTRIES];
} memory;
static struct baton_table *table = &memory.table;
static uint32_t number;
static struct baton_entry *mine;
static bool taken, begun, fenced, finished;
static unsigned changes;

static struct baton_entry *place(uint32_t n)
{
	return &memory.entry[n % ENTRIES];
}

/* A table of some CPUs, and some entries. */
static void set_up(void)
{
	for (unsigned i = 0; i < ENTRIES; i++) {
		place(i)->sequence = any64();
		place(i)->check = any64();
	}
	table->acpi_header[4] = LENGTH & 0xff;
	table->acpi_header[5] = LENGTH >> 8;
	table->ncpus = CPUS;
	table->record_size = BATON_CPU_RECORD_SIZE;
	table->entries_written = baton_count_of(any32());
}

void proof_before(const volatile void *at)
{
	/* Others take numbers of their own. */
	if (at == &table->entries_written && taken && any())
		table->entries_written = any64();
}

void proof_loaded(const volatile void *at, uint64_t value, int order)
{
	(void)at, (void)value, (void)order;
	PROVE("nothing is loaded", false);
}

void proof_change(volatile void *at, uint64_t old, uint64_t new, int order, bool swap)
{
	if (at == &table->entries_written && !taken) {
		PROVE("a number is taken in one step", swap);
		PROVE("one entry more", new == old + 0xffffffff00000001);
		number = (uint32_t)old;
		mine = place(number);
		taken = true;
		return;
	}
	if (at == &table->entries_written) {
		PROVE("the count is made right after its last value alone",
		      number == 0xffffffff && swap && new == old + 0xffffffff00000000);
		return;
	}
	PROVE("else only its own entry changes",
	      taken && (uint8_t *)at >= (uint8_t *)mine && (uint8_t *)at < (uint8_t *)(mine + 1));
	if (at != &mine->sequence) {
		PROVE("not before sequence is 0, and that is ordered",
		      begun && fenced && !finished);
		changes++;
	} else if (!begun) {
		PROVE("sequence becomes 0 first", new == 0xffffffff00000000);
		begun = true;
	} else {
		PROVE("sequence last, after all other fields", changes == 7 && !finished);
		PROVE("with release ordering", proof_releases(order));
		finished = true;
	}
}

void proof_fence(int order)
{
	PROVE("a fence that orders what follows after sequence 0", begun && proof_releases(order));
	fenced = true;
}

void proof_write(void)
{
	uint64_t time = any64(), vector = any64(), what = any64();
	struct baton_entry *entry;
	uint32_t sequence;

	set_up();
	entry = ledger_write(table, time, vector, what);
	sequence = number == 0xffffffff ? 1 : number + 1;
	PROVE("its entry", entry == mine && finished);
	PROVE("its number", entry->sequence == ((uint64_t)~sequence << 32 | sequence));
	PROVE("what was given",
	      entry->time == time && entry->vector == vector && entry->what == what);
	PROVE("with complements",
	      entry->not_time == ~time && entry->not_vector == ~vector && entry->not_what == ~what);
	PROVE("and a check", baton_count_valid(entry->check));
}
