/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The life of one CPU in the resident, in the order in which it happens:
 *
 *	entry_start	psci_entry.S or spin_entry.S: the CPU finds its slot, takes the
 *			stack in it, and turns on the resident's own map and caches
 *	held_cpu()	psci_held.c or spin_held.c, which call
 *	psci_hold(),	psci.c or spintable.c: recorded as held (record.c), the CPU waits
 *	spintable_hold()	until a kernel starts it, and is recorded as released
 *	entry_leave()	the kernel's entry
 *
 * With PSCI the registers of the kernel's level are prepared after the wait, by
 * level_prepare(); with a spin-table before it, since the CPU stays at that level.  A kernel
 * returns a CPU by CPU_OFF, call.c, which goes on to held_cpu(); or, to a spin-table, by a
 * jump to entry_start.
 */
#ifndef RESIDENT_ARM64_HELD_H
#define RESIDENT_ARM64_HELD_H

#include "area/arm64/slot.h"

/*
 * Hold the calling CPU, whose slot is @slot, until a kernel starts it; then enter the
 * kernel.  On the stack in @slot, on the resident's map; the CPU uses nothing of its
 * last owner's any more.
 */
_Noreturn void held_cpu(struct slot *slot);

#endif /* RESIDENT_ARM64_HELD_H */
