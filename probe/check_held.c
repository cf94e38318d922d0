/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * Held CPUs: nothing of the kernel is left in them.  All they had of it is overwritten, with
 * all other memory that is not theirs, while they are disturbed.
 */
#include <baton/port.h>
#include <baton/string.h>
#include "checks.h"
#include "memory.h"

#define LEFTOVER 0xa5

static const struct check held_memory = {
	"held-memory", "held CPUs touch nothing but their own memory", checks_held_spec};

static bool is_filled(const void *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (((const uint8_t *)bytes)[i] != LEFTOVER)
			return false;
	return true;
}

/* In memory now, not when the cache gets to it: a CPU without caches may write there later. */
static void overwrite(struct cpu *cpu)
{
	struct cpus_piece piece[CPUS_PIECES];
	size_t n = cpus_pieces(cpu, piece);

	for (size_t i = 0; i < n; i++) {
		memset(piece[i].at, LEFTOVER, piece[i].size);
		baton_port_flush(piece[i].at, piece[i].size);
	}
}

static void look_at_leftovers(struct cpu *cpu)
{
	struct cpus_piece piece[CPUS_PIECES];
	size_t n = cpus_pieces(cpu, piece);

	for (size_t i = 0; i < n; i++) {
		baton_port_flush(piece[i].at, piece[i].size);
		if (!is_filled(piece[i].at, piece[i].size))
			tap_fault("%s: its %s has been written to", cpu->name, piece[i].what);
	}
}

/* Before the leftovers are looked at: a CPU that answers may use memory that is not its own. */
static void must_be_held(void)
{
	bool lost = false;

	for (uint32_t i = 1; i < cpus_count; i++)
		if (!cpus_is_held(&cpus[i])) {
			tap_fault("%s is not held any more, or does not answer", cpus[i].name);
			lost = true;
		}
	if (lost)
		tap_bail_out("CPUs are lost since the kernel's memory was overwritten");
}

void check_held(void)
{
	const char *none = checks_nothing_held();

	for (uint32_t i = 1; i < cpus_count && !none; i++)
		overwrite(&cpus[i]);
	checks_disturb(none);
	tap_begin(&held_memory);
	if (!none)
		must_be_held();
	for (uint32_t i = 1; i < cpus_count && !none; i++)
		look_at_leftovers(&cpus[i]);
	memory_verify();
	if (cpus_dead_end_count())
		tap_fault("%u CPUs have come to where none was sent",
			  (unsigned)cpus_dead_end_count());
	tap_end();
	for (uint32_t i = 1; i < cpus_count && !none; i++)
		cpus_repair(&cpus[i]);
}
