/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * area/ledger.c and what include/baton/table.h says to readers: entries are
 * whole and in order, whatever is not whole is detected, and the table keeps
 * its checksum all the while.
 */
#include "unit.h"

#include "area/ledger.h"
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#define NCPUS 2
#define SIZE 7 /* entries: no power of two, so that a wrong modulo shows */
#define LENGTH (BATON_TABLE_HEADER_SIZE + NCPUS * BATON_CPU_RECORD_SIZE + SIZE * 64)
#define FIELDS (sizeof(struct baton_entry) / sizeof(uint64_t))

static union {
	struct baton_table table;
	uint8_t bytes[LENGTH];
} batn;

static struct baton_entry *entries;

static int empty_table(void **state)
{
	const struct baton_entry empty = {
		.sequence = baton_count_of(0),
		.not_time = UINT64_MAX,
		.not_vector = UINT64_MAX,
		.not_what = UINT64_MAX,
		.check = baton_count_of(0),
	};
	const uint32_t length = LENGTH;

	(void)state;
	memset(&batn, 0, sizeof(batn));
	memcpy(batn.table.acpi_header + 4, &length, sizeof(length));
	batn.table.ncpus = NCPUS;
	batn.table.entries_written = baton_count_of(0);
	entries = baton_ledger(&batn.table);
	for (unsigned i = 0; i < SIZE; i++)
		entries[i] = empty;
	return 0;
}

static uint8_t checksum(void)
{
	uint8_t sum = 0;

	for (size_t i = 0; i < LENGTH; i++)
		sum += batn.bytes[i];
	return sum;
}

/* Entry @n of all, of which every field can be told from n. */
static uint64_t time_of(uint32_t n)
{
	return n * 0x123456789abcdefull + 0xfedcba98;
}

static uint64_t vector_of(uint32_t n)
{
	return n % 3 ? 0 : 0x9a000ull + n;
}

static uint64_t what_of(uint32_t n)
{
	return baton_what(n * 7, n % 5 + 1, n * 3, n / 2);
}

static void write_entry(uint32_t n)
{
	ledger_write(&batn.table, time_of(n), vector_of(n), what_of(n));
}

static bool is_entry(const struct baton_entry *entry, uint32_t n)
{
	return entry->time == time_of(n) && entry->vector == vector_of(n) &&
	       entry->what == what_of(n);
}

static void layout(void **state)
{
	(void)state;
	assert_int_equal(baton_ledger_size(&batn.table), SIZE);
	assert_ptr_equal(entries, batn.bytes + LENGTH - SIZE * 64);
	for (unsigned i = 0; i < SIZE; i++)
		assert_false(baton_entry_whole(&entries[i]));
}

static void what(void **state)
{
	uint64_t w = baton_what(0x12345678, BATON_EVENT_TEST, 0xabc, 0xdef);

	(void)state;
	assert_int_equal(w, 0xdefabc0412345678);
	assert_int_equal(baton_what(UINT32_MAX, 0, 0, 0), UINT32_MAX);
	assert_int_equal(baton_what(0, 0, 0x12345, 0), 0x345ull << 40); /* modulo 4096 */
	assert_int_equal(baton_what(0, 0, 0, 0x12345), 0x345ull << 52);
}

/* Several rounds: after each entry the last SIZE are there, whole, in order, in their places. */
static void in_order(void **state)
{
	uint8_t sum = checksum();

	(void)state;
	for (uint32_t n = 0; n < 5 * SIZE + 3; n++) {
		write_entry(n);
		assert_int_equal(batn.table.entries_written, baton_count_of(n + 1));
		assert_int_equal(checksum(), sum);
		for (uint32_t i = n < SIZE ? 0 : n + 1 - SIZE; i <= n; i++) {
			const struct baton_entry *entry = &entries[i % SIZE];

			assert_true(baton_entry_whole(entry));
			assert_int_equal(baton_count_value(entry->sequence), i + 1);
			assert_true(is_entry(entry, i));
		}
		for (uint32_t i = n + 1; i < SIZE; i++)
			assert_false(baton_entry_whole(&entries[i]));
	}
}

/* Nothing but the ledger and the count of its entries is written. */
static void nothing_else(void **state)
{
	static uint8_t before[LENGTH];
	size_t count = offsetof(struct baton_table, entries_written);
	size_t ledger = LENGTH - SIZE * 64;

	(void)state;
	memset(&batn.table.cpu, 0xee, NCPUS * BATON_CPU_RECORD_SIZE);
	memcpy(before, batn.bytes, LENGTH);
	for (uint32_t n = 0; n < 3 * SIZE; n++)
		write_entry(n);
	assert_memory_equal(before, batn.bytes, count);
	assert_memory_equal(before + count + 8, batn.bytes + count + 8, ledger - count - 8);
}

/* A sequence of 0 says "not whole": when the numbers start anew, it is left out. */
static void never_sequence_0(void **state)
{
	(void)state;
	batn.table.entries_written = baton_count_of(UINT32_MAX - 2);
	for (uint32_t i = 0; i < 6; i++) {
		uint32_t n = UINT32_MAX - 2 + i;
		const struct baton_entry *entry = &entries[n % SIZE];

		assert_int_equal(baton_count_value(batn.table.entries_written), n);
		write_entry(n);
		assert_true(baton_entry_whole(entry));
		assert_int_equal(baton_count_value(entry->sequence), n + 1 ? n + 1 : 1);
		assert_true(is_entry(entry, n));
		assert_true(baton_count_valid(batn.table.entries_written));
	}
}

/* Any one byte that is wrong is noticed, whatever it is instead. */
static void every_byte_counts(void **state)
{
	(void)state;
	for (uint32_t n = 0; n < SIZE; n++) {
		uint8_t *bytes = (uint8_t *)&entries[n];

		write_entry(n);
		for (size_t i = 0; i < sizeof(struct baton_entry); i++) {
			for (unsigned change = 1; change < 256; change++) {
				bytes[i] ^= change;
				assert_false(baton_entry_whole(&entries[n]));
				bytes[i] ^= change;
			}
		}
		assert_true(baton_entry_whole(&entries[n]));
	}
}

/* Even if the complement is wrong in the same way: any one or two bits of what is said. */
static void every_bit_counts(void **state)
{
	struct baton_entry *entry = &entries[0];
	uint64_t *const fields[] = {&entry->time, &entry->vector, &entry->what};

	(void)state;
	write_entry(0);
	for (unsigned a = 0; a < 3 * 64; a++) {
		for (unsigned b = a; b < 3 * 64; b++) {
			const struct baton_entry saved = *entry;

			for (unsigned i = 0; i < 2; i++) {
				unsigned bit = i ? b : a;

				if (i && a == b)
					break;
				fields[bit / 64][0] ^= 1ull << bit % 64;
				fields[bit / 64][1] ^= 1ull << bit % 64;
			}
			assert_false(baton_entry_whole(entry));
			*entry = saved;
		}
	}
	assert_true(baton_entry_whole(entry));
	entry->sequence = baton_count_of(2);
	assert_false(baton_entry_whole(entry));
}

/* All that can be left in an entry by two that write it at once, each field one's or the other's.
 */
static void mixtures(const struct baton_entry *a, const struct baton_entry *b)
{
	uint64_t from[2][FIELDS];

	memcpy(from[0], a, sizeof(*a));
	memcpy(from[1], b, sizeof(*b));
	for (unsigned mixture = 0; mixture < 1 << FIELDS; mixture++) {
		uint64_t fields[FIELDS] = {0};
		struct baton_entry mixed;

		for (unsigned i = 0; i < FIELDS; i++)
			fields[i] = from[mixture >> i & 1][i];
		memcpy(&mixed, fields, sizeof(mixed));
		if (memcmp(&mixed, a, sizeof(mixed)) && memcmp(&mixed, b, sizeof(mixed)))
			assert_false(baton_entry_whole(&mixed));
		else
			assert_int_equal(baton_entry_whole(&mixed),
					 baton_count_value(mixed.sequence) != 0);
	}
}

static void mixtures_are_torn(void **state)
{
	struct baton_entry empty = entries[0], a, b;

	(void)state;
	for (uint32_t n = 0; n < 200; n++) {
		write_entry(n);
		a = entries[n % SIZE];
		mixtures(&a, &empty);
		for (uint32_t i = 0; i < SIZE; i++) {
			b = entries[i];
			mixtures(&a, &b);
		}
		/* As much later as there are entries in between, so that sequence ^ time is the
		 * same. */
		a.sequence = baton_count_of(n * 2);
		a.time = n * 2;
		a.not_time = ~a.time;
		a.check = baton_count_of(baton_entry_check(n * 2, a.time, a.vector, a.what));
		b = a;
		b.sequence = baton_count_of(n * 2 + 1);
		b.time = n * 2 + 1;
		b.not_time = ~b.time;
		b.what = baton_what(n, BATON_EVENT_RETURN, 0, 0);
		b.not_what = ~b.what;
		b.check = baton_count_of(baton_entry_check(n * 2 + 1, b.time, b.vector, b.what));
		if (n)
			mixtures(&a, &b);
		/* The same CPU does the same again, a moment later. */
		a = entries[n % SIZE];
		ledger_write(&batn.table, time_of(n) + 1, vector_of(n), what_of(n));
		b = entries[baton_count_value(batn.table.entries_written) % SIZE];
		mixtures(&a, &b);
		empty_table(NULL);
	}
}

/*
 * Threads that write at once to very few entries, so that they meet in them all
 * the time, and one that reads: each entry it takes for whole is one that was
 * written, as it was written.
 */
#define WRITERS 4
#define WRITES 50000

static unsigned writing, rounds;
static uint8_t seen[WRITERS][WRITES];

static unsigned load(const unsigned *n)
{
	return __atomic_load_n(n, __ATOMIC_ACQUIRE);
}

/* Any that differs from entry to entry. */
static uint64_t some_time(uint64_t n)
{
	return n * 0xd6e8feb86659fd93;
}

static void *writer(void *argument)
{
	uint32_t id = (uint32_t)(uintptr_t)argument;

	for (uint32_t i = 0; i < WRITES; i++) {
		uint64_t done = (uint64_t)id << 32 | i;

		ledger_write(&batn.table, some_time(done), ~done, done);
		/* The reader is to read all the while, however few processors there are. */
		if (i % 1000 == 0)
			for (unsigned now = load(&rounds); load(&rounds) == now;)
				sched_yield();
	}
	__atomic_fetch_sub(&writing, 1, __ATOMIC_RELEASE);
	return NULL;
}

/* A copy of an entry, each field at once, forwards or backwards: readers are not told an order. */
static void copy(struct baton_entry *to, const struct baton_entry *from, bool backwards)
{
	const uint64_t *field = (const uint64_t *)from;
	uint64_t fields[FIELDS] = {0};

	for (unsigned i = 0; i < FIELDS; i++) {
		unsigned n = backwards ? FIELDS - 1 - i : i;

		fields[n] = __atomic_load_n(&field[n], __ATOMIC_RELAXED);
	}
	memcpy(to, fields, sizeof(*to));
}

/* How many were whole; fails if one is wrong. */
static unsigned read_all(bool backwards)
{
	unsigned whole = 0;

	for (unsigned i = 0; i < SIZE; i++) {
		struct baton_entry entry;

		copy(&entry, &entries[i], backwards);
		/* Torn or not, what is a count is one: the table's checksum depends on it. */
		if (!baton_count_valid(entry.sequence) || !baton_count_valid(entry.check))
			fail_msg("entry %u has a torn count", i);
		if (!baton_entry_whole(&entry))
			continue;
		whole++;
		if (entry.time != some_time(entry.what) || entry.vector != ~entry.what ||
		    entry.what >> 32 >= WRITERS || (uint32_t)entry.what >= WRITES ||
		    (baton_count_value(entry.sequence) - 1) % SIZE != i)
			fail_msg("entry %u is wrong: %u, %#llx, %#llx, %#llx", i,
				 baton_count_value(entry.sequence), (unsigned long long)entry.time,
				 (unsigned long long)entry.vector, (unsigned long long)entry.what);
		seen[entry.what >> 32][(uint32_t)entry.what] = 1;
	}
	return whole;
}

static void all_at_once(void **state)
{
	pthread_t thread[WRITERS];
	uint8_t sum = checksum();
	unsigned different = 0;

	(void)state;
	writing = WRITERS;
	for (uintptr_t i = 0; i < WRITERS; i++)
		assert_int_equal(pthread_create(&thread[i], NULL, writer, (void *)i), 0);
	while (load(&writing)) {
		read_all(rounds & 1);
		__atomic_fetch_add(&rounds, 1, __ATOMIC_RELAXED);
	}
	for (unsigned i = 0; i < WRITERS; i++)
		pthread_join(thread[i], NULL);

	assert_int_equal(batn.table.entries_written, baton_count_of(WRITERS * WRITES));
	assert_int_equal(checksum(), sum);
	assert_true(read_all(false) > 0);
	for (unsigned i = 0; i < WRITERS; i++)
		for (unsigned n = 0; n < WRITES; n++)
			different += seen[i][n];
	assert_true(different > SIZE); /* it did read while they wrote */

	/* What late writers have left torn is whole again a round later. */
	for (uint32_t n = 0; n < SIZE; n++)
		ledger_write(&batn.table, some_time(n), ~(uint64_t)n, n);
	assert_int_equal(read_all(true), SIZE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(layout, empty_table),
		cmocka_unit_test(what),
		cmocka_unit_test_setup(in_order, empty_table),
		cmocka_unit_test_setup(nothing_else, empty_table),
		cmocka_unit_test_setup(never_sequence_0, empty_table),
		cmocka_unit_test_setup(every_byte_counts, empty_table),
		cmocka_unit_test_setup(every_bit_counts, empty_table),
		cmocka_unit_test_setup(mixtures_are_torn, empty_table),
		cmocka_unit_test_setup(all_at_once, empty_table),
	};

	return cmocka_run_group_tests_name("ledger", tests, NULL, NULL);
}
