/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* clang-format off */
/*
 * The spin-table with a way back: docs/contract-arm64.md, section 8.  The kernel writes
 * whatever it likes to the release word, at any time.
 *
 * Sources: resident/arm64/spintable.c
 * Proof: hold --unwind 6
 * Proof: kernel --unwind 6
 * Quick: hold
 * Mutant: hold resident/arm64/spintable.c s/entry % 4 == 0 \&\& //
 * Mutant: hold resident/arm64/spintable.c s/if (entry && can_enter(table, entry))/if (entry)/
 * Mutant: hold resident/arm64/spintable.c s/store(cpu->held, 1);/store(cpu->release, 1);/
 * Mutant: hold resident/arm64/spintable.c s/spintable_port_released(table, self, entry);//
 * Mutant: hold resident/arm64/spintable.c s/^\tspintable_port_complete();//
 * Mutant: hold resident/arm64/spintable.c s/entry >= table->area_end/entry > table->area_end/
 * Mutant: kernel resident/arm64/spintable.c s/store(cpu->held, 0);//
 */
/* clang-format on */
#define PROOF_OBSERVES
#include "proof.h"
#include "resident/arm64/spintable.h"

#define CPUS 2

static struct spin_cpu cpu[CPUS];
static uint64_t release_word[CPUS], held_word[CPUS];
static struct spin_table table;
static uint32_t self;
static enum { ARRIVING, CLEARED, HELD, LEAVING, GONE } step;
static bool recorded, released, complete, kernel_keeps_rules, written;
static uint64_t seen; /* the entry of the latest look */
static unsigned looks;

static bool entry_good(uint64_t entry)
{
	return entry && !(entry & 3) && !(entry >= table.area && entry < table.area_end);
}

/*
 * The kernel.  One that keeps the rules writes once, when the CPU is held and the word 0;
 * any other does at any time what it likes.
 */
void proof_before(const volatile void *at)
{
	(void)at;
	if (!any())
		return;
	if (kernel_keeps_rules) {
		if (held_word[self] != 1 || release_word[self] || written)
			return;
		written = true;
		release_word[self] = any64();
		ASSUME_STEP(release_word[self] != 0);
		return;
	}
	for (unsigned i = 0; i < CPUS; i++)
		release_word[i] = any64();
}

void proof_loaded(const volatile void *at, uint64_t value, int order)
{
	(void)order;
	PROVE("only the own release word is read", at == &release_word[self]);
	PROVE("not before the CPU is held", step == HELD);
	seen = value;
	ASSUME_WAIT_ENDS(++looks < 5);
}

void proof_change(volatile void *at, uint64_t old, uint64_t new, int order, bool swap)
{
	(void)order;
	PROVE("no exclusives", !swap);
	PROVE("only the own words are written",
	      at == &release_word[self] || at == &held_word[self]);
	if (at == &held_word[self] && new == 1) {
		PROVE("held: recorded, release word 0, complete",
		      step == CLEARED && recorded && complete);
		step = HELD;
	} else if (at == &held_word[self]) {
		PROVE("not held: 0, after the record", new == 0 && step == HELD &&released);
		step = LEAVING;
	} else if (step == ARRIVING) {
		PROVE("the release word of the last time is cleared", new == 0 && recorded);
		step = CLEARED;
	} else if (step == HELD) {
		PROVE("a refusal clears the word", new == 0 && !released);
		PROVE("refused is what may not be entered", seen && !entry_good(seen));
		PROVE("the kernel's entry stands until it is refused",
		      !kernel_keeps_rules || old == seen);
		written = false;
	} else {
		PROVE("the release word last, after the held word is complete",
		      new == 0 && step == LEAVING &&complete);
		PROVE("no entry of the kernel's is lost", !kernel_keeps_rules || old == seen);
		step = GONE;
	}
	complete = false;
}

void proof_fence(int order)
{
	(void)order;
}

void spintable_port_held(struct spin_table *t, uint32_t number)
{
	PROVE("the CPU itself, first", t == &table && number == self && step == ARRIVING);
	recorded = true;
}

void spintable_port_released(struct spin_table *t, uint32_t number, uint64_t entry)
{
	PROVE("the CPU itself, while it is held", t == &table && number == self && step == HELD);
	PROVE("the entry that it has read, and may go to", entry == seen && entry_good(entry));
	released = true;
}

void spintable_port_sleep(struct spin_table *t, uint32_t number)
{
	PROVE("the CPU itself, without an entry", t == &table && number == self && !seen);
}

void spintable_port_complete(void)
{
	complete = true;
}

static void hold(void)
{
	uint64_t entry;

	table.cpu = cpu;
	table.ncpus = CPUS;
	table.area = any64();
	table.area_end = any64();
	ASSUME_CONTRACT("install.c: the area is not empty", table.area < table.area_end);
	self = any32();
	ASSUME_CONTRACT("a CPU has a slot", self < CPUS);
	for (unsigned i = 0; i < CPUS; i++) {
		cpu[i].mpidr = any64();
		cpu[i].release = &release_word[i];
		cpu[i].held = &held_word[i];
		release_word[i] = any64();
		held_word[i] = i == self ? 0 : any() ? 1 : 0;
	}
	entry = spintable_hold(&table, self);
	PROVE("both words are written, completely", step == GONE && complete);
	PROVE("the CPU is not held", held_word[self] == 0);
	PROVE("it leaves for what the kernel has written", entry == seen);
	PROVE("aligned to 4, outside the area, not 0", entry_good(entry));
}

void proof_hold(void)
{
	hold();
}

/* With a kernel that keeps the rules, no entry is lost, and 0 means taken. */
void proof_kernel(void)
{
	kernel_keeps_rules = true;
	hold();
	PROVE("the word is 0 when the CPU leaves", release_word[self] == 0);
	PROVE("one write is for one release", written);
}
