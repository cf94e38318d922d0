/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * What is under the protocol on a held CPU: how it sleeps and is woken, and how
 * it accounts for what it does.  All on the CPU itself, interrupts off.
 */
#include "port.h"
#include <baton/x86_64/area.h>
#include <baton/mailbox.h>
#include <baton/table.h>
#include "area/ledger.h"
#include "protocol.h"
#include "apic.h"
#include "pace.h"
#include "platform.h"
#include <baton/x86_64/cpu.h>

/* A CPU in HLT looks for itself so often, in case the listener can't reach it. */
#define LOST_PERIOD_US 1000000

/* Of the APIC's timer: its rate can't be measured. */
#define RATE_UNKNOWN UINT32_MAX

/*
 * An MWAIT that returns so soon, so often in a row, with nothing written, is
 * none.  Even a system management interrupt does not come so often.
 */
#define EARLY_US 5000
#define EARLY_RETURNS_MAX 8

static struct slot *slot_of(struct shared *shared, uint32_t number)
{
	struct baton_area *area = (struct baton_area *)((uintptr_t)shared - AREA_SHARED);

	return (struct slot *)((uintptr_t)area + area->slots) + number;
}

static struct baton_table *table_of(struct slot *slot)
{
	return (struct baton_table *)((uintptr_t)slot->area + slot->area->table);
}

/* Accounting. */

/* Counts are stored at once, so that a reader never sees half of one. */
static void count(baton_count *n, int64_t more)
{
	__atomic_store_n(n, *n + more * BATON_COUNT_ONE, __ATOMIC_RELAXED);
}

static void record(struct slot *slot, uint32_t event, uint64_t vector)
{
	ledger_write(table_of(slot), rdtsc(), vector,
		     baton_what(slot->record->apic_id, event, baton_count_value(slot->record->nmis),
				baton_count_value(slot->record->machine_checks)));
}

/*
 * The state of a CPU and the number of held CPUs change together.  An
 * acknowledgement that follows has release ordering, so that a kernel that
 * sees it sees both.  Release here as well: a kernel that sees HELD, or all held,
 * gives a broadcast, and the listener must see this CPU's line WAITING by then.
 */
static void set_state(struct slot *slot, uint32_t state)
{
	uint32_t old = baton_count_value(slot->record->state);
	uint64_t change = (state == BATON_CPU_HELD) - (uint64_t)(old == BATON_CPU_HELD);

	__atomic_store_n(&slot->record->state, baton_count_of(state), __ATOMIC_RELEASE);
	__atomic_fetch_add(&table_of(slot)->held, change * BATON_COUNT_ONE, __ATOMIC_RELEASE);
}

/* How all CPUs sleep. */
static uint32_t wait_of(struct slot *slot)
{
	return baton_count_value(__atomic_load_n(&table_of(slot)->wait, __ATOMIC_SEQ_CST));
}

static struct slot *first_of(struct slot *slot)
{
	return (struct slot *)((uintptr_t)slot->area + slot->area->slots);
}

/*
 * The rate of the APIC's timer, in ticks per ms; 0: there is none.  All local APICs have
 * the same clock.  The first CPU that needs the rate stores it for all, or that it can't
 * be measured: no two CPUs disagree about it.
 */
static uint32_t timer_rate(struct slot *slot)
{
	struct slot *first = first_of(slot);
	uint32_t rate = __atomic_load_n(&first->timer_rate, __ATOMIC_SEQ_CST);

	if (!rate && slot->apic.usable) {
		uint32_t access_us = 0, measured;

		measured = apic_timer_rate(&slot->apic, slot->area->tsc_per_us, &access_us);
		if (!measured)
			measured = RATE_UNKNOWN;
		if (shared_swap(&first->timer_rate, 0, measured))
			first->timer_access_us = access_us;
		rate = shared_load(&first->timer_rate);
	}
	return rate == RATE_UNKNOWN ? 0 : rate;
}

/*
 * All CPUs change from the way @from to HLT, or to PAUSE where HLT has no timer: the
 * table never names a way that is not done.
 */
static void settle_for_hlt(struct slot *slot, uint32_t from)
{
	bool hlt = !slot->apic.usable || timer_rate(slot);
	baton_count old = baton_count_of(from);

	__atomic_compare_exchange_n(&table_of(slot)->wait, &old,
				    baton_count_of(hlt ? BATON_WAIT_HLT : BATON_WAIT_PAUSE), false,
				    __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

static bool has_mwait(void)
{
	return cpuid(1, 0).ecx >> 3 & 1;
}

void port_arriving(struct slot *slot)
{
	uint32_t wait = wait_of(slot);

	/* A kernel may have turned MWAIT off on this CPU (IA32_MISC_ENABLE). */
	if (wait == BATON_WAIT_HLT || (wait == BATON_WAIT_MWAIT && !has_mwait()))
		settle_for_hlt(slot, wait);
}

void port_arrived(struct slot *slot)
{
	count(&slot->record->returns, 1);
	set_state(slot, BATON_CPU_HELD);
	record(slot, BATON_EVENT_RETURN, 0);
}

void port_failed(struct slot *slot)
{
	set_state(slot, BATON_CPU_FAILED);
	record(slot, BATON_EVENT_FAILED, 0);
}

bool protocol_port_reachable(struct shared *shared, uint32_t self, uint64_t vector)
{
	return vector < slot_of(shared, self)->area->map_end;
}

void protocol_port_releasing(struct shared *shared, uint32_t self, uint64_t vector)
{
	struct slot *slot = slot_of(shared, self);

	count(&slot->record->drained, apic_drain(&slot->apic));
	slot->wakeup_vector = vector;
	count(&slot->record->releases, 1);
	set_state(slot, BATON_CPU_RELEASED);
	record(slot, BATON_EVENT_RELEASE, vector);
}

void protocol_port_kept(struct shared *shared, uint32_t self)
{
	struct slot *slot = slot_of(shared, self);

	count(&slot->record->releases, -1);
	set_state(slot, BATON_CPU_HELD);
	record(slot, BATON_EVENT_KEPT, 0);
	apic_hold(&slot->apic);
}

void protocol_port_testing(struct shared *shared, uint32_t self)
{
	struct slot *slot = slot_of(shared, self);

	count(&slot->record->tests, 1);
	record(slot, BATON_EVENT_TEST, 0);
}

void protocol_port_not_tested(struct shared *shared, uint32_t self)
{
	count(&slot_of(shared, self)->record->tests, -1);
}

/* Sleeping. */

/* How this CPU sleeps: HLT needs an APIC that can wake it. */
static uint32_t method(struct slot *slot)
{
	uint32_t wait = wait_of(slot);

	return wait == BATON_WAIT_HLT && !slot->apic.usable ? BATON_WAIT_PAUSE : wait;
}

/*
 * MWAIT on @word while it has the value @asleep.  Emulators and hypervisors may
 * offer an MWAIT that returns at once: if this one does so again and again, all
 * CPUs change to HLT.  The CPU that wakes looks at the method after it has
 * written to the line; the CPU that sleeps, the other way round.
 */
static void monitor_wait(struct slot *slot, uint32_t *word, uint32_t asleep)
{
	uint64_t start = rdtsc();

	/* Some Xeons (7400, 7500, E7) miss a store to a line that is in their cache. */
	__asm__ volatile("mfence; clflush %0; mfence" : "+m"(*word));
	__asm__ volatile("monitor" : : "a"(word), "c"(0), "d"(0) : "memory");
	if (__atomic_load_n(word, __ATOMIC_SEQ_CST) != asleep)
		return;
	__asm__ volatile("mwait" : : "a"(0), "c"(0) : "memory");
	if (__atomic_load_n(word, __ATOMIC_SEQ_CST) != asleep ||
	    rdtsc() - start > (uint64_t)EARLY_US * slot->area->tsc_per_us)
		slot->early_returns = 0;
	else if (++slot->early_returns == EARLY_RETURNS_MAX)
		settle_for_hlt(slot, BATON_WAIT_MWAIT);
}

/* Sleep until the timer comes, or an interrupt. */
static void sleep_for(struct slot *slot, uint32_t us)
{
	uint64_t rate = timer_rate(slot);

	if (!rate) {
		settle_for_hlt(slot, BATON_WAIT_HLT);
		cpu_relax();
		return;
	}
	apic_set_timer(&slot->apic, rate * us / 1000);
	apic_sleep(&slot->apic);
}

void protocol_port_sleep(struct shared *shared, uint32_t self)
{
	struct slot *slot = slot_of(shared, self);
	uint32_t *state = &shared->line[self].state;

	switch (method(slot)) {
	case BATON_WAIT_MWAIT:
		monitor_wait(slot, state, LINE_WAITING);
		break;
	case BATON_WAIT_HLT:
		/* Interrupts are off: one sent after this look ends the sleep that follows. */
		if (__atomic_load_n(state, __ATOMIC_SEQ_CST) == LINE_WAITING)
			sleep_for(slot, LOST_PERIOD_US);
		break;
	default:
		cpu_relax();
	}
}

void shared_wake(struct shared *shared, uint32_t self, uint32_t target)
{
	struct slot *slot = slot_of(shared, self);

	count(&slot_of(shared, target)->record->wakes, 1);
	if (wait_of(slot) == BATON_WAIT_HLT)
		platform_apic_send(&slot->apic, shared->line[target].apic_id,
				   ICR_FIXED | VECTOR_WAKE);
}

void protocol_port_listening(struct shared *shared, uint32_t self)
{
	count(&slot_of(shared, self)->record->listens, 1);
}

/* Whether every CPU that a stage has collected is held: the kernel to come will wake some. */
static bool all_held(struct slot *slot)
{
	const struct baton_table *table = table_of(slot);

	return baton_count_value(__atomic_load_n(&table->held, __ATOMIC_RELAXED)) >=
	       __atomic_load_n(&table->collected, __ATOMIC_RELAXED);
}

void protocol_port_listen(struct shared *shared, uint32_t self, uint32_t quiet)
{
	struct slot *slot = slot_of(shared, self);
	uint64_t idle, per_us = slot->area->tsc_per_us;
	uint32_t wait = method(slot), request;
	bool all = all_held(slot);

	if (quiet == 0 || all != slot->all_held) {
		slot->busy_since = rdtsc();
		slot->all_held = all;
		slot->early_returns = 0; /* the kernel's stores before its command end MWAIT too */
	}
	idle = rdtsc() - slot->busy_since;
	/* No division while the next command may come at any moment. */
	if (idle < PACE_HOT_US * per_us || wait == BATON_WAIT_PAUSE) {
		cpu_relax();
		return;
	}
	/* A command that nobody takes now is waited out by the timer; the next wakes MWAIT. */
	request = __atomic_load_n((uint32_t *)shared->mailbox, __ATOMIC_SEQ_CST);
	if (wait == BATON_WAIT_MWAIT && (uint16_t)request == BATON_COMMAND_NOOP)
		monitor_wait(slot, (uint32_t *)shared->mailbox, request);
	else
		sleep_for(slot, pace_sleep_us(idle / per_us, all, first_of(slot)->timer_access_us));
}

void protocol_port_relax(void)
{
	cpu_relax();
}
