/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * What the CPUs of an area share: their power states, or the words of a spin-table that
 * takes CPUs back.  The stage writes it into the area; the resident works on it, by
 * resident/arm64/psci.h or spintable.h.
 */
#ifndef AREA_ARM64_SHARED_H
#define AREA_ARM64_SHARED_H

/* Where it lies in the area: struct psci, or struct spin_table. */
#define AREA_SHARED 192

/* At BATON_AREA_SLOTS, one per CPU: struct psci_cpu, or struct spin_cpu. */
#define AREA_CPU_SHIFT 6

#ifndef __ASSEMBLER__
#include <baton/arm64/area.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Where a CPU is.  The first three are what AFFINITY_INFO calls them.
 *
 *	OFF -> CLAIMED		the one caller of CPU_ON that wins
 *	CLAIMED -> PENDING	the same, when entry and context are written
 *	PENDING -> ON		the CPU itself: it leaves for the entry
 *	ON -> OFF		the CPU itself: it has come into the resident
 *	MISSING			never arrived; no call changes that
 *
 * The CPU itself writes OFF, from the resident's text on the resident's stack:
 * that is the proof that it uses nothing of the kernel's any more.
 */
enum psci_state {
	PSCI_STATE_ON,
	PSCI_STATE_OFF,
	PSCI_STATE_PENDING,
	PSCI_STATE_CLAIMED,
	PSCI_STATE_MISSING
};

/* One per CPU, on a cache line of its own. */
struct psci_cpu {
	uint64_t mpidr; /* affinity fields only; first, for assembly */
	uint32_t state; /* enum psci_state */
	uint32_t pad;
	uint64_t entry; /* of the CPU_ON that is pending */
	uint64_t context;
	uint8_t pad2[32];
} __attribute__((aligned(64)));

struct psci {
	struct psci_cpu *cpu; /* of ncpus */
	uint32_t ncpus;
	/* Where no kernel may be entered: the resident's own memory. */
	uint64_t area, area_end;
};

/* One per CPU, on a cache line of its own; never written after the stage. */
struct spin_cpu {
	uint64_t mpidr;	   /* affinity fields only; first, for assembly */
	uint64_t *release; /* where to go: the kernel writes it, the CPU clears it */
	uint64_t *held;	   /* 1: the CPU is in the resident and waits; only the CPU writes it */
	uint8_t pad[40];
} __attribute__((aligned(64)));

struct spin_table {
	struct spin_cpu *cpu; /* of ncpus */
	uint32_t ncpus;
	/* Where no kernel may be entered: the resident's own memory. */
	uint64_t area, area_end;
};

_Static_assert(sizeof(struct psci_cpu) == 1 << AREA_CPU_SHIFT, "for assembly");
_Static_assert(offsetof(struct psci_cpu, mpidr) == 0, "for assembly");
_Static_assert(sizeof(struct spin_cpu) == 1 << AREA_CPU_SHIFT, "for assembly");
_Static_assert(offsetof(struct spin_cpu, mpidr) == 0, "for assembly");
_Static_assert(sizeof(struct baton_area) <= AREA_SHARED, "no overlap");

static inline struct psci *shared_psci(struct baton_area *area)
{
	return (struct psci *)((uint8_t *)area + AREA_SHARED);
}

static inline struct spin_table *shared_spin_table(struct baton_area *area)
{
	return (struct spin_table *)((uint8_t *)area + AREA_SHARED);
}

#endif /* __ASSEMBLER__ */
#endif /* AREA_ARM64_SHARED_H */
