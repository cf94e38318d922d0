/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The life of one CPU in the resident, in the order in which it happens:
 * arrive, wait, answer, release.  reset.S is the door on both sides.
 */
#include <baton/area.h>
#include <baton/mailbox.h>
#include <baton/table.h>
#include "../mailbox.h"
#include "apic.h"
#include "cpu.h"
#include "slot.h"

/* In reset.S and traps.S. */
_Noreturn void leave(uint64_t wakeup_vector);

/* Called from there. */
_Noreturn void hold(struct slot *slot);
_Noreturn void hold_again(struct slot *slot);
_Noreturn void hold_failed(struct slot *slot);

static volatile struct baton_mailbox *mailbox_of(struct slot *slot)
{
	return (volatile struct baton_mailbox *)((uintptr_t)slot->area + BATON_AREA_MAILBOX);
}

/* Counts are stored at once, so that a reader never sees half of one. */
static void count(baton_count *n, int64_t more)
{
	__atomic_store_n(n, *n + more * BATON_COUNT_ONE, __ATOMIC_RELAXED);
}

/*
 * The state of a CPU and the number of held CPUs change together.  An
 * acknowledgement that follows has release ordering, so that a kernel that
 * sees it sees both.
 */
static void set_state(struct slot *slot, uint32_t state)
{
	struct baton_table *table =
		(struct baton_table *)((uintptr_t)slot->area + slot->area->table);
	uint32_t old = baton_count_value(slot->record->state);
	uint64_t change = (state == BATON_CPU_HELD) - (uint64_t)(old == BATON_CPU_HELD);

	__atomic_store_n(&slot->record->state, baton_count_of(state), __ATOMIC_RELAXED);
	__atomic_fetch_add(&table->held, change * BATON_COUNT_ONE, __ATOMIC_RELAXED);
}

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

/*
 * Give this CPU to the kernel that waits at @vector (ECR "MP wakeup structure
 * version 1").  Returns only if the kernel has withdrawn the command.
 */
static void release(struct slot *slot, uint64_t vector)
{
	count(&slot->record->drained, apic_drain(slot->area->map_end));
	slot->wakeup_vector = vector;
	count(&slot->record->releases, 1);
	set_state(slot, BATON_CPU_RELEASED);

	/*
	 * The acknowledgement is the last access to shared memory: after it the
	 * kernel may reuse the mailbox, and sends the next command.
	 */
	if (mailbox_acknowledge(mailbox_of(slot), BATON_COMMAND_WAKEUP, slot->record->apic_id))
		leave(vector);
	count(&slot->record->releases, -1);
	set_state(slot, BATON_CPU_HELD);
}

static void answer_test(struct slot *slot)
{
	count(&slot->record->tests, 1);
	if (!mailbox_acknowledge(mailbox_of(slot), BATON_COMMAND_TEST, slot->record->apic_id))
		count(&slot->record->tests, -1);
}

static _Noreturn void wait(struct slot *slot)
{
	for (;;) {
		uint64_t vector;

		switch (mailbox_command(mailbox_of(slot), slot->record->apic_id, &vector)) {
		case BATON_COMMAND_WAKEUP:
			/* A vector that the identity map does not cover is never acknowledged. */
			if (vector < slot->area->map_end)
				release(slot, vector);
			break;
		case BATON_COMMAND_TEST:
			answer_test(slot);
			break;
		}
		cpu_relax();
	}
}

_Noreturn void hold(struct slot *slot)
{
	normalise();
	apic_quiet(slot->area->map_end);
	count(&slot->record->returns, 1);
	set_state(slot, BATON_CPU_HELD);
	wait(slot);
}

/*
 * After a machine check without a restart address: what memory says is all
 * that counts.  A release that has been acknowledged is completed; one that
 * has not is still in the mailbox, and is begun again.
 */
_Noreturn void hold_again(struct slot *slot)
{
	uint64_t vector;

	switch (baton_count_value(slot->record->state)) {
	case BATON_CPU_HELD:
		break;
	case BATON_CPU_RELEASED:
		if (mailbox_command(mailbox_of(slot), slot->record->apic_id, &vector) !=
		    BATON_COMMAND_WAKEUP)
			leave(slot->wakeup_vector);
		count(&slot->record->releases, -1);
		set_state(slot, BATON_CPU_HELD);
		break;
	default:
		hold(slot);
	}
	wait(slot);
}

/* After an exception that should not happen. */
_Noreturn void hold_failed(struct slot *slot)
{
	set_state(slot, BATON_CPU_FAILED);
	for (;;)
		__asm__ volatile("hlt");
}
