/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "spintable.h"
#include <stdbool.h>

/*
 * Relaxed, since what orders accesses to memory without caches is
 * spintable_port_complete(); on the kernel's side, its DSB SY before SEV.
 */
static uint64_t load(const uint64_t *word)
{
	return __atomic_load_n(word, __ATOMIC_RELAXED);
}

static void store(uint64_t *word, uint64_t value)
{
	__atomic_store_n(word, value, __ATOMIC_RELAXED);
}

static bool can_enter(const struct spin_table *table, uint64_t entry)
{
	return entry % 4 == 0 && (entry < table->area || entry >= table->area_end);
}

/* The next release, once it is one that can be done. */
static uint64_t wait(struct spin_table *table, uint32_t self)
{
	struct spin_cpu *cpu = &table->cpu[self];
	uint64_t entry;

	for (;;) {
		entry = load(cpu->release);
		if (entry && can_enter(table, entry))
			return entry;
		if (entry)
			store(cpu->release, 0);
		else
			spintable_port_sleep(table, self);
	}
}

uint64_t spintable_hold(struct spin_table *table, uint32_t self)
{
	struct spin_cpu *cpu = &table->cpu[self];
	uint64_t entry;

	spintable_port_held(table, self);
	store(cpu->release, 0);
	/*
	 * A kernel that sees 1 sees that nothing of it is in use, and may write an
	 * entry at once: what has been done, the 0 included, must not come after that.
	 * Pairs with the kernel's look at the held word before it writes the other.
	 */
	spintable_port_complete();
	store(cpu->held, 1);

	entry = wait(table, self);
	spintable_port_released(table, self, entry);
	store(cpu->held, 0);
	/* A kernel that finds the word 0 and the CPU held would take it for refused. */
	spintable_port_complete();
	store(cpu->release, 0);
	/* Complete before the CPU turns its MMU off on its way out. */
	spintable_port_complete();
	return entry;
}
