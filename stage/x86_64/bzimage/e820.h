/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The memory map of boot_params: finding room in it, and reserving that.  Plain
 * C, for the host too.  Entries may come in any order, overlap and touch; where
 * they overlap, memory is RAM only if all of them say so.
 */
#ifndef STAGE_X86_64_BZIMAGE_E820_H
#define STAGE_X86_64_BZIMAGE_E820_H

#include "lib/x86_64/bzimage.h"
#include <stdbool.h>

#define E820_RAM 1
#define E820_RESERVED 2
#define E820_ACPI 3
#define E820_NVS 4

#define E820_PARAMS_MAX 128 /* entries that boot_params has room for */
#define E820_MAX 512	    /* with those of the setup_data chain */

/* Entries where they are: in boot_params, and behind setup_data of type SETUP_E820_EXT. */
struct e820 {
	struct boot_params *params;
	struct boot_e820_entry *entry[E820_MAX];
	unsigned n;
};

/* Physical memory, from @start to before @end. */
struct range {
	uint64_t start, end;
};

/* Those of boot_params; false if there are none, or more than it has room for. */
bool e820_start(struct e820 *map, struct boot_params *params);

/* @n more, at @entries; false if there are too many. */
bool e820_add(struct e820 *map, struct boot_e820_entry *entries, unsigned n);

/* Whether entries of any type describe all of [@address, @address + @length). */
bool e820_holds(const struct e820 *map, uint64_t address, uint64_t length);

/* Whether all of that is memory which no kernel takes for its own. */
bool e820_keeps(const struct e820 *map, uint64_t address, uint64_t length);

/* The end of the highest RAM. */
uint64_t e820_end(const struct e820 *map);

/*
 * The highest place for @size bytes (pages) of RAM from @low to before @high that
 * touches none of the @n ranges @avoid; 0 if there is none.
 */
uint64_t e820_find(const struct e820 *map, uint64_t size, uint64_t low, uint64_t high,
		   const struct range *avoid, unsigned n);

/* What a new entry needs if boot_params is full: in memory that is reserved, too. */
struct e820_more {
	struct setup_data header;
	struct boot_e820_entry entry[2];
};

/*
 * Make [@start, @start + @size), which e820_find() has found, memory of @type, which no
 * kernel takes for its own: E820_RESERVED or E820_NVS.  RAM beside it stays RAM.  If boot_params
 * has no entry left, @more, which has the physical address @more_address, becomes the first of the
 * setup_data chain; NULL: then this fails.  False, and nothing is changed, if it does.
 */
bool e820_reserve(struct e820 *map, uint64_t start, uint64_t size, uint32_t type,
		  struct e820_more *more, uint64_t more_address);

#endif /* STAGE_X86_64_BZIMAGE_E820_H */
