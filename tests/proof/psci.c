/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* clang-format off */
/*
 * The power states of PSCI: docs/contract-arm64.md, section 2.  Other CPUs act between any
 * two accesses, by the same relation that is proved of this CPU.
 *
 * Sources: resident/arm64/psci.c
 * Proof: cpu_on --unwind 4
 * Proof: affinity_info --unwind 4
 * Proof: hold --unwind 5
 * Quick: cpu_on affinity_info hold
 * Mutant: cpu_on resident/arm64/psci.c s/entry % 4 == 0 \&\& //
 * Mutant: cpu_on resident/arm64/psci.c s/entry < psci->area ||/entry <= psci->area ||/
 * Mutant: cpu_on resident/arm64/psci.c s/PSCI_STATE_PENDING, __ATOMIC_RELEASE/PSCI_STATE_PENDING, __ATOMIC_RELAXED/
 * Mutant: cpu_on resident/arm64/psci.c s/cpu->entry = entry;/cpu->entry = context;/
 * Mutant: affinity_info resident/arm64/psci.c s/ || level//
 * Mutant: affinity_info resident/arm64/psci.c s/return PSCI_AFFINITY_ON_PENDING/return PSCI_AFFINITY_OFF/
 * Mutant: hold resident/arm64/psci.c s/PSCI_STATE_ON, __ATOMIC_RELEASE/PSCI_STATE_OFF, __ATOMIC_RELEASE/
 * Mutant: hold resident/arm64/psci.c s/psci_port_held(psci, self);//
 * Mutant: hold resident/arm64/psci.c s/!= PSCI_STATE_PENDING/== PSCI_STATE_OFF/
 */
/* clang-format on */
#define PROOF_OBSERVES
#include "proof.h"
#include <baton/psci.h>
#include "resident/arm64/psci.h"

#define CPUS 3

static struct psci_cpu cpu[CPUS];
static struct psci psci;
static uint32_t self;	/* the CPU that runs the entry */
static bool mine[CPUS]; /* claimed by it */
static uint32_t found;	/* the state that the last look has found */
static bool held, left; /* psci_port_held() was called; psci_port_released() was */
static uint64_t wanted_entry, wanted_context;
static unsigned changes, wakes, sleeps;

/* The contract: aligned to 4, and not in the area. */
static bool entry_good(uint64_t entry)
{
	return !(entry & 3) && !(entry >= psci.area && entry < psci.area_end);
}

/* What CPU @by may do to the state of CPU @of: the table in section 2. */
static bool allowed(uint32_t by, uint32_t of, uint32_t old, uint32_t new, bool owns_claim)
{
	if (old == PSCI_STATE_OFF && new == PSCI_STATE_CLAIMED)
		return by != of;
	if (old == PSCI_STATE_CLAIMED && new == PSCI_STATE_PENDING)
		return owns_claim;
	if (old == PSCI_STATE_PENDING && new == PSCI_STATE_ON)
		return by == of;
	if ((old == PSCI_STATE_ON || old == PSCI_STATE_MISSING) && new == PSCI_STATE_OFF)
		return by == of;
	return false;
}

static void set_up(void)
{
	psci.cpu = cpu;
	psci.ncpus = any32();
	ASSUME_BOUND(psci.ncpus >= 1 && psci.ncpus <= CPUS);
	psci.area = any64();
	psci.area_end = any64();
	ASSUME_CONTRACT("install.c: the area is not empty", psci.area < psci.area_end);
	self = any32();
	ASSUME_CONTRACT("a CPU has a slot", self < psci.ncpus);
	for (unsigned i = 0; i < CPUS; i++) {
		cpu[i].mpidr = any64();
		cpu[i].state = any32();
		cpu[i].entry = any64();
		cpu[i].context = any64();
		ASSUME_CONTRACT("install.c: a state of the table",
				cpu[i].state <= PSCI_STATE_MISSING);
		ASSUME_CONTRACT("cpu_on: a pending entry was checked",
				cpu[i].state != PSCI_STATE_PENDING || entry_good(cpu[i].entry));
		for (unsigned k = 0; k < i; k++)
			ASSUME_CONTRACT("install.h: each MPIDR once", cpu[k].mpidr != cpu[i].mpidr);
	}
}

/* One CPU's state after any number of steps of others. */
static void act_on(uint32_t i)
{
	uint32_t old = cpu[i].state, new = any32();

	if (mine[i] || old == PSCI_STATE_MISSING || !any())
		return;
	/* By the table any state but MISSING follows from any other, if it is not this CPU's. */
	if (i == self)
		ASSUME_STEP(old == new ||
			    (old == PSCI_STATE_OFF &&
			     (new == PSCI_STATE_CLAIMED || new == PSCI_STATE_PENDING)) ||
			    (old == PSCI_STATE_CLAIMED && new == PSCI_STATE_PENDING));
	ASSUME_STEP(new < PSCI_STATE_MISSING);
	if (i == self && old == new)
		return;
	cpu[i].state = new;
	cpu[i].entry = any64();
	cpu[i].context = any64();
	ASSUME_STEP(new != PSCI_STATE_PENDING || entry_good(cpu[i].entry));
}

void proof_before(const volatile void *at)
{
	(void)at;
	for (uint32_t i = 0; i < CPUS; i++)
		if (i < psci.ncpus)
			act_on(i);
}

static uint32_t number_of(const volatile void *at)
{
	for (uint32_t i = 0; i < CPUS; i++)
		if (at == &cpu[i].state)
			return i;
	PROVE("only states are accessed by atomic steps", false);
	return 0;
}

void proof_loaded(const volatile void *at, uint64_t value, int order)
{
	(void)number_of(at);
	PROVE("a state is loaded with acquire ordering", proof_acquires(order));
	found = (uint32_t)value;
}

void proof_change(volatile void *at, uint64_t old, uint64_t new, int order, bool swap)
{
	uint32_t of = number_of(at);

	PROVE("only states of CPUs that are there change", of < psci.ncpus);
	PROVE("a state changes as the contract says", allowed(self, of, old, new, mine[of]));
	if (new == PSCI_STATE_CLAIMED) {
		PROVE("a CPU is claimed by compare-and-exchange", swap && proof_acquires(order));
		mine[of] = true;
	} else {
		PROVE("all else is stored with release ordering", proof_releases(order));
	}
	if (new == PSCI_STATE_PENDING) {
		PROVE("the entry is there", cpu[of].entry == wanted_entry);
		PROVE("the context is there", cpu[of].context == wanted_context);
		PROVE("the entry may be entered", entry_good(cpu[of].entry));
		mine[of] = false;
	}
	if (new == PSCI_STATE_OFF)
		PROVE("the record comes before OFF", held);
	if (new == PSCI_STATE_ON)
		PROVE("the record comes before ON", left);
	found = (uint32_t)old;
	changes++;
}

void proof_fence(int order)
{
	(void)order;
}

void psci_port_held(struct psci *p, uint32_t number)
{
	PROVE("the CPU itself", p == &psci && number == self);
	PROVE("once, before OFF", !held && !changes);
	held = true;
}

void psci_port_released(struct psci *p, uint32_t number, uint64_t entry)
{
	PROVE("the CPU itself, started", p == &psci && number == self);
	PROVE("in state PENDING", cpu[self].state == PSCI_STATE_PENDING);
	PROVE("the entry that was given", entry == cpu[self].entry && entry_good(entry));
	left = true;
}

void psci_port_sleep(struct psci *p, uint32_t number)
{
	PROVE("the CPU itself sleeps", p == &psci && number == self);
	ASSUME_WAIT_ENDS(++sleeps < 3);
}

void psci_port_wake(struct psci *p, uint32_t target)
{
	PROVE("the wake-up comes after both changes", p == &psci && changes == 2);
	PROVE("the CPU that was started", target < psci.ncpus && cpu[target].entry == wanted_entry);
	wakes++;
}

/* The number of the CPU @mpidr, or CPUS. */
static uint32_t named(uint64_t mpidr)
{
	for (uint32_t i = 0; i < CPUS; i++)
		if (i < psci.ncpus && cpu[i].mpidr == mpidr)
			return i;
	return CPUS;
}

void proof_cpu_on(void)
{
	uint64_t mpidr = any64();
	int32_t answer;

	set_up();
	ASSUME_CONTRACT("the caller runs", cpu[self].state == PSCI_STATE_ON);
	wanted_entry = any64();
	wanted_context = any64();
	answer = psci_cpu_on(&psci, mpidr, wanted_entry, wanted_context);

	if (named(mpidr) == CPUS) {
		PROVE("no such CPU", answer == PSCI_INVALID_PARAMETERS && !changes);
	} else if (!entry_good(wanted_entry)) {
		PROVE("no such entry", answer == PSCI_INVALID_ADDRESS && !changes);
	} else if (changes) {
		PROVE("the winner", answer == PSCI_SUCCESS && changes == 2 && wakes == 1);
		PROVE("it was off", !mine[named(mpidr)]);
	} else {
		PROVE("it was not off", found != PSCI_STATE_OFF);
		PROVE("it is on", found != PSCI_STATE_ON || answer == PSCI_ALREADY_ON);
		PROVE("it never came",
		      found != PSCI_STATE_MISSING || answer == PSCI_INTERNAL_FAILURE);
		PROVE("it is on its way",
		      (found != PSCI_STATE_PENDING && found != PSCI_STATE_CLAIMED) ||
			      answer == PSCI_ON_PENDING);
	}
	PROVE("woken only if it is started", wakes == (answer == PSCI_SUCCESS));
}

void proof_affinity_info(void)
{
	uint64_t mpidr = any64(), level = any64();
	int32_t answer;

	set_up();
	found = PSCI_STATE_MISSING;
	answer = psci_affinity_info(&psci, mpidr, level);

	PROVE("nothing changes", !changes && !wakes);
	PROVE("no such CPU, or another level",
	      (answer == PSCI_INVALID_PARAMETERS) == (named(mpidr) == CPUS || level != 0));
	if (answer == PSCI_INVALID_PARAMETERS)
		return;
	PROVE("off means that the CPU has said so, or never came",
	      (answer == PSCI_AFFINITY_OFF) ==
		      (found == PSCI_STATE_OFF || found == PSCI_STATE_MISSING));
	PROVE("on", (answer == PSCI_AFFINITY_ON) == (found == PSCI_STATE_ON));
	PROVE("pending", (answer == PSCI_AFFINITY_ON_PENDING) ==
				 (found == PSCI_STATE_PENDING || found == PSCI_STATE_CLAIMED));
}

void proof_hold(void)
{
	uint64_t entry = any64(), context = any64();

	set_up();
	ASSUME_CONTRACT("it runs, or arrives for the first time",
			cpu[self].state == PSCI_STATE_ON || cpu[self].state == PSCI_STATE_MISSING);
	psci_hold(&psci, self, &entry, &context);

	PROVE("off, then on", changes == 2 && held && left);
	PROVE("on", cpu[self].state == PSCI_STATE_ON);
	PROVE("where the caller of CPU_ON said", entry == cpu[self].entry && entry_good(entry));
	PROVE("with its context", context == cpu[self].context);
}
