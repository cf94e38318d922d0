/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The stage's work, whichever way it was entered: find out which owner the secondary
 * CPUs have, adopt or make an area, publish the tables, collect the CPUs.
 */
#ifndef STAGE_X86_64_HANDOVER_H
#define STAGE_X86_64_HANDOVER_H

#include <baton/acpi.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "area/x86_64/install.h"
#include "collect.h"
#include "tables.h"

/*
 * What differs between the ways of entry.  All run on the boot CPU, with memory mapped
 * at its physical addresses, in this order.  An operation that fails prints the reason.
 */
struct handover_operations {
	struct tables_memory memory;

	/* Whether [@address, @address + @length) is memory that no kernel takes for its own. */
	bool (*reserved)(uint64_t address, uint64_t length);

	/* Read the machine's memory map; the address of the RSDP, or 0. */
	uint64_t (*find_rsdp)(void);

	/* The end of the machine's highest memory. */
	uint64_t (*memory_end)(void);

	/*
	 * Find a page below 1 MiB to start CPUs in, if it can be had; none in a TDX guest.
	 * False ends the hand-over.
	 */
	bool (*find_trampoline)(void);

	/*
	 * Whether a new area may be made; needed only if there is none to be adopted.
	 * Sets tsc_per_us of plan and collection, unless that is set already.
	 */
	bool (*may_make_area)(void);

	/*
	 * @size bytes (pages) for an area, below RESIDENT_AREA_LIMIT; NULL if there are none.
	 * Reserved memory; in a TDX guest of the type ACPI NVS, for Linux takes reserved memory
	 * for memory that is shared with the host (arch/x86/mm/ioremap.c), and ACPI's for private.
	 */
	void *(*allocate_area)(size_t size);

	/* Have the next kernel find its tables by @rsdp. */
	bool (*publish)(struct acpi_rsdp *rsdp);
};

/* All that one hand-over knows. */
struct handover {
	struct handover_operations operations;
	struct area_plan plan;
	struct collection collection;
};

/*
 * Prepare it: afterwards there is an area, and tables lead to it.  @wait: how held CPUs
 * shall sleep, BATON_WAIT_... or CONF_WAIT_AUTO.  @started: the time-stamp counter at
 * the stage's beginning.  h->operations and h->collection.tdx are set, all else of *h is 0, but for
 * what the operations set themselves.  Returns false after printing the reason; what the
 * operations have done is the caller's to undo.
 */
bool handover_prepare(struct handover *h, uint32_t wait, uint64_t started);

/* Bring the CPUs into the area, and account for them.  Interrupts are off. */
void handover_collect(struct handover *h);

#endif /* STAGE_X86_64_HANDOVER_H */
