/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The ledger, area/ledger.c: threads that write entries, and readers that copy one while it is
 * written.  One reader has the rule of docs/contract.md, section 9, and copies the fields in
 * any order.  Another one relies on the order of the writer's stores alone, as
 * ledger.c has it: where no two CPUs write the same entry, it looks at sequence twice.
 */
#include "weak.h"
#include "area/ledger.h"
#include <string.h>

#define RELAXED __ATOMIC_RELAXED
#define TIME(what) ((what)*0x1111u)

static union {
	struct baton_table table;
	uint8_t bytes[BATON_TABLE_HEADER_SIZE + 2 * sizeof(struct baton_entry)];
} t __attribute__((aligned(64)));
static uint32_t done[2]; /* a writer has written its entry; by its acknowledgement */

static struct baton_entry seen; /* for finish(): the reader's copy */

static APART void note(unsigned field, uint64_t value)
{
	((uint64_t *)&seen)[field] = value;
}

/* A ledger of @entries. */
static APART void make(unsigned entries)
{
	uint32_t length = BATON_TABLE_HEADER_SIZE + entries * (uint32_t)sizeof(struct baton_entry);
	struct baton_entry *entry = (struct baton_entry *)t.table.cpu;

	memset(&t, 0, sizeof(t));
	memset(&seen, 0, sizeof(seen));
	memset(done, 0, sizeof(done));
	memcpy(t.table.acpi_header + 4, &length, 4);
	t.table.entries_written = baton_count_of(0);
	for (unsigned i = 0; i < entries; i++)
		entry[i] = (struct baton_entry){.sequence = baton_count_of(0),
						.not_time = UINT64_MAX,
						.not_vector = UINT64_MAX,
						.not_what = UINT64_MAX,
						.check = baton_count_of(0)};
	weak_name(&t.table.entries_written, 8, "entries_written");
	weak_name(entry, entries * sizeof(*entry), "entry");
}

static APART void one_entry(void)
{
	make(1);
}

static APART void two_entries(void)
{
	make(2);
}

static struct baton_entry *entry(unsigned i)
{
	return &((struct baton_entry *)t.table.cpu)[i];
}

static void write(uint64_t what)
{
	ledger_write(&t.table, TIME(what), ~what, what);
}

static void copy(unsigned i, bool backwards)
{
	const uint64_t *from = (const uint64_t *)entry(i);

	for (unsigned n = 0; n < 8; n++) {
		unsigned field = backwards ? 7 - n : n;

		note(field, __atomic_load_n(&from[field], RELAXED));
	}
}

static APART bool whole_and_wrong(void)
{
	return baton_entry_whole(&seen) &&
	       (seen.time != TIME(seen.what) || seen.vector != ~seen.what || seen.what < 1 ||
		seen.what > 2);
}

/* Two writers in turn or at once, in one entry; what is whole is right. */
static void overwrite(unsigned self)
{
	if (self < 2)
		write(self + 1);
	else
		copy(0, weak_choose(2));
}

static APART void not_torn(void)
{
	weak_check(!whole_and_wrong(), "a torn entry is taken for whole");
	/* A mixture stays for ever, but is not taken for whole either. */
	seen = *entry(0);
	weak_check(!whole_and_wrong(), "a mixture of two entries is taken for whole");
	weak_result(baton_entry_whole(&seen));
}

/* One writer that goes round, and a reader that looks at sequence before and after. */
static void look_twice(unsigned self)
{
	const uint64_t *field = (const uint64_t *)entry(0);
	uint64_t before, what, time;

	if (!self) {
		write(1);
		write(2);
		return;
	}
	before = __atomic_load_n(&field[0], __ATOMIC_ACQUIRE);
	time = __atomic_load_n(&field[1], RELAXED);
	what = __atomic_load_n(&field[5], RELAXED);
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	if (__atomic_load_n(&field[0], RELAXED) != before || !baton_count_value(before))
		return;
	weak_check(what == baton_count_value(before) && time == TIME(what),
		   "an entry is torn, and sequence does not show it");
}

/* A kernel that sees an acknowledgement sees the entry; numbers are not given twice. */
static void acknowledge(unsigned self)
{
	if (self < 2) {
		write(self + 1);
		__atomic_store_n(&done[self], 1, __ATOMIC_RELEASE);
		return;
	}
	for (unsigned i = 0; i < 2; i++)
		while (!__atomic_load_n(&done[i], __ATOMIC_ACQUIRE))
			weak_wait();
	weak_check(__atomic_load_n(&t.table.entries_written, RELAXED) == baton_count_of(2),
		   "entries_written is wrong");
	for (unsigned i = 0; i < 2; i++)
		copy(i, false);
}

static APART void both_there(void)
{
	weak_check(!weak_stuck(2), "the reader waits for ever");
	weak_check(baton_entry_whole(&seen), "acknowledged, but the entry is not seen");
	weak_check(baton_entry_whole(entry(0)) && baton_entry_whole(entry(1)) &&
			   entry(0)->what + entry(1)->what == 3,
		   "an entry is lost");
}

static const struct weak_test all[] = {
	{"two writers, one entry, a reader", 3, one_entry, overwrite, not_torn, 2, 0, 60000, NULL},
	{"a writer goes round, sequence is looked at twice", 2, one_entry, look_twice, NULL, 0, 0,
	 0, NULL},
	{"acknowledged entries are there", 3, two_entries, acknowledge, both_there, 0, 0, 0, NULL},
};

int main(int argc, char **argv)
{
	return weak_main(all, sizeof(all) / sizeof(*all), argc, argv);
}
