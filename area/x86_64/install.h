/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * Making an area: how large it is, and writing the resident, its tables and
 * one slot per CPU into it.  Called by the stage, in memory that it has
 * reserved; no CPU is in the area yet.  No allocation, nothing privileged.
 */
#ifndef AREA_X86_64_INSTALL_H
#define AREA_X86_64_INSTALL_H

#include <baton/x86_64/area.h>

/* The entry offsets are the last thing in an image that fills its pages. */
#define RESIDENT_ENTRIES (BATON_RESIDENT_MAX - 32)

#ifndef __ASSEMBLER__
#include <baton/acpi.h>
#include <baton/table.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* At RESIDENT_ENTRIES in the image: offsets from its start. */
struct resident_entries {
	uint32_t reset_vector;
	uint32_t nmi;
	uint32_t machine_check;
	uint32_t fault;
	uint32_t interrupt;
	uint32_t virtualization; /* #VE, of a TDX guest; elsewhere the same as fault */
	uint32_t size;		 /* of the code and constants */
};

struct area_plan {
	const struct acpi_cpu *cpus; /* all CPUs, the boot CPU among them, each once */
	size_t ncpus;
	uint32_t boot_apic_id;
	uint64_t map_end;    /* end of the highest memory of the machine */
	bool gigabyte_pages; /* CPUID 0x80000001 EDX bit 26 */
	uint32_t smt_bits;   /* low bits of an APIC ID that tell the threads of a core apart */
	uint32_t wait;	     /* BATON_WAIT_... */
	uint32_t tsc_per_us;
	uint32_t boot_vcpu; /* in a TDX guest: the boot CPU's VCPU_INDEX + 1; else 0 */
};

/* The area may not end above this: the resident passes through 32-bit code. */
#define RESIDENT_AREA_LIMIT (1ull << 32)

/*
 * Bytes of the area for @plan, a multiple of 4 KiB; 0 if there is no CPU, more
 * than BATON_X86_64_CPUS_MAX, or more memory than 4-level paging can map (128 TiB).
 */
size_t install_size(const struct area_plan *plan);

/*
 * Write the area for @plan to @area, which becomes physical address @base
 * (page-aligned, below RESIDENT_AREA_LIMIT): @image, of BATON_RESIDENT_MAX
 * bytes, and all that it needs.  All of install_size(plan) is written.
 * Every CPU but the boot CPU is in state COLLECTING.
 */
void install_area(void *area, uint64_t base, const struct area_plan *plan, const void *image);

#endif /* __ASSEMBLER__ */
#endif /* AREA_X86_64_INSTALL_H */
