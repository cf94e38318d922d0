/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The life of one CPU in the resident, in the order in which it happens: it
 * arrives, is held, and leaves.  reset.S has the way in and the way out; what
 * the CPU does while it is held is in protocol.c, with port.c under it.
 */
#include <baton/x86_64/area.h>
#include <baton/table.h>
#include "protocol.h"
#include "apic.h"
#include <baton/x86_64/cpu.h>
#include "platform.h"
#include "port.h"
#include "area/x86_64/slot.h"
#include "lib/x86_64/hypervisor.h"

/* In reset.S. */
_Noreturn void reset_leave(uint64_t wakeup_vector);

/* Called from reset.S and traps.S. */
_Noreturn void hold_arrived(struct slot *slot);
_Noreturn void hold_again(struct slot *slot);
_Noreturn void hold_failed(struct slot *slot);

/*
 * Bring the registers that the last owner may have changed to the state that
 * docs/contract.md promises to the next one.  CR3, CR4 and the segments have
 * been set by reset.S.
 */
static void normalise(void)
{
	uint32_t max_leaf = cpuid(0, 0).eax;
	bool nx = cpuid(0x80000001, 0).edx >> 20 & 1;
	uint64_t efer = rdmsr(MSR_EFER) & (EFER_LME | EFER_LMA);
	uint64_t cr0 = CR0_PG | CR0_WP | CR0_NE | CR0_ET | CR0_MP | CR0_PE;
	uint64_t zero = 0, dr6 = 0xffff0ff0, dr7 = 0x400;

	__asm__ volatile("mov %0, %%dr7" : : "r"(dr7)); /* first: no breakpoint hits any more */
	__asm__ volatile("mov %0, %%dr0; mov %0, %%dr1; mov %0, %%dr2; mov %0, %%dr3"
			 :
			 : "r"(zero));
	__asm__ volatile("mov %0, %%dr6" : : "r"(dr6));
	__asm__ volatile("mov %0, %%cr0" : : "r"(cr0));

	/* Linux's 64-bit trampoline sets no EFER when the paging level matches: NXE must be on. */
	wrmsr(MSR_EFER, efer | (nx ? EFER_NXE : 0));
	wrmsr(MSR_DEBUGCTL, 0); /* branch traces are written to the last owner's memory */
	wrmsr(MSR_FS_BASE, 0);
	wrmsr(MSR_GS_BASE, 0);
	wrmsr(MSR_KERNEL_GS_BASE, 0);

	if (max_leaf >= 7) {
		struct cpuid features = cpuid(7, 0);

		if (features.ebx >> 25 & 1) /* Intel PT: likewise */
			wrmsr(MSR_RTIT_CTL, 0);
		if ((features.ecx >> 7 & 1) || (features.edx >> 20 & 1)) { /* CET: SHSTK, IBT */
			wrmsr(MSR_U_CET, 0);
			wrmsr(MSR_S_CET, 0);
		}
	}
	if (max_leaf >= 0xa && (cpuid(0xa, 0).eax & 0xff) >= 2)
		wrmsr(MSR_PERF_GLOBAL_CTRL, 0);
}

static struct shared *shared_of(struct slot *slot)
{
	return (struct shared *)((uintptr_t)slot->area + AREA_SHARED);
}

_Noreturn void hold_arrived(struct slot *slot)
{
	normalise();
	hypervisor_end_writes(); /* a crash leaves them on */
	slot->apic = platform_apic(slot->area->map_end);
	slot->early_returns = 0;
	apic_hold(&slot->apic);
	port_arriving(slot);
	protocol_arrive(shared_of(slot), slot->number);
	port_arrived(slot);
	reset_leave(protocol_hold(shared_of(slot), slot->number));
}

/*
 * After a machine check without a restart address: only the state in memory
 * counts.  A release that is final is completed; one that is not has its
 * command in the mailbox still, and is begun again.
 */
_Noreturn void hold_again(struct slot *slot)
{
	protocol_recover(shared_of(slot), slot->number);
	switch (baton_count_value(slot->record->state)) {
	case BATON_CPU_HELD:
		apic_hold(&slot->apic); /* it may have been drained already */
		break;
	case BATON_CPU_RELEASED:
		if (protocol_has_left(shared_of(slot), slot->number))
			reset_leave(slot->wakeup_vector);
		protocol_port_kept(shared_of(slot), slot->number);
		break;
	default:
		hold_arrived(slot);
	}
	reset_leave(protocol_hold(shared_of(slot), slot->number));
}

/* After an exception that should not happen. */
_Noreturn void hold_failed(struct slot *slot)
{
	port_failed(slot);
	shared_remove(shared_of(slot), slot->number, slot->number);
	platform_stop();
}
