/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* A CPU's slot: its stack in the resident.  Private to the resident. */
#ifndef AREA_ARM64_SLOT_H
#define AREA_ARM64_SLOT_H

/* Where the area has what the CPUs share: struct psci, or struct spin_table. */
#define AREA_SHARED 192

/* At BATON_AREA_SLOTS, one per CPU: struct psci_cpu, or struct spin_cpu. */
#define AREA_CPU_SHIFT 6

#define SLOT_SHIFT 11
#define SLOT_SIZE (1 << SLOT_SHIFT)

/* The general registers of a kernel in a call or trap, on the stack: x0 to x30, and a pad. */
#define FRAME_SIZE 256

#ifndef __ASSEMBLER__
#include <baton/arm64/area.h>
#include <baton/table.h>
#include "resident/arm64/psci.h"
#include "resident/arm64/spintable.h"

struct slot {
	struct baton_area *area;
	struct baton_cpu_record *record;
	uint32_t number; /* of this CPU, in the order of the area's CPUs */
	uint32_t pad;
	uint8_t stack[SLOT_SIZE - 24];
};

struct frame {
	uint64_t x[32];
};

_Static_assert(sizeof(struct slot) == SLOT_SIZE, "for assembly");
_Static_assert(sizeof(struct frame) == FRAME_SIZE, "for assembly");
_Static_assert(sizeof(struct psci_cpu) == 1 << AREA_CPU_SHIFT, "for assembly");
_Static_assert(offsetof(struct psci_cpu, mpidr) == 0, "for assembly");
_Static_assert(sizeof(struct spin_cpu) == 1 << AREA_CPU_SHIFT, "for assembly");
_Static_assert(offsetof(struct spin_cpu, mpidr) == 0, "for assembly");
_Static_assert(sizeof(struct baton_area) <= AREA_SHARED, "no overlap");

static inline struct psci *area_psci(struct baton_area *area)
{
	return (struct psci *)((uint8_t *)area + AREA_SHARED);
}

static inline struct spin_table *area_spin_table(struct baton_area *area)
{
	return (struct spin_table *)((uint8_t *)area + AREA_SHARED);
}

/* Slot @number of the area in which @shared is: the slots are behind the CPUs. */
static inline struct slot *slot_of(void *shared, uint32_t number)
{
	struct baton_area *area = (struct baton_area *)((uintptr_t)shared - AREA_SHARED);
	uintptr_t slots = (uintptr_t)area + BATON_AREA_SLOTS + (area->ncpus << AREA_CPU_SHIFT);

	return (struct slot *)slots + number;
}

static inline struct baton_table *area_table(struct baton_area *area)
{
	return (struct baton_table *)((uint8_t *)area + area->table);
}

#endif /* __ASSEMBLER__ */
#endif /* AREA_ARM64_SLOT_H */
