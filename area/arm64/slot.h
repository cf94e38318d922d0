/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* A CPU's slot: its stack in the resident.  For the stage, which writes it, and the resident. */
#ifndef AREA_ARM64_SLOT_H
#define AREA_ARM64_SLOT_H

#include "shared.h"

#define SLOT_SHIFT 11
#define SLOT_SIZE (1 << SLOT_SHIFT)

#ifndef __ASSEMBLER__
#include <baton/arm64/area.h>
#include <baton/table.h>

struct slot {
	struct baton_area *area;
	struct baton_cpu_record *record;
	uint32_t number; /* of this CPU, in the order of the area's CPUs */
	uint32_t pad;
	uint8_t stack[SLOT_SIZE - 24];
};

_Static_assert(sizeof(struct slot) == SLOT_SIZE, "for assembly");

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
