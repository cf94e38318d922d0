/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* What the area has to be for this machine's CPUs and memory. */
#ifndef STAGE_X86_64_MACHINE_H
#define STAGE_X86_64_MACHINE_H

#include <baton/acpi.h>
#include <baton/x86_64/cpu.h>
#include <stdbool.h>
#include <stdint.h>
#include "area/x86_64/install.h"

/* False after printing the reason, if this is a kind of machine that the resident can't serve. */
bool machine_is_served(void);

/* The image of the resident for this machine: BATON_RESIDENT_MAX bytes. */
const uint8_t *machine_resident(void);

/*
 * This CPU's local APIC, whose page counts if it is below @map_end.  In a TDX guest it is in
 * x2APIC mode, and no page is used: its address would be the host's word.
 */
struct apic machine_apic(uint64_t map_end);

/*
 * Whether this is the CPU that came first out of reset.  On any other no INIT
 * may be sent to that one: it would reset the machine (Intel SDM volume 3,
 * "MP initialization", the BSP flag of IA32_APIC_BASE).  True in a TDX guest, which has no
 * INIT.
 */
bool machine_is_bsp(void);

/*
 * Fill in @plan for the CPUs that @madt lists and memory up to @memory_end;
 * plan->tsc_per_us is set already.  @wait: BATON_WAIT_... or CONF_WAIT_AUTO for
 * what the processor has; a TDX guest has no MWAIT, which is printed if it was asked for.  False
 * after printing the reason, if there are too many CPUs, or this one is not among them.
 */
bool machine_plan(struct area_plan *plan, const struct acpi_madt *madt, uint64_t memory_end,
		  uint32_t wait);

#endif /* STAGE_X86_64_MACHINE_H */
