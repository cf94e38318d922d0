/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* What the area has to be for this machine's CPUs and memory. */
#ifndef STAGE_X86_64_MACHINE_H
#define STAGE_X86_64_MACHINE_H

#include <baton/acpi.h>
#include <stdbool.h>
#include <stdint.h>
#include "area/x86_64/install.h"

/* False after printing the reason, if this is a kind of machine that the resident can't serve. */
bool machine_is_served(void);

/*
 * Whether this is the CPU that came first out of reset.  On any other no INIT
 * may be sent to that one: it would reset the machine (Intel SDM volume 3,
 * "MP initialization", the BSP flag of IA32_APIC_BASE).
 */
bool machine_is_bsp(void);

/*
 * Fill in @plan for the CPUs that @madt lists and memory up to @memory_end;
 * plan->tsc_per_us is set already.  @wait: BATON_WAIT_... or CONF_WAIT_AUTO for
 * what the processor has.  False after printing the reason, if there are too many CPUs, or
 * this one is not among them.
 */
bool machine_plan(struct area_plan *plan, const struct acpi_madt *madt, uint64_t memory_end,
		  uint32_t wait);

#endif /* STAGE_X86_64_MACHINE_H */
