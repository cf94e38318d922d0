/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "memory.h"
#include "tap.h"

#define RANGES_MAX 512
#define MIB (1ull << 20)
#define STRIPE (2 * MIB) /* what is filled at a time, when not all can be */

static struct memory_range ranges[RANGES_MAX];
static size_t nranges;
static bool overflowed;

const char *memory_type_name(enum memory_type type)
{
	static const char *const names[] = {
		[MEMORY_NONE] = "not in the memory map",
		[MEMORY_USABLE] = "ordinary memory",
		[MEMORY_FREED] = "ordinary memory (which was the firmware's)",
		[MEMORY_PROBE] = "ordinary memory (which the probe uses)",
		[MEMORY_RESERVED] = "reserved memory",
		[MEMORY_ACPI] = "ACPI reclaimable memory",
		[MEMORY_NVS] = "ACPI NVS memory",
		[MEMORY_RUNTIME] = "memory of the runtime services",
		[MEMORY_DEVICE] = "memory-mapped I/O",
		[MEMORY_BAD] = "unusable memory",
		[MEMORY_MIXED] = "memory of more than one type",
	};

	return names[type];
}

static void remove_range(size_t index)
{
	nranges--;
	for (size_t i = index; i < nranges; i++)
		ranges[i] = ranges[i + 1];
}

static void insert_range(size_t index, uint64_t start, uint64_t end, enum memory_type type)
{
	if (start >= end)
		return;
	if (nranges == RANGES_MAX) {
		overflowed = true;
		return;
	}
	for (size_t i = nranges; i > index; i--)
		ranges[i] = ranges[i - 1];
	ranges[index] = (struct memory_range){start, end, type};
	nranges++;
}

/* Join range @index with the next one, if they are neighbours and alike. */
static void join(size_t index)
{
	if (index + 1 < nranges && ranges[index].end == ranges[index + 1].start &&
	    ranges[index].type == ranges[index + 1].type) {
		ranges[index].end = ranges[index + 1].end;
		remove_range(index + 1);
	}
}

void memory_set(uint64_t start, uint64_t end, enum memory_type type)
{
	size_t i = 0;

	if (start >= end)
		return;
	while (i < nranges && ranges[i].end <= start)
		i++;
	if (i < nranges && ranges[i].start < start) { /* split at start */
		struct memory_range old = ranges[i];

		ranges[i].end = start;
		insert_range(++i, start, old.end, old.type);
	}
	while (i < nranges && ranges[i].end <= end)
		remove_range(i);
	if (i < nranges && ranges[i].start < end)
		ranges[i].start = end;
	insert_range(i, start, end, type);
	join(i);
	if (i)
		join(i - 1);
}

enum memory_type memory_type(uint64_t start, uint64_t end)
{
	for (size_t i = 0; i < nranges; i++) {
		if (ranges[i].end <= start || ranges[i].start >= end)
			continue;
		return ranges[i].start <= start && end <= ranges[i].end ? ranges[i].type
									: MEMORY_MIXED;
	}
	return MEMORY_NONE;
}

const struct memory_range *memory_range(size_t index)
{
	return index < nranges ? &ranges[index] : NULL;
}

static bool is_memory(enum memory_type type)
{
	return type != MEMORY_NONE && type != MEMORY_DEVICE && type != MEMORY_BAD &&
	       type != MEMORY_RESERVED;
}

uint64_t memory_top(void)
{
	for (size_t i = nranges; i--;)
		if (is_memory(ranges[i].type))
			return ranges[i].end;
	return 0;
}

bool memory_overflowed(void)
{
	return overflowed;
}

uint64_t memory_take(uint64_t size, uint64_t align, uint64_t min, uint64_t max)
{
	for (size_t i = nranges; i--;) {
		uint64_t start = ranges[i].start > min ? ranges[i].start : min;
		uint64_t end = ranges[i].end < max ? ranges[i].end : max;
		uint64_t at;

		if (ranges[i].type != MEMORY_USABLE || start >= end || end - start < size)
			continue;
		at = (end - size) & ~(align - 1);
		if (at < start || !at)
			continue;
		memory_set(at, at + ((size + PAGE_SIZE - 1) & ~(uint64_t)(PAGE_SIZE - 1)),
			   MEMORY_PROBE);
		return at;
	}
	return 0;
}

/*
 * The pattern: a number that depends on the place, so that neither a copy nor a
 * shift of it looks right, and on the seed.
 */
#define SPREAD 0x9e3779b97f4a7c15

static uint64_t seed = 0x5bd1e995;
static uint64_t filled_step; /* every how many stripes; 0: nothing is filled */

static bool is_free(const struct memory_range *range)
{
	return range->type == MEMORY_USABLE || range->type == MEMORY_FREED;
}

static uint64_t usable_total(void)
{
	uint64_t total = 0;

	for (size_t i = 0; i < nranges; i++)
		if (is_free(&ranges[i]) && ranges[i].start >= MIB)
			total += ranges[i].end - ranges[i].start;
	return total;
}

/* Call @visit on every piece of usable memory that is filled; the bytes in all. */
static uint64_t for_each_filled(void (*visit)(uint64_t start, uint64_t end))
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < nranges; i++) {
		uint64_t start = ranges[i].start, end = ranges[i].end, next;

		if (!is_free(&ranges[i]) || start < MIB)
			continue;
		for (; start < end; start = next) {
			next = (start & ~(STRIPE - 1)) + STRIPE;
			if (next > end)
				next = end;
			if (start / STRIPE %
			    filled_step) /* by address: memory may be taken meanwhile */
				continue;
			visit(start, next);
			bytes += next - start;
		}
	}
	return bytes;
}

static void fill(uint64_t start, uint64_t end)
{
	for (uint64_t at = start; at < end; at += sizeof(uint64_t))
		*(volatile uint64_t *)at = (at ^ seed) * SPREAD;
}

static void verify(uint64_t start, uint64_t end)
{
	for (uint64_t at = start; at < end; at += sizeof(uint64_t)) {
		volatile uint64_t *word = (volatile uint64_t *)at;
		uint64_t expected = (at ^ seed) * SPREAD, found = *word;

		if (found == expected)
			continue;
		tap_fault("at 0x%llx: 0x%016llx instead of 0x%016llx", (unsigned long long)at,
			  (unsigned long long)found, (unsigned long long)expected);
		*word = expected;
	}
}

uint64_t memory_fill(uint64_t limit)
{
	uint64_t total = usable_total();

	filled_step = !limit ? 0 : limit >= total ? 1 : (total + limit - 1) / limit;
	if (!filled_step)
		return 0;
	seed += 0x1000000000;
	return for_each_filled(fill);
}

bool memory_is_filled(void)
{
	return filled_step;
}

void memory_verify(void)
{
	if (filled_step)
		for_each_filled(verify);
}
