/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* clang-format off */
/*
 * What a held CPU writes into BATN: docs/contract.md, section 9.  Other CPUs change `held`
 * between any two accesses.
 *
 * Sources: resident/x86_64/port.c
 * Proof: arrived
 * Proof: failed
 * Proof: releasing
 * Proof: kept
 * Proof: testing
 * Proof: not_tested
 * Proof: reachable
 * Quick: arrived failed releasing kept testing not_tested reachable
 * Mutant: arrived resident/x86_64/port.c s/set_state(slot, BATON_CPU_HELD);//
 * Mutant: failed resident/x86_64/port.c s/(uint64_t)(old == BATON_CPU_HELD)/1/
 * Mutant: releasing resident/x86_64/port.c s/state), __ATOMIC_RELEASE/state), __ATOMIC_RELAXED/
 * Mutant: releasing resident/x86_64/port.c s/slot->wakeup_vector = vector;//
 * Mutant: kept resident/x86_64/port.c s/count(&slot->record->releases, -1);//
 * Mutant: testing resident/x86_64/port.c s/BATON_EVENT_TEST, 0/BATON_EVENT_KEPT, 0/
 * Mutant: not_tested resident/x86_64/port.c s/record->tests, -1/record->tests, 1/
 * Mutant: reachable resident/x86_64/port.c s/vector < slot_of/vector <= slot_of/
 */
/* clang-format on */
#define PROOF_OBSERVES
#include "proof.h"
#include "held.h"
#include "area/ledger.h"
#include "resident/x86_64/apic.h"
#include "resident/x86_64/port.h"
#include "resident/x86_64/protocol.h"

#define CPUS 2
#define SELF 1

static struct {
	struct baton_area area;
	uint8_t pad[AREA_SHARED - sizeof(struct baton_area)];
	struct shared shared;
	struct slot slot[CPUS];
	struct baton_table table;
	struct baton_cpu_record record[CPUS];
} memory;
static struct slot *slot = &memory.slot[SELF];
static struct baton_cpu_record *own = &memory.record[SELF], before;
static unsigned entries, drained, holds;
static uint32_t event;
static uint64_t vector_written;
static int64_t held_by_us;

uint32_t apic_drain(const struct apic *apic)
{
	PROVE("its own APIC", apic == &slot->apic);
	return drained = any8();
}

void apic_hold(const struct apic *apic)
{
	PROVE("its own APIC", apic == &slot->apic);
	holds++;
}

struct baton_entry *ledger_write(struct baton_table *table, uint64_t time, uint64_t vector,
				 uint64_t what)
{
	(void)time;
	PROVE("the area's table", table == &memory.table);
	PROVE("its own APIC ID", (uint32_t)what == own->apic_id);
	event = what >> 32 & 0xff;
	vector_written = vector;
	entries++;
	return NULL;
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
	PROVE("only its own record, and held",
	      at == &memory.table.held ||
		      ((uint8_t *)at >= (uint8_t *)own && (uint8_t *)at < (uint8_t *)(own + 1)));
	PROVE("every value is a count", baton_count_valid(new));
	if (at == &memory.table.held) {
		PROVE("in one step, seen after the state", swap && proof_releases(order));
		held_by_us += (int64_t)baton_count_value(new) - baton_count_value(old);
	}
	if (at == &own->state)
		PROVE("with what was before it", proof_releases(order));
}

void proof_fence(int order)
{
	(void)order;
}

static void any_record(uint32_t state)
{
	memory.area.slots = offsetof(__typeof__(memory), slot);
	memory.area.table = offsetof(__typeof__(memory), table);
	memory.area.map_end = any64();
	slot->area = &memory.area;
	slot->record = own;
	slot->wakeup_vector = any64();
	*own = (struct baton_cpu_record){
		.apic_id = any32(),
		.state = baton_count_of(state),
		.releases = baton_count_of(any32()),
		.returns = baton_count_of(any32()),
		.tests = baton_count_of(any32()),
		.nmis = baton_count_of(any32()),
		.machine_checks = baton_count_of(any32()),
		.drained = baton_count_of(any32()),
	};
	/* A count that has come to its end, after 2^32 events, is not valid any more. */
	ASSUME_BOUND(baton_count_value(own->releases) + 1 && baton_count_value(own->returns) + 1 &&
		     baton_count_value(own->tests) + 1 && baton_count_value(own->drained) < 0xffff);
	before = *own;
}

static uint32_t more(baton_count now, baton_count then)
{
	return baton_count_value(now) - baton_count_value(then);
}

/* What every entry keeps; @state is the one that it is to leave. */
static void judge(uint32_t state, uint32_t written)
{
	PROVE("the state", own->state == baton_count_of(state));
	PROVE("held goes with it",
	      held_by_us == (state == BATON_CPU_HELD) -
				    (int)(baton_count_value(before.state) == BATON_CPU_HELD));
	PROVE("one entry of the ledger", entries == 1 && event == written);
	PROVE("the APIC ID stays", own->apic_id == before.apic_id);
}

void proof_arrived(void)
{
	any_record(any() ? BATON_CPU_RELEASED : BATON_CPU_COLLECTING);
	port_arrived(slot);
	judge(BATON_CPU_HELD, BATON_EVENT_RETURN);
	PROVE("one return", more(own->returns, before.returns) == 1 &&
				    own->releases == before.releases && own->tests == before.tests);
}

void proof_failed(void)
{
	any_record(any() ? BATON_CPU_HELD : BATON_CPU_RELEASED);
	port_failed(slot);
	judge(BATON_CPU_FAILED, BATON_EVENT_FAILED);
}

void proof_releasing(void)
{
	uint64_t vector = any64();

	any_record(BATON_CPU_HELD);
	protocol_port_releasing(&memory.shared, SELF, vector);
	judge(BATON_CPU_RELEASED, BATON_EVENT_RELEASE);
	PROVE("where it goes", slot->wakeup_vector == vector && vector_written == vector);
	PROVE("one release", more(own->releases, before.releases) == 1);
	PROVE("what was drained", more(own->drained, before.drained) == drained);
}

void proof_kept(void)
{
	any_record(BATON_CPU_RELEASED);
	ASSUME_CONTRACT("after protocol_port_releasing()", baton_count_value(own->releases));
	protocol_port_kept(&memory.shared, SELF);
	judge(BATON_CPU_HELD, BATON_EVENT_KEPT);
	PROVE("no release", more(before.releases, own->releases) == 1);
	PROVE("its APIC is that of a held CPU again", holds == 1);
}

void proof_testing(void)
{
	any_record(BATON_CPU_HELD);
	protocol_port_testing(&memory.shared, SELF);
	judge(BATON_CPU_HELD, BATON_EVENT_TEST);
	PROVE("one test", more(own->tests, before.tests) == 1);
}

void proof_not_tested(void)
{
	any_record(BATON_CPU_HELD);
	ASSUME_CONTRACT("after protocol_port_testing()", baton_count_value(own->tests));
	protocol_port_not_tested(&memory.shared, SELF);
	PROVE("one test less", more(before.tests, own->tests) == 1);
	PROVE("no entry", !entries && own->state == before.state);
}

void proof_reachable(void)
{
	uint64_t vector = any64();

	any_record(BATON_CPU_HELD);
	PROVE("below the end of the map", protocol_port_reachable(&memory.shared, SELF, vector) ==
						  (vector < memory.area.map_end));
}
