/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The probe's page tables: all of memory at its own address, write-back and
 * executable; and a look into those of others.
 */
#ifndef PROBE_X86_64_PAGING_H
#define PROBE_X86_64_PAGING_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Build the tables, and switch the calling CPU to them.  All below @end is mapped, if
 * there is room for it.  Returns the end of what is: a multiple of 1 GiB, at least
 * 4 GiB, at most 512 GiB.
 */
uint64_t paging_start(uint64_t end);

/* What CR3 is on every CPU, the two for 4-level and 5-level paging. */
uint64_t paging_root(bool la57);

/* As a set of tables translates an address. */
#define PAGING_LEVELS_MAX 5
struct translation {
	uint64_t physical;
	uint64_t size; /* of the page */
	bool present, writable, executable, user;
	bool uncached; /* PCD or PWT is set */
	unsigned levels;
	uint64_t table[PAGING_LEVELS_MAX]; /* of each level that was looked at, the first first */
};

/* Look @address up in the tables at @cr3, of 5 levels if @la57, else 4. */
struct translation paging_look_up(uint64_t cr3, bool la57, uint64_t address);

#endif /* PROBE_X86_64_PAGING_H */
