/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* clang-format off */
/*
 * The memory map of boot_params: stage/x86_64/bzimage/e820.h.  Entries of any type, anywhere, in
 * any order, with overlaps; what is said of a range is said of any byte in it.
 *
 * Sources: stage/x86_64/bzimage/e820.c
 * Proof: add --unwind 5
 * Later: Proof holds --unwind 8
 * Later: Proof keeps --unwind 8
 * Proof: end --unwind 5
 * Later: Proof find --unwind 4
 * Later: Proof reserve --unwind 5
 * Later: Proof reserve_full --unwind 5
 * Quick: add end
 * Mutant: add stage/x86_64/bzimage/e820.c s/n > E820_MAX - map->n/0/
 * Later: Mutant holds stage/x86_64/bzimage/e820.c s/address + length >= address \&\&//
 * Later: Mutant holds stage/x86_64/bzimage/e820.c s/e.start <= r.start \&\& //
 * Later: Mutant keeps stage/x86_64/bzimage/e820.c s/r.end < r.start ||//
 * Later: Mutant keeps stage/x86_64/bzimage/e820.c s/map->entry\[i\]->type == E820_ACPI \&\& overlap/0 \&\& overlap/
 * Mutant: end stage/x86_64/bzimage/e820.c s/is_ram(map->entry\[i\]->type) \&\& range_of(map->entry\[i\]).end > end/range_of(map->entry[i]).end > end/
 * Later: Mutant find stage/x86_64/bzimage/e820.c s/ram.end > high ? high : ram.end/ram.end/
 * Later: Mutant find stage/x86_64/bzimage/e820.c s/end = ram.end \/ PAGE \* PAGE/end = ram.end/
 * Later: Mutant find stage/x86_64/bzimage/e820.c s/overlap(avoid\[i\], r)/0/
 * Later: Mutant reserve stage/x86_64/bzimage/e820.c s/e->size = r.start - ram.start/e->size = r.end - ram.start/
 * Later: Mutant reserve stage/x86_64/bzimage/e820.c s/append(room, r.end, ram.end, E820_RAM)/append(room, r.start, ram.end, E820_RAM)/
 * Later: Mutant reserve_full stage/x86_64/bzimage/e820.c s/needed - left > sizeof/0 > sizeof/
 * Later: Mutant reserve_full stage/x86_64/bzimage/e820.c s/more->header.length = n /more->header.length = 1 /
 */
/* clang-format on */
#include "proof.h"
#include "stage/x86_64/bzimage/e820.h"

#define ENTRIES 2

static struct e820 map;
static struct boot_params params;
static struct boot_e820_entry entry[ENTRIES + 2], before[ENTRIES];

static struct boot_e820_entry any_entry(void)
{
	return (struct boot_e820_entry){any64(), any64(), any32()};
}

static void any_map(unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		before[i] = entry[i] = any_entry();
		map.entry[i] = &entry[i];
	}
	map.n = n;
	map.params = &params;
}

/* Whether the byte @at is in @e; the map has no byte at 2^64 - 1. */
static bool in(const struct boot_e820_entry *e, uint64_t at)
{
	return at >= e->address && (at - e->address < e->size) && at != UINT64_MAX;
}

void proof_add(void)
{
	static struct boot_e820_entry more[ENTRIES];
	unsigned n = any32(), had = any32();

	ASSUME_CONTRACT("e820.h", had <= E820_MAX);
	ASSUME_BOUND(n <= ENTRIES || n > E820_MAX);
	map.n = had;
	if (e820_add(&map, more, n))
		PROVE("each of them, and there is room",
		      map.n == had + n && map.n <= E820_MAX &&
			      (!n || map.entry[map.n - 1] == &more[n - 1]));
	else
		PROVE("none", map.n == had && (uint64_t)had + n > E820_MAX);
}

void proof_holds(void)
{
	uint64_t address = any64(), length = any64(), at = any64();

	any_map(ENTRIES);
	ASSUME_CASE(at - address < length);
	if (e820_holds(&map, address, length))
		PROVE("every byte is in an entry",
		      at >= address && (in(&entry[0], at) || in(&entry[1], at)));
}

static bool kept(const struct boot_e820_entry *e, uint64_t at)
{
	return in(e, at) && e->type != 1 && e->type != 3;
}

void proof_keeps(void)
{
	uint64_t address = any64(), length = any64(), at = any64();

	any_map(ENTRIES);
	ASSUME_CASE(at - address < length);
	if (!e820_keeps(&map, address, length))
		return;
	PROVE("every byte is in an entry that no kernel takes for its own",
	      at >= address && (kept(&entry[0], at) || kept(&entry[1], at)));
	for (int i = 0; i < ENTRIES; i++)
		PROVE("and in none of ACPI's", entry[i].type != 3 || !in(&entry[i], at));
}

void proof_end(void)
{
	uint64_t end, at = any64();

	any_map(ENTRIES);
	end = e820_end(&map);
	for (int i = 0; i < ENTRIES; i++)
		PROVE("no RAM behind it", entry[i].type != 1 || !in(&entry[i], at) || at < end);
	PROVE("RAM just before it, or none", !end || entry[0].type == 1 || entry[1].type == 1);
}

/* Two entries, and one range that is in use. */
void proof_find(void)
{
	uint64_t size = any64(), low = any64(), high = any64(), place, at = any64();
	struct range avoid = {any64(), any64()};

	any_map(2);
	place = e820_find(&map, size, low, high, &avoid, 1);
	if (!place)
		return;
	ASSUME_CASE(at - place < size);
	PROVE("whole pages, within the bounds", place % 4096 == 0 && size % 4096 == 0 && size &&
							place >= low && place + size <= high &&
							place + size > place);
	PROVE("every byte is RAM", (entry[0].type == 1 && in(&entry[0], at)) ||
					   (entry[1].type == 1 && in(&entry[1], at)));
	for (int i = 0; i < 2; i++)
		PROVE("and nothing else", entry[i].type == 1 || !in(&entry[i], at));
	PROVE("and not in use", at < avoid.start || at >= avoid.end);
}

static bool ram(const struct boot_e820_entry *e, uint64_t at)
{
	return e->type == 1 && in(e, at);
}

/* One entry of any kind, and the RAM of which a part becomes reserved. */
static bool reserve(uint64_t start, uint64_t size, struct e820_more *more, uint64_t at,
		    struct boot_e820_entry *const all[4], unsigned count)
{
	const uint32_t type = any() ? E820_RESERVED : E820_NVS;
	bool was, is = false, reserved = false;

	any_map(2);
	for (unsigned i = 0; i < 2; i++)
		ASSUME_CONTRACT("firmware's entries do not wrap around",
				entry[i].address + entry[i].size >= entry[i].address);
	ASSUME_CONTRACT("e820_find(): RAM, whole pages, and nothing else overlaps",
			size && start + size > start && entry[0].type == 1 &&
				entry[0].address <= start &&
				start + size <= entry[0].address + entry[0].size &&
				(entry[1].type == 1 || entry[1].address >= start + size ||
				 entry[1].address + entry[1].size <= start));
	was = ram(&before[0], at) || ram(&before[1], at);
	if (!e820_reserve(&map, start, size, type, more, 0x1000)) {
		for (unsigned i = 0; i < 2; i++)
			PROVE("nothing has changed", entry[i].address == before[i].address &&
							     entry[i].size == before[i].size &&
							     entry[i].type == before[i].type);
		return false;
	}
	for (unsigned i = 0; i < 2; i++) {
		is |= ram(&entry[i], at);
		reserved |= entry[i].type == type && in(&entry[i], at);
	}
	for (unsigned i = 0; i < count; i++) {
		is |= ram(all[i], at);
		reserved |= all[i]->type == type && in(all[i], at);
	}
	if (at - start < size)
		PROVE("all of it is reserved, and no RAM any more", reserved && !is);
	else
		PROVE("RAM beside it stays RAM, and nothing becomes RAM", is == was);
	return true;
}

void proof_reserve(void)
{
	struct boot_e820_entry *const added[4] = {&params.e820_table[0], &params.e820_table[1],
						  &params.e820_table[2]};

	ASSUME_CASE(!params.e820_entries);
	if (reserve(any64(), any64(), NULL, any64(), added, 3))
		PROVE("at most three new entries", params.e820_entries <= 3);
}

/* boot_params is full: the new entries are a setup_data. */
void proof_reserve_full(void)
{
	static struct e820_more more;
	struct boot_e820_entry *const added[4] = {&more.entry[0], &more.entry[1]};
	uint64_t next = any64();
	bool there = any();

	params.e820_entries = 128;
	params.hdr.setup_data = next;
	if (!reserve(any64(), any64(), there ? &more : NULL, any64(), added, 2)) {
		PROVE("the chain has not changed", params.hdr.setup_data == next);
		return;
	}
	if (params.hdr.setup_data == 0x1000 && next != 0x1000)
		PROVE("first of the chain, with what it has",
		      there && more.header.next == next && more.header.type == 1 &&
			      more.header.length % 20 == 0 && more.header.length <= 40 &&
			      (more.entry[1].size == 0 || more.header.length == 40));
	PROVE("boot_params has no more", params.e820_entries == 128);
}
