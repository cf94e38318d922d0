/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "psci.h"
#include <stdbool.h>
#include <baton/psci.h>

static uint32_t load(const uint32_t *state)
{
	/* Acquire: PENDING shows the entry, OFF what the CPU has done before. */
	return __atomic_load_n(state, __ATOMIC_ACQUIRE);
}

uint32_t psci_find(const struct psci *psci, uint64_t mpidr)
{
	for (uint32_t i = 0; i < psci->ncpus; i++)
		if (psci->cpu[i].mpidr == mpidr)
			return i;
	return UINT32_MAX;
}

static bool can_enter(const struct psci *psci, uint64_t entry)
{
	return entry % 4 == 0 && (entry < psci->area || entry >= psci->area_end);
}

int32_t psci_cpu_on(struct psci *psci, uint64_t mpidr, uint64_t entry, uint64_t context)
{
	uint32_t target = psci_find(psci, mpidr);
	uint32_t state = PSCI_STATE_OFF;
	struct psci_cpu *cpu;

	if (target == UINT32_MAX)
		return PSCI_INVALID_PARAMETERS;
	if (!can_enter(psci, entry))
		return PSCI_INVALID_ADDRESS;
	cpu = &psci->cpu[target];

	/* Acquire: the target has read the entry of its last start before it stored OFF. */
	if (!__atomic_compare_exchange_n(&cpu->state, &state, PSCI_STATE_CLAIMED, false,
					 __ATOMIC_ACQUIRE, __ATOMIC_ACQUIRE))
		return state == PSCI_STATE_ON	     ? PSCI_ALREADY_ON
		       : state == PSCI_STATE_MISSING ? PSCI_INTERNAL_FAILURE
						     : PSCI_ON_PENDING;
	cpu->entry = entry;
	cpu->context = context;
	/* Pairs with the acquire in psci_hold(): a CPU that sees PENDING sees the entry. */
	__atomic_store_n(&cpu->state, PSCI_STATE_PENDING, __ATOMIC_RELEASE);
	psci_port_wake(psci, target);
	return PSCI_SUCCESS;
}

int32_t psci_affinity_info(struct psci *psci, uint64_t mpidr, uint64_t level)
{
	uint32_t target = psci_find(psci, mpidr);

	/* From PSCI 1.0 on only level 0 need be answered. */
	if (target == UINT32_MAX || level)
		return PSCI_INVALID_PARAMETERS;
	switch (load(&psci->cpu[target].state)) {
	case PSCI_STATE_ON:
		return PSCI_AFFINITY_ON;
	case PSCI_STATE_CLAIMED:
	case PSCI_STATE_PENDING:
		return PSCI_AFFINITY_ON_PENDING;
	default:
		return PSCI_AFFINITY_OFF;
	}
}

void psci_hold(struct psci *psci, uint32_t self, uint64_t *entry, uint64_t *context)
{
	struct psci_cpu *cpu = &psci->cpu[self];

	psci_port_held(psci, self);
	/* Release: a caller of CPU_ON or AFFINITY_INFO that sees OFF sees all that is done here. */
	__atomic_store_n(&cpu->state, PSCI_STATE_OFF, __ATOMIC_RELEASE);
	while (load(&cpu->state) != PSCI_STATE_PENDING)
		psci_port_sleep(psci, self);
	*entry = cpu->entry;
	*context = cpu->context;
	psci_port_released(psci, self, *entry);
	__atomic_store_n(&cpu->state, PSCI_STATE_ON, __ATOMIC_RELEASE);
}
