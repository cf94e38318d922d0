/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The page through which CPUs come, with their MMU off, to given page tables, and through
 * which they leave, turning it off: it is mapped at its physical address.  For C and
 * assembly.
 */
#ifndef LIBBATON_ARM64_TRAMPOLINE_H
#define LIBBATON_ARM64_TRAMPOLINE_H

/* Offsets in the page: where CPUs come in, where they leave, and struct trampoline_data. */
#define TRAMPOLINE_ENTER 0x000
#define TRAMPOLINE_LEAVE 0x400
#define TRAMPOLINE_DATA 0x800
#define TRAMPOLINE_SIZE 0x1000

/* Offsets in struct trampoline_data. */
#define TRAMPOLINE_LEVEL 0
#define TRAMPOLINE_HCR 8
#define TRAMPOLINE_MAIR 16
#define TRAMPOLINE_TCR 24
#define TRAMPOLINE_TTBR0 32
#define TRAMPOLINE_TTBR1 40
#define TRAMPOLINE_VBAR 48
#define TRAMPOLINE_ACCESS 56
#define TRAMPOLINE_SCTLR 64
#define TRAMPOLINE_VECTOR 72
#define TRAMPOLINE_ARGUMENT 80

#ifndef __ASSEMBLER__
#include <stddef.h>
#include <stdint.h>

/* At TRAMPOLINE_DATA.  The registers are those of the level, 1 or 2. */
struct trampoline_data {
	uint64_t level;
	uint64_t hcr; /* at EL2 alone */
	uint64_t mair, tcr, ttbr0;
	uint64_t ttbr1; /* at EL2 only with HCR_EL2.E2H */
	uint64_t vbar;
	uint64_t access; /* CPACR_EL1 or CPTR_EL2 */
	uint64_t sctlr;	 /* with M */
	uint64_t vector, argument;
};

_Static_assert(offsetof(struct trampoline_data, level) == TRAMPOLINE_LEVEL, "for assembly");
_Static_assert(offsetof(struct trampoline_data, hcr) == TRAMPOLINE_HCR, "for assembly");
_Static_assert(offsetof(struct trampoline_data, mair) == TRAMPOLINE_MAIR, "for assembly");
_Static_assert(offsetof(struct trampoline_data, tcr) == TRAMPOLINE_TCR, "for assembly");
_Static_assert(offsetof(struct trampoline_data, ttbr0) == TRAMPOLINE_TTBR0, "for assembly");
_Static_assert(offsetof(struct trampoline_data, ttbr1) == TRAMPOLINE_TTBR1, "for assembly");
_Static_assert(offsetof(struct trampoline_data, vbar) == TRAMPOLINE_VBAR, "for assembly");
_Static_assert(offsetof(struct trampoline_data, access) == TRAMPOLINE_ACCESS, "for assembly");
_Static_assert(offsetof(struct trampoline_data, sctlr) == TRAMPOLINE_SCTLR, "for assembly");
_Static_assert(offsetof(struct trampoline_data, vector) == TRAMPOLINE_VECTOR, "for assembly");
_Static_assert(offsetof(struct trampoline_data, argument) == TRAMPOLINE_ARGUMENT, "for assembly");

#pragma GCC visibility push(hidden)

/* The page but for its data, in trampoline_page.S; and the way out in it. */
extern const uint8_t trampoline_page[TRAMPOLINE_SIZE];
extern const uint8_t trampoline_leave[];

#pragma GCC visibility pop

#endif /* __ASSEMBLER__ */
#endif /* LIBBATON_ARM64_TRAMPOLINE_H */
