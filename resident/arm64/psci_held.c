/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* Between the way in and the way out of a resident that offers PSCI: see held.h. */
#include "held.h"
#include "level.h"
#include "psci.h"
#include "record.h"

/* Called from psci_entry.S. */
_Noreturn void psci_held_boot_cpu(struct slot *slot, uint64_t entry, uint64_t context);

_Noreturn void held_cpu(struct slot *slot)
{
	uint64_t entry, context;

	psci_hold(shared_psci(slot->area), slot->number, &entry, &context);
	level_prepare(slot);
	entry_leave(entry, context);
}

/* The boot CPU, which the stage sends through here to the kernel's level: it is never held. */
_Noreturn void psci_held_boot_cpu(struct slot *slot, uint64_t entry, uint64_t context)
{
	level_prepare(slot);
	entry_leave(entry, context);
}

void psci_port_held(struct psci *psci, uint32_t self)
{
	record_return(slot_of(psci, self));
}

void psci_port_released(struct psci *psci, uint32_t self, uint64_t entry)
{
	record_release(slot_of(psci, self), entry);
}

/* An event that came between the look at the state and this is not lost: it ends it at once. */
void psci_port_sleep(struct psci *psci, uint32_t self)
{
	(void)psci;
	(void)self;
	__asm__ volatile("wfe" ::: "memory");
}

/* dsb: the state is visible before the event is. */
void psci_port_wake(struct psci *psci, uint32_t target)
{
	(void)psci;
	(void)target;
	__asm__ volatile("dsb ish; sev" ::: "memory");
}
