/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "paging.h"
#include <baton/string.h>
#include <stddef.h>
#include "lib/identity_port.h"
#include "probe/memory.h"
#include "x86.h"

#define MIB (1ull << 20)
#define GIB (1ull << 30)
#define ENTRIES 512
#define MAP_MAX (ENTRIES * GIB)
#define SPLIT_END (4 * GIB) /* below, memory and devices stand side by side: 2 MiB pages */
#define DIRECTORIES_MAX 64  /* without 1 GiB pages this is how many GiB are mapped */
#define PRESENT_WRITABLE 3ull
#define USER 4ull
#define CACHE_BITS 0x18ull
#define LARGE 0x80ull
#define NO_EXECUTE (1ull << 63)
#define ADDRESS 0x000ffffffffff000ull

typedef uint64_t table[ENTRIES] __attribute__((aligned(PAGE_SIZE)));

static table pml5, pml4, pdpt, directories[DIRECTORIES_MAX];
static uint64_t *root5 = pml5, *root4 = pml4;

static uint64_t round_up(uint64_t value, uint64_t to)
{
	return (value + to - 1) & ~(to - 1);
}

static bool gigabyte_pages(void)
{
	return cpuid(0x80000000, 0).eax >= 0x80000001 && (cpuid(0x80000001, 0).edx >> 26 & 1);
}

/*
 * A CPU that comes by SIPI loads CR3 in 32-bit mode.  If the image lies above 4 GiB the
 * first tables can't stay in it.
 */
static void place_roots(void)
{
	uint64_t at = 0;

	if ((uintptr_t)pml5 >= SPLIT_END || (uintptr_t)pml4 >= SPLIT_END)
		at = memory_take(2 * PAGE_SIZE, PAGE_SIZE, MIB, SPLIT_END);
	if (!at)
		return;
	memset((void *)at, 0, 2 * PAGE_SIZE);
	root5 = (uint64_t *)at;
	root4 = (uint64_t *)(at + PAGE_SIZE);
}

uint64_t paging_start(uint64_t end)
{
	uint64_t limit = MAP_MAX;

	if (!gigabyte_pages())
		limit = DIRECTORIES_MAX * GIB;
	end = end > limit ? limit : round_up(end, GIB);
	if (end < SPLIT_END)
		end = SPLIT_END;

	for (uint64_t at = 0; at < end; at += GIB) {
		uint64_t *directory = directories[at / GIB];

		if (at >= SPLIT_END && gigabyte_pages()) {
			pdpt[at / GIB] = at | LARGE | PRESENT_WRITABLE;
			continue;
		}
		for (uint64_t i = 0; i < ENTRIES; i++)
			directory[i] = (at + i * (GIB / ENTRIES)) | LARGE | PRESENT_WRITABLE;
		pdpt[at / GIB] = (uintptr_t)directory | PRESENT_WRITABLE;
	}
	place_roots();
	root4[0] = (uintptr_t)pdpt | PRESENT_WRITABLE;
	root5[0] = (uintptr_t)root4 | PRESENT_WRITABLE;
	write_cr3(paging_root(read_cr4() & CR4_LA57));
	return end;
}

uint64_t paging_root(bool la57)
{
	return la57 ? (uintptr_t)root5 : (uintptr_t)root4;
}

/* What is not in the memory map may be a device, and is mapped, too; see paging.h. */
bool identity_port_mapped(uint64_t address, size_t length, enum baton_memory memory)
{
	return memory != BATON_MEMORY_NORMAL ||
	       memory_type(address, address + length) != MEMORY_NONE;
}

struct translation paging_look_up(uint64_t cr3, bool la57, uint64_t address)
{
	struct translation t = {.writable = true, .executable = true, .user = true};
	uint64_t at = cr3 & ADDRESS;

	for (int level = la57 ? 5 : 4; level >= 1; level--) {
		unsigned shift = 12 + 9 * (unsigned)(level - 1);
		uint64_t entry;

		t.table[t.levels++] = at;
		if (memory_type(at, at + PAGE_SIZE) == MEMORY_NONE)
			return t; /* a table outside of memory maps nothing */
		entry = ((const uint64_t *)at)[address >> shift & (ENTRIES - 1)];
		if (!(entry & 1))
			return t;
		t.writable &= entry >> 1 & 1;
		t.user &= (entry & USER) != 0;
		t.executable &= !(entry & NO_EXECUTE);
		at = entry & ADDRESS;
		if (level == 1 || (level <= 3 && (entry & LARGE))) {
			uint64_t size = 1ull << shift;

			t.present = true;
			t.size = size;
			t.uncached = (entry & CACHE_BITS) != 0;
			t.physical = (at & ~(size - 1)) | (address & (size - 1));
			return t;
		}
	}
	return t;
}
