/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The page below 1 MiB through which a CPU comes from a SIPI to the resident's
 * reset vector.  Shared by C and assembly.
 */
#ifndef STAGE_SIPI_H
#define STAGE_SIPI_H

/* Offsets in the page. */
#define SIPI_GDTR 0xf00
#define SIPI_TO_32 0xf08
#define SIPI_TO_64 0xf10
#define SIPI_PML4 0xf18
#define SIPI_RESET_VECTOR 0xf20
#define SIPI_GDT 0xf40

#define SIPI_CODE32 0x08
#define SIPI_DATA 0x10
#define SIPI_CODE64 0x18

#define SIPI_PAGE_SIZE 0x1000

#ifndef __ASSEMBLER__
#include <stddef.h>
#include <stdint.h>

/* From SIPI_GDTR on.  Offsets are from the start of the page until it has its place. */
struct sipi_data {
	uint16_t gdt_limit;
	uint32_t gdt;
	uint16_t pad0;
	struct {
		uint32_t offset;
		uint16_t selector;
		uint16_t pad;
	} to_32, to_64;
	uint32_t pml4;
	uint32_t pad1;
	uint64_t reset_vector;
} __attribute__((packed));

_Static_assert(SIPI_GDTR + offsetof(struct sipi_data, to_32) == SIPI_TO_32, "sipi.S");
_Static_assert(SIPI_GDTR + offsetof(struct sipi_data, to_64) == SIPI_TO_64, "sipi.S");
_Static_assert(SIPI_GDTR + offsetof(struct sipi_data, pml4) == SIPI_PML4, "sipi.S");
_Static_assert(SIPI_GDTR + offsetof(struct sipi_data, reset_vector) == SIPI_RESET_VECTOR, "sipi.S");

extern const uint8_t sipi_page[SIPI_PAGE_SIZE];

#endif /* __ASSEMBLER__ */
#endif /* STAGE_SIPI_H */
