/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The area, arm64: the reserved memory that contains the whole resident.
 * Inside one 2 MiB block, 64 KiB-aligned.  A later stage finds it through
 * /reserved-memory in the device tree (node with compatible "baton,area").
 *
 *	0x0000	struct baton_area, behind it the data that the CPUs share
 *	0x1000	resident: code and constants; its first instruction is the entry
 *	0x5000	the resident's own page tables (4)
 *	0xa000	stage-2 tables of the kernel (4, for PSCI at EL2); or, of a
 *		spin-table, the held words
 *	0xe000	power states; or, of a spin-table, the addresses of its words
 *	...	slots, then, page-aligned, the BATN table, then, 64 KiB-aligned, the
 *		release words of a spin-table
 */
#ifndef BATON_ARM64_AREA_H
#define BATON_ARM64_AREA_H

#define BATON_AREA_MAGIC 0x34364d5241544142 /* "BATARM64" */
#define BATON_AREA_VERSION 1
#define BATON_ARM64_CPUS_MAX 512 /* slots, the boot CPU's included */
#define BATON_CPUS_MAX BATON_ARM64_CPUS_MAX

#define BATON_AREA_RESIDENT 0x1000
#define BATON_RESIDENT_MAX 0x4000
#define BATON_AREA_TABLES 0x5000
#define BATON_AREA_STAGE2 0xa000
#define BATON_AREA_HELD 0xa000
#define BATON_AREA_SLOTS 0xe000

/*
 * A release word is alone in the largest writeback granule that the architecture has
 * (CTR_EL0.CWG).  A kernel may write it by a cacheable map, and clean that.  It then
 * writes back nothing over a CPU's store.
 */
#define BATON_SPIN_RELEASE_SIZE 0x800
#define BATON_SPIN_HELD_SIZE 8

/* Offsets in struct baton_area that assembly uses. */
#define BATON_AREA_NCPUS 16
#define BATON_AREA_REGISTERS 64

#ifndef __ASSEMBLER__
#include <stddef.h>
#include <stdint.h>

/* The registers that every CPU loads when it enters the resident. */
struct baton_area_registers {
	uint64_t mair, tcr, ttbr;
	uint64_t vtcr, vttbr; /* 0: no stage-2 translation */
};

struct baton_area {
	uint64_t magic;	   /* BATON_AREA_MAGIC */
	uint32_t version;  /* BATON_AREA_VERSION */
	uint32_t checksum; /* makes the 32-bit words of this structure sum up to 0 */
	uint32_t ncpus;	   /* CPUs with a slot, the boot CPU included */
	uint32_t size;	   /* of the area, bytes, a multiple of 64 KiB */
	uint64_t base;	   /* physical address of the area */
	uint32_t table;	   /* offset of the BATN table */
	uint32_t slot_size;
	uint64_t power;	  /* address of the board's power registers, 0: none known */
	uint32_t level;	  /* exception level of the resident: 2 or 3 */
	uint32_t release; /* offset of a spin-table's release words, 0: the CPUs are PSCI's */
	uint32_t pad[2];
	struct baton_area_registers registers;
};

_Static_assert(offsetof(struct baton_area, ncpus) == BATON_AREA_NCPUS, "for assembly");
_Static_assert(offsetof(struct baton_area, registers) == BATON_AREA_REGISTERS, "for assembly");

#endif /* __ASSEMBLER__ */
#endif /* BATON_ARM64_AREA_H */
