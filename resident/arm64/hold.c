/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The life of one CPU in the resident: it arrives, is held, and leaves.  The
 * doors are in doors.S, the power states in ../psci.c.
 */
#include "kernel.h"
#include "record.h"

/* Called from doors.S. */
_Noreturn void release(struct slot *slot, uint64_t entry, uint64_t context);

void port_held(struct psci *psci, uint32_t self)
{
	record_return(slot_of(psci, self));
}

void port_released(struct psci *psci, uint32_t self, uint64_t entry)
{
	record_release(slot_of(psci, self), entry);
}

/* An event that came between the look at the state and this is not lost: it ends it at once. */
void port_sleep(struct psci *psci, uint32_t self)
{
	(void)psci;
	(void)self;
	__asm__ volatile("wfe" ::: "memory");
}

/* dsb: the state is visible before the event is. */
void port_wake(struct psci *psci, uint32_t target)
{
	(void)psci;
	(void)target;
	__asm__ volatile("dsb ish; sev" ::: "memory");
}

_Noreturn void hold(struct slot *slot)
{
	uint64_t entry, context;

	psci_hold(area_psci(slot->area), slot->number, &entry, &context);
	kernel_prepare(slot);
	leave(entry, context);
}

_Noreturn void release(struct slot *slot, uint64_t entry, uint64_t context)
{
	kernel_prepare(slot);
	leave(entry, context);
}
