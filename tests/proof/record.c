/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* clang-format off */
/*
 * What a CPU writes into BATN on arm64: docs/contract.md, section 9.  Other CPUs change `held`
 * between any two accesses.  That caches are cleaned is not part of it.
 *
 * Sources: resident/arm64/record.c
 * Proof: return --unwind 10
 * Proof: release --unwind 10
 * Proof: failed --unwind 10
 * Noreturn: failed
 * Quick: return release failed
 * Mutant: return resident/arm64/record.c s/BATON_CPU_HELD, 1/BATON_CPU_HELD, 0/
 * Mutant: return resident/arm64/record.c s/count(&slot->record->returns)/count(\&slot->record->releases)/
 * Mutant: release resident/arm64/record.c s/BATON_CPU_RELEASED, -1/BATON_CPU_RELEASED, 1/
 * Mutant: release resident/arm64/record.c s/BATON_EVENT_RELEASE, entry/BATON_EVENT_RELEASE, 0/
 * Mutant: release resident/arm64/record.c s/\*n + BATON_COUNT_ONE/*n + 1/
 * Mutant: failed resident/arm64/record.c s/BATON_EVENT_FAILED, at/BATON_EVENT_RETURN, at/
 */
/* clang-format on */
#define PROOF_OBSERVES
#include "proof.h"
#include "held.h"
#include "area/ledger.h"
#include "resident/arm64/record.h"

#define CPUS 2
#define SELF 1

static struct {
	struct baton_area area;
	struct slot slot[CPUS];
	struct baton_table table;
	struct baton_cpu_record record[CPUS];
} memory;
static struct baton_entry entry;
static struct slot *slot = &memory.slot[SELF];
static struct baton_cpu_record *own = &memory.record[SELF], before;
static uint64_t vector_expected;
static uint32_t event_expected, state_expected;
static int64_t held_by_us;
static unsigned entries;

/* The entry comes last: all else is judged here, too, since failed() does not return. */
struct baton_entry *ledger_write(struct baton_table *table, uint64_t time, uint64_t vector,
				 uint64_t what)
{
	(void)time;
	PROVE("the area's table, once", table == &memory.table && !entries);
	PROVE("its own ID, and the event",
	      (uint32_t)what == own->apic_id && what >> 32 == event_expected);
	PROVE("where it goes, or failed", vector == vector_expected);
	PROVE("the state", own->state == baton_count_of(state_expected));
	PROVE("held goes with it",
	      held_by_us == (state_expected == BATON_CPU_HELD) -
				    (int)(baton_count_value(before.state) == BATON_CPU_HELD));
	entries++;
	return &entry;
}

void proof_before(const volatile void *at)
{
	if (at == &memory.table.held)
		held_by_others(&memory.table, before.state, held_by_us);
}

void proof_loaded(const volatile void *at, uint64_t value, int order)
{
	(void)at, (void)value, (void)order;
}

void proof_change(volatile void *at, uint64_t old, uint64_t new, int order, bool swap)
{
	(void)order;
	PROVE("only its own record, and held",
	      at == &memory.table.held ||
		      ((uint8_t *)at >= (uint8_t *)own && (uint8_t *)at < (uint8_t *)(own + 1)));
	PROVE("every value is a count", baton_count_valid(new));
	if (at == &memory.table.held) {
		PROVE("in one step", swap);
		held_by_us += (int64_t)baton_count_value(new) - baton_count_value(old);
	}
}

void proof_fence(int order)
{
	(void)order;
}

static void any_record(uint32_t state)
{
	memory.area.table = offsetof(__typeof__(memory), table);
	slot->area = &memory.area;
	slot->record = own;
	*own = (struct baton_cpu_record){
		.apic_id = any32(),
		.state = baton_count_of(state),
		.releases = baton_count_of(any32()),
		.returns = baton_count_of(any32()),
	};
	/* A count that has come to its end, after 2^32 events, is not valid any more. */
	ASSUME_BOUND(baton_count_value(own->releases) + 1 && baton_count_value(own->returns) + 1);
	before = *own;
}

static uint32_t more(baton_count now, baton_count then)
{
	return baton_count_value(now) - baton_count_value(then);
}

void proof_return(void)
{
	any_record(any() ? BATON_CPU_RELEASED : BATON_CPU_COLLECTING);
	event_expected = BATON_EVENT_RETURN;
	state_expected = BATON_CPU_HELD;
	record_return(slot);
	PROVE("one entry of the ledger", entries == 1);
	PROVE("one return",
	      more(own->returns, before.returns) == 1 && own->releases == before.releases);
}

void proof_release(void)
{
	any_record(BATON_CPU_HELD);
	event_expected = BATON_EVENT_RELEASE;
	state_expected = BATON_CPU_RELEASED;
	vector_expected = any64();
	record_release(slot, vector_expected);
	PROVE("one entry of the ledger", entries == 1);
	PROVE("one release",
	      more(own->releases, before.releases) == 1 && own->returns == before.returns);
}

void proof_failed(void)
{
	any_record(any() ? BATON_CPU_HELD : BATON_CPU_RELEASED);
	event_expected = BATON_EVENT_FAILED;
	state_expected = BATON_CPU_FAILED;
	vector_expected = any64();
	record_failed(slot, vector_expected);
}
