/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The area, x86-64: the reserved memory that contains the whole resident.
 * Page-aligned, below 4 GiB, physically contiguous.  A later stage finds it
 * through the BATN table or the reset vector of the MADT.
 *
 *	0x0000	struct baton_area, and behind it what the held CPUs share
 *	0x1000	mailbox
 *	0x2000	resident: code and constants, the reset vector's page first
 *	0x4000	IDT, shared by all CPUs
 *	0x5000	PML5, its first entry points to the PML4
 *	0x6000	PML4
 *	0x7000	PDPTs, then page directories
 *	...	BATN table, one line and one slot per CPU, APIC IDs: offsets in
 *		struct baton_area
 */
#ifndef BATON_X86_64_AREA_H
#define BATON_X86_64_AREA_H

#define BATON_AREA_MAGIC 0x414552414e544142 /* "BATNAREA" */
#define BATON_AREA_VERSION 1
#define BATON_X86_64_CPUS_MAX 4096 /* slots, the boot CPU's included */
#define BATON_CPUS_MAX BATON_X86_64_CPUS_MAX

#define BATON_AREA_MAILBOX 0x1000
#define BATON_AREA_RESIDENT 0x2000
#define BATON_AREA_IDT 0x4000
#define BATON_AREA_PML5 0x5000
#define BATON_AREA_PML4 0x6000
#define BATON_AREA_PDPT 0x7000

#define BATON_RESIDENT_MAX (BATON_AREA_IDT - BATON_AREA_RESIDENT)

/* Offsets in struct baton_area that assembly uses. */
#define BATON_AREA_NCPUS 16
#define BATON_AREA_APIC_IDS 20
#define BATON_AREA_SLOTS 24
#define BATON_AREA_MAP_END 48

#ifndef __ASSEMBLER__
#include <stddef.h>
#include <stdint.h>

/* Constant once the stage has written it.  Offsets are from the area's start. */
struct baton_area {
	uint64_t magic;	     /* BATON_AREA_MAGIC */
	uint32_t version;    /* BATON_AREA_VERSION */
	uint32_t checksum;   /* makes the 32-bit words of this structure sum up to 0 */
	uint32_t ncpus;	     /* CPUs with a slot, the boot CPU included */
	uint32_t apic_ids;   /* offset of uint32_t[ncpus] */
	uint32_t slots;	     /* offset of the slots, in the order of apic_ids */
	uint32_t slot_size;  /* bytes */
	uint32_t table;	     /* offset of the BATN table */
	uint32_t size;	     /* of the area, bytes, a multiple of 4 KiB */
	uint64_t base;	     /* physical address of the area */
	uint64_t map_end;    /* the resident's identity map is [0, map_end) */
	uint32_t tsc_per_us; /* ticks of the time-stamp counter per microsecond */
	uint32_t wait;	     /* how held CPUs were to sleep: BATON_WAIT_... */
};

_Static_assert(offsetof(struct baton_area, ncpus) == BATON_AREA_NCPUS, "for assembly");
_Static_assert(offsetof(struct baton_area, apic_ids) == BATON_AREA_APIC_IDS, "for assembly");
_Static_assert(offsetof(struct baton_area, slots) == BATON_AREA_SLOTS, "for assembly");
_Static_assert(offsetof(struct baton_area, map_end) == BATON_AREA_MAP_END, "for assembly");
_Static_assert(sizeof(struct baton_area) == 64, "docs/contract.md");

#endif /* __ASSEMBLER__ */
#endif /* BATON_X86_64_AREA_H */
