/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The page tables by which CPUs leave (Intel SDM volume 3, "4-level paging and
 * 5-level paging"): two pages of 4 KiB.
 */
#include "x86.h"
#include <baton/string.h>
#include <baton/x86_64/registers.h>

#define PAGE_SIZE 4096u
#define PRESENT 1u
#define WRITABLE 2u
#define ACCESSED 0x20u
#define DIRTY 0x40u
#define ADDRESS 0x000ffffffffff000u

static int new_table(struct baton_machine *machine, uint64_t *physical)
{
	uint32_t i = machine->exit.npages;
	void *page;

	if (i == BATON_EXIT_PAGES)
		return BATON_E_NO_PAGE;
	page = machine->exit.source.alloc(machine->exit.source.context, physical);
	if (!page)
		return BATON_E_NO_PAGE;
	machine->exit.pages[i].page = page;
	machine->exit.pages[i].physical = *physical;
	machine->exit.npages++;
	if (*physical & ~ADDRESS)
		return BATON_E_ARGUMENT;
	memset(page, 0, PAGE_SIZE);
	return 0;
}

static uint64_t *table_at(struct baton_machine *machine, uint64_t physical)
{
	uint32_t i = 0;

	while (machine->exit.pages[i].physical != physical)
		i++;
	return machine->exit.pages[i].page;
}

/* Map the page of @virtual to that of @physical. */
static int map(struct baton_machine *machine, unsigned levels, uint64_t virtual, uint64_t physical)
{
	uint64_t *table = machine->exit.pages[0].page;
	uint64_t leaf = (physical & ADDRESS) | PRESENT | WRITABLE | ACCESSED | DIRTY;
	uint64_t *entry;

	for (unsigned level = levels; level > 1; level--) {
		entry = &table[virtual >> (12 + 9 * (level - 1)) & 511];
		if (!*entry) {
			uint64_t next;
			int error = new_table(machine, &next);

			if (error)
				return error;
			*entry = next | PRESENT | WRITABLE | ACCESSED;
		}
		table = table_at(machine, *entry & ADDRESS);
	}
	entry = &table[virtual >> 12 & 511];
	if (*entry && *entry != leaf)
		return BATON_E_OVERLAP;
	*entry = leaf;
	return 0;
}

static bool has_bits(uint64_t address, unsigned bits)
{
	int64_t top = (int64_t)address >> (bits - 1);

	return top == 0 || top == -1;
}

/*
 * Another root for CPUs with 5-level paging.  What 48 bits tell, sign-extended, is at
 * the first and at the last entry of the fifth level.
 */
static int add_fifth_level(struct baton_machine *machine, uint64_t root, uint64_t *root5)
{
	uint64_t *table;
	int error = new_table(machine, root5);

	if (error)
		return error;
	table = table_at(machine, *root5);
	table[0] = table[511] = root | PRESENT | WRITABLE | ACCESSED;
	return 0;
}

int arch_exit_build(struct baton_machine *machine)
{
	uint64_t vector = machine->reset_vector, code = (uintptr_t)baton_leave_code;
	/* A kernel with code beyond 48 bits has no CPU with 4 levels. */
	unsigned levels = has_bits(vector, 48) && has_bits(code, 48) ? 4 : 5;
	uint64_t root = 0, root5;
	int error;

	/* Its own address must be one that these page tables have, in the lower half. */
	if ((levels == 5 && !(x86_cr4() & CR4_LA57)) || vector >> (12 + 9 * levels - 1) ||
	    vector & ~(ADDRESS | (PAGE_SIZE - 1)))
		return BATON_E_OVERLAP;
	error = new_table(machine, &root);
	if (!error)
		error = map(machine, levels, vector, vector);
	if (!error)
		error = map(machine, levels, code, baton_port_physical(baton_leave_code));
	root5 = root;
	if (!error && levels == 4)
		error = add_fifth_level(machine, root, &root5);
	if (error)
		return error;
	for (uint32_t i = 0; i < machine->exit.npages; i++)
		baton_port_flush(machine->exit.pages[i].page, PAGE_SIZE);
	machine->exit.root = root;
	machine->exit.root5 = root5;
	return 0;
}
