/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The memory map, and pages out of it.  On one CPU at a time.
 */
#ifndef PROBE_MEMORY_H
#define PROBE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAGE_SIZE 4096u

enum memory_type {
	MEMORY_NONE, /* in no entry of the map */
	MEMORY_USABLE,
	MEMORY_FREED, /* usable, too, but the firmware's until now: what it forgot is there */
	MEMORY_PROBE, /* the probe's own: image, what was loaded, what was allocated */
	MEMORY_RESERVED,
	MEMORY_ACPI, /* tables: to be kept for the next kernel */
	MEMORY_NVS,
	MEMORY_RUNTIME, /* of UEFI's runtime services */
	MEMORY_DEVICE,	/* memory-mapped registers */
	MEMORY_BAD,
	MEMORY_MIXED, /* of memory_type(): more than one of these */
};

struct memory_range {
	uint64_t start, end; /* end is exclusive */
	enum memory_type type;
};

/* In words, for messages. */
const char *memory_type_name(enum memory_type type);

/* [start, end) is of @type now, whatever it was. */
void memory_set(uint64_t start, uint64_t end, enum memory_type type);

/* What [start, end) is. */
enum memory_type memory_type(uint64_t start, uint64_t end);

/* Range @index, in rising order, neighbours of different type; NULL behind the last. */
const struct memory_range *memory_range(size_t index);

/* The end of the highest range that is memory, and not just reserved. */
uint64_t memory_top(void);

/* True if the map had more ranges than there is room for: those were left out. */
bool memory_overflowed(void);

/*
 * Take @size bytes of usable memory, none of it freed, a multiple of @align (a power of 2, at least
 * PAGE_SIZE) that lies in [min, max), the highest there is.  0: there is none.
 */
uint64_t memory_take(uint64_t size, uint64_t align, uint64_t min, uint64_t max);

/* Fill the usable memory above 1 MiB with a pattern, at most @limit bytes; how many. */
uint64_t memory_fill(uint64_t limit);
bool memory_is_filled(void);

/*
 * Check that what memory_fill() has filled is unchanged.  Reports each difference by
 * tap_fault(), and repairs it.
 */
void memory_verify(void);

#endif /* PROBE_MEMORY_H */
