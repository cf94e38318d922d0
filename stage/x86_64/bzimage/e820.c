/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "e820.h"

#define PAGE 4096ull
#define SETUP_E820_EXT 1

bool e820_start(struct e820 *map, struct boot_params *params)
{
	map->params = params;
	map->n = 0;
	return params->e820_entries && params->e820_entries <= E820_PARAMS_MAX &&
	       e820_add(map, params->e820_table, params->e820_entries);
}

bool e820_add(struct e820 *map, struct boot_e820_entry *entries, unsigned n)
{
	if (n > E820_MAX - map->n)
		return false;
	for (unsigned i = 0; i < n; i++)
		map->entry[map->n++] = &entries[i];
	return true;
}

/* An entry that wraps around is cut off. */
static struct range range_of(const struct boot_e820_entry *e)
{
	uint64_t end = e->address + e->size;

	return (struct range){e->address, end < e->address ? UINT64_MAX : end};
}

static bool is_any(uint32_t type)
{
	(void)type;
	return true;
}

/* Linux takes ACPI tables for RAM in the end, and keeps all other types. */
static bool is_kept(uint32_t type)
{
	return type != E820_RAM && type != E820_ACPI;
}

static bool is_ram(uint32_t type)
{
	return type == E820_RAM;
}

/* Whether entries whose type @is true of describe all of @r. */
static bool covered(const struct e820 *map, struct range r, bool (*is)(uint32_t type))
{
	for (unsigned i = 0; i < map->n && r.start < r.end; i++) {
		struct range e = range_of(map->entry[i]);

		if (is(map->entry[i]->type) && e.start <= r.start && r.start < e.end) {
			r.start = e.end;
			i = -1u; /* they are in no order: from the first again */
		}
	}
	return r.start >= r.end;
}

static bool overlap(struct range a, struct range b)
{
	return a.start < b.end && b.start < a.end;
}

bool e820_holds(const struct e820 *map, uint64_t address, uint64_t length)
{
	return address + length >= address &&
	       covered(map, (struct range){address, address + length}, is_any);
}

bool e820_keeps(const struct e820 *map, uint64_t address, uint64_t length)
{
	const struct range r = {address, address + length};

	if (r.end < r.start || !covered(map, r, is_kept))
		return false;
	/* The type with the higher number wins in Linux: RAM, 1, never does. */
	for (unsigned i = 0; i < map->n; i++)
		if (map->entry[i]->type == E820_ACPI && overlap(range_of(map->entry[i]), r))
			return false;
	return true;
}

uint64_t e820_end(const struct e820 *map)
{
	uint64_t end = 0;

	for (unsigned i = 0; i < map->n; i++)
		if (is_ram(map->entry[i]->type) && range_of(map->entry[i]).end > end)
			end = range_of(map->entry[i]).end;
	return end;
}

/*
 * Whether something keeps @r from being had; then *@end is the highest end that
 * another try below could have: the start of what it runs into.
 */
static bool obstacle(const struct e820 *map, struct range r, const struct range *avoid, unsigned n,
		     uint64_t *end)
{
	for (unsigned i = 0; i < map->n; i++)
		if (!is_ram(map->entry[i]->type) && overlap(range_of(map->entry[i]), r)) {
			*end = map->entry[i]->address;
			return true;
		}
	for (unsigned i = 0; i < n; i++)
		if (overlap(avoid[i], r)) {
			*end = avoid[i].start;
			return true;
		}
	return false;
}

/* The highest place in the RAM @ram, or 0. */
static uint64_t find_in(const struct e820 *map, struct range ram, uint64_t size,
			const struct range *avoid, unsigned n)
{
	uint64_t end = ram.end / PAGE * PAGE;

	while (end >= size && end - size >= ram.start) {
		if (!obstacle(map, (struct range){end - size, end}, avoid, n, &end))
			return end - size;
		end = end / PAGE * PAGE;
	}
	return 0;
}

uint64_t e820_find(const struct e820 *map, uint64_t size, uint64_t low, uint64_t high,
		   const struct range *avoid, unsigned n)
{
	uint64_t best = 0;

	if (!size || size % PAGE)
		return 0;
	for (unsigned i = 0; i < map->n; i++) {
		struct range ram = range_of(map->entry[i]);
		uint64_t place;

		if (!is_ram(map->entry[i]->type))
			continue;
		ram.start = ram.start < low ? low : ram.start;
		ram.end = ram.end > high ? high : ram.end;
		place = find_in(map, ram, size, avoid, n);
		best = place > best ? place : best;
	}
	return best;
}

/* Where new entries go. */
struct room {
	struct e820 *map;
	struct e820_more *more;
	unsigned in_more;
};

static void append(struct room *room, uint64_t start, uint64_t end, uint32_t type)
{
	struct boot_params *params = room->map->params;
	struct boot_e820_entry *to = params->e820_entries < E820_PARAMS_MAX
					     ? &params->e820_table[params->e820_entries++]
					     : &room->more->entry[room->in_more++];

	*to = (struct boot_e820_entry){start, end - start, type};
	if (room->map->n < E820_MAX)
		room->map->entry[room->map->n++] = to;
}

/* An entry of @type that ends where @r starts, or starts where it ends, can take it in. */
static struct boot_e820_entry *neighbour(const struct e820 *map, struct range r, uint32_t type)
{
	for (unsigned i = 0; i < map->n; i++) {
		struct range e = range_of(map->entry[i]);

		if (map->entry[i]->type == type && (e.end == r.start || e.start == r.end))
			return map->entry[i];
	}
	return NULL;
}

static void link_more(struct e820 *map, struct e820_more *more, uint64_t address, unsigned n)
{
	if (!n)
		return;
	more->header.next = map->params->hdr.setup_data;
	more->header.type = SETUP_E820_EXT;
	more->header.length = n * sizeof(more->entry[0]);
	map->params->hdr.setup_data = address;
}

/* Take @r out of the RAM entry @e. */
static void cut(struct room *room, struct boot_e820_entry *e, struct range r)
{
	struct range ram = range_of(e);

	if (ram.start < r.start) {
		e->size = r.start - ram.start;
		if (r.end < ram.end)
			append(room, r.end, ram.end, E820_RAM);
	} else if (r.end < ram.end) {
		e->address = r.end;
		e->size = ram.end - r.end;
	} else {
		e->size = 0; /* Linux drops empty entries */
	}
}

bool e820_reserve(struct e820 *map, uint64_t start, uint64_t size, uint32_t type,
		  struct e820_more *more, uint64_t more_address)
{
	const struct range r = {start, start + size};
	struct boot_e820_entry *beside = neighbour(map, r, type);
	struct room room = {.map = map, .more = more};
	unsigned needed = !beside, left = E820_PARAMS_MAX - map->params->e820_entries;
	unsigned n = map->n;

	for (unsigned i = 0; i < n; i++) {
		struct range e = range_of(map->entry[i]);

		needed += is_ram(map->entry[i]->type) && e.start < r.start && r.end < e.end;
	}
	if (needed > left &&
	    (!more || needed - left > sizeof(more->entry) / sizeof(more->entry[0])))
		return false;

	for (unsigned i = 0; i < n; i++)
		if (is_ram(map->entry[i]->type) && overlap(range_of(map->entry[i]), r))
			cut(&room, map->entry[i], r);
	if (!beside) {
		append(&room, r.start, r.end, type);
	} else {
		struct range e = range_of(beside);

		beside->address = e.start < r.start ? e.start : r.start;
		beside->size = (e.end > r.end ? e.end : r.end) - beside->address;
	}
	link_more(map, more, more_address, room.in_more);
	return true;
}
