/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* A CPU's slot: its stack in the resident.  Private to the resident. */
#ifndef RESIDENT_ARM64_SLOT_H
#define RESIDENT_ARM64_SLOT_H

/* Offset of struct psci in the area, and of a CPU's MPIDR in struct psci_cpu. */
#define AREA_PSCI 192
#define PSCI_CPU_SHIFT 6

#define SLOT_SHIFT 11
#define SLOT_SIZE (1 << SLOT_SHIFT)

/* The general registers of a kernel in a call or trap, on the stack: x0 to x30, and a pad. */
#define FRAME_SIZE 256

#ifndef __ASSEMBLER__
#include <baton/arm64/area.h>
#include <baton/table.h>
#include "../psci.h"

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
_Static_assert(sizeof(struct psci_cpu) == 1 << PSCI_CPU_SHIFT, "for assembly");
_Static_assert(sizeof(struct baton_area) <= AREA_PSCI, "no overlap");

static inline struct psci *area_psci(struct baton_area *area)
{
	return (struct psci *)((uint8_t *)area + AREA_PSCI);
}

static inline struct baton_table *area_table(struct baton_area *area)
{
	return (struct baton_table *)((uint8_t *)area + area->table);
}

#endif /* __ASSEMBLER__ */
#endif /* RESIDENT_ARM64_SLOT_H */
