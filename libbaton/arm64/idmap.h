/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The page through which CPUs come, with their MMU off, to given page tables, and through
 * which they leave, turning it off: it is mapped at its physical address.  CPUs that share
 * one release word all leave their holder when the first of them is booted.  They wait in
 * the page, in its pen, until they are let on.  For C and assembly.
 */
#ifndef LIBBATON_ARM64_IDMAP_H
#define LIBBATON_ARM64_IDMAP_H

/*
 * Offsets in the page: where CPUs come in, where they leave, where they come into the pen;
 * struct idmap_data; and the pen's gates, one for each CPU that may come.
 */
#define IDMAP_ENTER 0x000
#define IDMAP_LEAVE 0x400
#define IDMAP_PEN 0x500
#define IDMAP_DATA 0x600
#define IDMAP_GATES 0x800
#define IDMAP_SIZE 0x1000

/* A gate: the CPU's MPIDR, bit GATE_USED, and, once the CPU may go on, GATE_OPEN.  0: none. */
#define IDMAP_GATES_MAX 256
#define GATE_USED 40
#define GATE_OPEN 41

/* Offsets in struct idmap_data. */
#define IDMAP_LEVEL 0
#define IDMAP_HCR 8
#define IDMAP_MAIR 16
#define IDMAP_TCR 24
#define IDMAP_TTBR0 32
#define IDMAP_TTBR1 40
#define IDMAP_VBAR 48
#define IDMAP_ACCESS 56
#define IDMAP_SCTLR 64
#define IDMAP_VECTOR 72
#define IDMAP_ARGUMENT 80

#ifndef __ASSEMBLER__
#include <stddef.h>
#include <stdint.h>

/* At IDMAP_DATA.  The registers are those of the level, 1 or 2. */
struct idmap_data {
	uint64_t level;
	uint64_t hcr; /* at EL2 alone */
	uint64_t mair, tcr, ttbr0;
	uint64_t ttbr1; /* at EL2 only with HCR_EL2.E2H */
	uint64_t vbar;
	uint64_t access; /* CPACR_EL1 or CPTR_EL2 */
	uint64_t sctlr;	 /* with M */
	uint64_t vector, argument;
};

_Static_assert(IDMAP_GATES + IDMAP_GATES_MAX * sizeof(uint64_t) == IDMAP_SIZE, "for assembly");
_Static_assert(IDMAP_DATA + sizeof(struct idmap_data) <= IDMAP_GATES, "no overlap");
_Static_assert(offsetof(struct idmap_data, level) == IDMAP_LEVEL, "for assembly");
_Static_assert(offsetof(struct idmap_data, hcr) == IDMAP_HCR, "for assembly");
_Static_assert(offsetof(struct idmap_data, mair) == IDMAP_MAIR, "for assembly");
_Static_assert(offsetof(struct idmap_data, tcr) == IDMAP_TCR, "for assembly");
_Static_assert(offsetof(struct idmap_data, ttbr0) == IDMAP_TTBR0, "for assembly");
_Static_assert(offsetof(struct idmap_data, ttbr1) == IDMAP_TTBR1, "for assembly");
_Static_assert(offsetof(struct idmap_data, vbar) == IDMAP_VBAR, "for assembly");
_Static_assert(offsetof(struct idmap_data, access) == IDMAP_ACCESS, "for assembly");
_Static_assert(offsetof(struct idmap_data, sctlr) == IDMAP_SCTLR, "for assembly");
_Static_assert(offsetof(struct idmap_data, vector) == IDMAP_VECTOR, "for assembly");
_Static_assert(offsetof(struct idmap_data, argument) == IDMAP_ARGUMENT, "for assembly");

#pragma GCC visibility push(hidden)

/* The page but for its data, in idmap_page.S; and the way out in it. */
extern const uint8_t idmap_page[IDMAP_SIZE];
extern const uint8_t idmap_leave[];

#pragma GCC visibility pop

#endif /* __ASSEMBLER__ */
#endif /* LIBBATON_ARM64_IDMAP_H */
