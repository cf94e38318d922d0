/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The page at which a CPU arrives, with its MMU off: its first instruction is the
 * entry point or what goes into the release word.  arrive.S is the template of
 * its code.  Shared by C and assembly.
 */
#ifndef PROBE_ARM64_ARRIVAL_H
#define PROBE_ARM64_ARRIVAL_H

#define ARRIVAL_SIZE 4096
#define ARRIVAL_DATA 2048

/* Offsets in struct arrival. */
#define ARRIVAL_GENERAL 0
#define ARRIVAL_LEVEL 248
#define ARRIVAL_SPSEL 256
#define ARRIVAL_DAIF 264
#define ARRIVAL_SCTLR 272
#define ARRIVAL_MPIDR 280
#define ARRIVAL_HCR 288
#define ARRIVAL_COUNT 296
#define ARRIVAL_REGISTERS 304
#define ARRIVAL_SCTLR_ON 328
#define ARRIVAL_LEVEL_WANTED 336
#define ARRIVAL_STACK 344
#define ARRIVAL_ENTRY 352
#define ARRIVAL_CPU 360

#ifndef __ASSEMBLER__
#include <stddef.h>
#include <stdint.h>
#include "mmu.h"

struct cpu;

struct arrival {
	/* As the CPU came; stored with its caches off. */
	uint64_t general[31];
	uint64_t level; /* CurrentEL */
	uint64_t spsel, daif;
	uint64_t sctlr; /* of its level */
	uint64_t mpidr;
	uint64_t hcr;	/* 0 at EL1 */
	uint64_t count; /* how often a CPU came */

	/* What it goes on with, if it is at the level of the CPU that made the page. */
	struct mmu_registers registers;
	uint64_t level_wanted;
	uint64_t stack, entry;
	struct cpu *cpu; /* the entry's argument; NULL: no CPU should come here */
};

struct arrival_page {
	uint8_t code[ARRIVAL_DATA];
	struct arrival arrival;
	uint8_t rest[ARRIVAL_SIZE - ARRIVAL_DATA - sizeof(struct arrival)];
};

_Static_assert(offsetof(struct arrival, general) == ARRIVAL_GENERAL, "for assembly");
_Static_assert(offsetof(struct arrival, level) == ARRIVAL_LEVEL, "for assembly");
_Static_assert(offsetof(struct arrival, spsel) == ARRIVAL_SPSEL, "for assembly");
_Static_assert(offsetof(struct arrival, daif) == ARRIVAL_DAIF, "for assembly");
_Static_assert(offsetof(struct arrival, sctlr) == ARRIVAL_SCTLR, "for assembly");
_Static_assert(offsetof(struct arrival, mpidr) == ARRIVAL_MPIDR, "for assembly");
_Static_assert(offsetof(struct arrival, hcr) == ARRIVAL_HCR, "for assembly");
_Static_assert(offsetof(struct arrival, count) == ARRIVAL_COUNT, "for assembly");
_Static_assert(offsetof(struct arrival, registers) == ARRIVAL_REGISTERS, "for assembly");
_Static_assert(offsetof(struct arrival, registers.sctlr) == ARRIVAL_SCTLR_ON, "for assembly");
_Static_assert(offsetof(struct arrival, level_wanted) == ARRIVAL_LEVEL_WANTED, "for assembly");
_Static_assert(offsetof(struct arrival, stack) == ARRIVAL_STACK, "for assembly");
_Static_assert(offsetof(struct arrival, entry) == ARRIVAL_ENTRY, "for assembly");
_Static_assert(offsetof(struct arrival, cpu) == ARRIVAL_CPU, "for assembly");
_Static_assert(sizeof(struct arrival_page) == ARRIVAL_SIZE, "a page");

#endif /* __ASSEMBLER__ */
#endif /* PROBE_ARM64_ARRIVAL_H */
