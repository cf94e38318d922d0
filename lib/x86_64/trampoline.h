/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The page through which a CPU comes from a SIPI, or from the resident, to 64-bit
 * code on given page tables.  Used by libbaton and by the stage; for C and
 * assembly.
 */
#ifndef LIB_X86_64_TRAMPOLINE_H
#define LIB_X86_64_TRAMPOLINE_H

/* Offsets in the page: where CPUs come in, and struct trampoline_data. */
#define TRAMPOLINE_16 0x000 /* from a SIPI: real mode */
#define TRAMPOLINE_64 0x800 /* from a mailbox: 64-bit mode */
#define TRAMPOLINE_GDTR 0xf00
#define TRAMPOLINE_TO_32 0xf10
#define TRAMPOLINE_TO_64 0xf18
#define TRAMPOLINE_TO_COMPATIBILITY 0xf20
#define TRAMPOLINE_ROOT 0xf28
#define TRAMPOLINE_CR4 0xf2c
#define TRAMPOLINE_EFER 0xf30
#define TRAMPOLINE_VECTOR 0xf38
#define TRAMPOLINE_ARGUMENT 0xf40
#define TRAMPOLINE_GDT 0xf50

#define TRAMPOLINE_CODE32 0x08
#define TRAMPOLINE_DATA 0x10
#define TRAMPOLINE_CODE64 0x18

#define TRAMPOLINE_SIZE 0x1000

#ifndef __ASSEMBLER__
#include <stddef.h>
#include <stdint.h>

/* At TRAMPOLINE_GDTR.  Addresses are from the start of the page until it has its place. */
struct trampoline_data {
	uint16_t gdt_limit;
	uint64_t gdt; /* of which LGDT takes 32 bits in real mode */
	uint8_t pad[6];
	struct {
		uint32_t offset;
		uint16_t selector;
		uint16_t pad;
	} to_32, to_64, to_compatibility;
	uint32_t root;
	uint32_t cr4;
	uint32_t efer; /* bits to be set */
	uint32_t pad2;
	uint64_t vector;
	uint64_t argument;
} __attribute__((packed));

#define TRAMPOLINE_AT(field) (TRAMPOLINE_GDTR + offsetof(struct trampoline_data, field))

_Static_assert(TRAMPOLINE_AT(to_32) == TRAMPOLINE_TO_32, "trampoline.S");
_Static_assert(TRAMPOLINE_AT(to_64) == TRAMPOLINE_TO_64, "trampoline.S");
_Static_assert(TRAMPOLINE_AT(to_compatibility) == TRAMPOLINE_TO_COMPATIBILITY, "trampoline.S");
_Static_assert(TRAMPOLINE_AT(root) == TRAMPOLINE_ROOT, "trampoline.S");
_Static_assert(TRAMPOLINE_AT(cr4) == TRAMPOLINE_CR4, "trampoline.S");
_Static_assert(TRAMPOLINE_AT(efer) == TRAMPOLINE_EFER, "trampoline.S");
_Static_assert(TRAMPOLINE_AT(vector) == TRAMPOLINE_VECTOR, "trampoline.S");
_Static_assert(TRAMPOLINE_AT(argument) == TRAMPOLINE_ARGUMENT, "trampoline.S");

#pragma GCC visibility push(hidden)

/*
 * Write the trampoline to @page, whose physical address is @address: page-aligned,
 * below 4 GiB, and below 1 MiB if CPUs are to come by SIPI.  CPUs will load CR3
 * with @root, CR4 with @cr4 (PAE at least) and set the bits @efer (LME at least) in
 * EFER; they go to @vector in 64-bit mode, interrupts off, no stack, RDI =
 * @argument.
 */
void trampoline_write(void *page, uint32_t address, uint32_t root, uint32_t cr4, uint32_t efer,
		      uint64_t vector, uint64_t argument);

/* A copy of the page without its addresses, in trampoline.S. */
extern const uint8_t trampoline_page[TRAMPOLINE_SIZE];

#pragma GCC visibility pop

#endif /* __ASSEMBLER__ */
#endif /* LIB_X86_64_TRAMPOLINE_H */
