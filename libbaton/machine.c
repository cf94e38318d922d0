/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* What is known of the machine, once its CPUs are found. */
#include "method.h"
#include <baton/table.h>

#define TORN_TRIES 1000

struct baton_cpu *baton_cpu_by_id(struct baton_machine *machine, uint64_t id)
{
	for (uint32_t i = 0; i < machine->ncpus; i++)
		if (machine->cpu[i].id == id)
			return &machine->cpu[i];
	return NULL;
}

struct baton_cpu *baton_this_cpu(struct baton_machine *machine)
{
	return baton_cpu_by_id(machine, baton_port_cpu_id());
}

int baton_held(const struct baton_machine *machine)
{
	if (!machine->table)
		return BATON_E_NOT_SUPPORTED;
	/* It is stored at once: one that stays torn is no count, whoever wrote it. */
	for (int tries = 0; tries < TORN_TRIES; tries++) {
		baton_count held;

		/* Whoever writes it, on arm64, cleans it to memory. */
		baton_port_flush(&machine->table->held, sizeof(machine->table->held));
		held = __atomic_load_n(&machine->table->held, __ATOMIC_ACQUIRE);
		if (baton_count_valid(held) && baton_count_value(held) <= INT32_MAX)
			return (int)baton_count_value(held);
		baton_port_relax();
	}
	return BATON_E_NOT_SUPPORTED;
}
