/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* clang-format off */
/*
 * The protocol among held CPUs: docs/contract.md, section 7.  Between any two accesses the
 * others act, and the kernel writes what it likes to the mailbox.  What the others may do
 * is the relation allowed(), and the same relation is proved of this CPU.
 *
 * Sources: resident/x86_64/protocol.c resident/x86_64/mailbox.c area/x86_64/shared.c
 * Proof: arrive --unwind 3
 * Flags: -Dstatic=
 * Later: Proof woken --unwind 3 --unwindset mailbox_acknowledge.0:5
 * Later: Proof pass_on --unwind 3 --unwindset pass_on.0:2 --no-unwinding-assertions
 * Proof: recover --unwind 3
 * Proof: has_left --unwind 3 --unwindset mailbox_acknowledge.0:5
 * Later: Proof remove --unwind 3
 * Quick: arrive recover
 * Mutant: arrive resident/x86_64/protocol.c s/state != LINE_WAITING && state < LINE_WAKING/state != LINE_WAITING/
 * Later: Mutant pass_on resident/x86_64/protocol.c s/LINE_WAITING, LINE_WAKING + self/LINE_WOKEN, LINE_WAKING + self/
 * Later: Mutant woken resident/x86_64/protocol.c s/if (!protocol_port_reachable(shared, self, \*vector))/if (0)/
 * Later: Mutant woken resident/x86_64/protocol.c s/protocol_port_testing(shared, self);//
 * Later: Mutant woken resident/x86_64/protocol.c s/protocol_port_kept(shared, self);//
 * Mutant: recover area/x86_64/shared.c s/!= LINE_WAKING + waker/< LINE_WAKING/
 * Mutant: has_left resident/x86_64/protocol.c s/!= LINE_AWAY)$/== LINE_LISTENING)/
 * Later: Mutant remove area/x86_64/shared.c s/LINE_WAITING, LINE_WAKING + lost/LINE_WOKEN, LINE_WAKING + lost/
 * Later: Mutant remove area/x86_64/shared.c s/seen < LINE_WAKING ? LINE_AWAY : seen | LINE_LOST/LINE_AWAY/
 * Later: Mutant remove area/x86_64/shared.c s/if (!away)/if (0)/
 */
/* clang-format on */
#define PROOF_OBSERVES
#include "proof.h"
#include "resident/x86_64/protocol.h"

#define CPUS 2
#define KERNEL_STEPS 3 /* changes of the mailbox in one proof */

/* With -Dstatic=: of protocol.c. */
void pass_on(struct shared *shared, uint32_t self);
bool take_command(struct shared *shared, uint32_t self, bool listening, uint64_t *vector);

static struct {
	uint64_t request, vector;
} page;
static struct line line[CPUS];
static struct shared shared;
static uint32_t self, lost; /* lost: a CPU that never acts again, LINE_NONE: none */
static bool gone;	    /* this CPU must not access anything shared any more */
static bool releasing, testing, kept, was_listener, all_seen_away;
static unsigned waits, acknowledged, kernel_steps;
static uint64_t vector_loaded, vector_released;
static unsigned command;

static bool lines_equal(const volatile void *at, uint32_t *number)
{
	for (uint32_t i = 0; i < CPUS; i++)
		if (at == &line[i].state) {
			*number = i;
			return true;
		}
	return false;
}

/*
 * What the CPU @by may do to the state of the CPU @of: section 7, its table and the steps
 * below it.
 */
static bool allowed_state(uint32_t by, uint32_t of, uint32_t old, uint32_t new)
{
	if (by == of) {
		switch (new) {
		case LINE_WAITING: /* arrival, a look in vain, the role given up, withdrawn */
			return old < LINE_WAKING;
		case LINE_LISTENING:
			return (old == LINE_WAITING || old == LINE_WOKEN) && shared.listener == of;
		case LINE_AWAY:
			return old == LINE_WOKEN || old == LINE_LISTENING;
		}
		return old == LINE_WAKING + of && new == LINE_WOKEN;
	}
	if (new == LINE_WAKING + by)
		return old == LINE_WAITING && shared.listener == by;
	if (old == (LINE_LOST | (LINE_WAKING + by)))
		return new == LINE_AWAY;
	return new == LINE_WOKEN &&old == LINE_WAKING + by;
}

/* Likewise, the listener's number. */
static bool allowed_listener(uint32_t by, uint32_t old, uint32_t new)
{
	if (old == LINE_NONE)
		return new == by;
	if (old != by) /* taken back from a CPU that was removed */
		return new == by &&line[old].state == (LINE_LOST | (LINE_WAKING + by));
	return new == LINE_NONE || (new < CPUS &&line[new].state == LINE_WAKING + by);
}

/* A state of the table; no CPU wakes itself. */
static bool is_state(uint32_t of, uint32_t state)
{
	uint32_t waking = state & ~LINE_LOST;

	return waking < LINE_WAKING + shared.ncpus && waking != LINE_WAKING + of &&
	       (state < LINE_LOST || waking >= LINE_WAKING);
}

/*
 * Any number of steps of the others by allowed_state() and allowed_listener(), at once: this
 * CPU is woken if it waits, by a CPU that has the role meanwhile; the role comes to it only
 * while it is being woken; what this CPU has, it keeps.
 */
static void others_act(void)
{
	uint32_t mine = LINE_WAKING + self;
	uint32_t state = line[self].state, by = any32(), role = any32();
	bool waking = state >= LINE_WAKING, given = false;

	ASSUME_STEP(by < shared.ncpus && by != self && by != lost);
	if (shared.listener != self || self == lost) {
		if (state == LINE_WAITING && any()) {
			line[self].state = any() ? LINE_WAKING + by : LINE_WOKEN;
			waking = true;
		}
		ASSUME_STEP(role == LINE_NONE || role < shared.ncpus);
		ASSUME_STEP(role != self || waking);
		/* The lost CPU is given the role while it is being woken, and not otherwise. */
		if (lost != LINE_NONE) {
			given = role == lost && shared.listener != lost;
			ASSUME_STEP(!given || line[lost].state >= LINE_WAKING ||
				    (self == lost ? waking : line[lost].state == LINE_WAITING));
			/* What only it itself gives up. */
			ASSUME_STEP(shared.listener != lost || role == lost ||
				    line[lost].state >= LINE_WAKING);
		}
		shared.listener = role;
	}
	/* Its wake is completed; had it been removed, the role is taken back. */
	if (state >= LINE_WAKING && any()) {
		line[self].state = state < LINE_LOST ? LINE_WOKEN : LINE_AWAY;
		ASSUME_STEP(state < LINE_LOST || shared.listener != self);
	}
	for (uint32_t i = 0; i < CPUS; i++) {
		uint32_t old = line[i].state, new = any32();

		if (i == self || (old & ~LINE_LOST) == mine)
			continue;
		ASSUME_STEP(is_state(i, new) && (new & ~LINE_LOST) != mine);
		ASSUME_STEP(lost == LINE_NONE || (new & ~LINE_LOST) != LINE_WAKING + lost ||
			    old == new);
		if (i == lost && old != new) {
			ASSUME_STEP(allowed_state(by, i, old, new) ||
				    (old == LINE_WAITING &&
				     (new == LINE_WAKING + by || new == LINE_WOKEN)));
			ASSUME_STEP(new != LINE_AWAY || shared.listener != lost);
		}
		line[i].state = new;
	}
	ASSUME_STEP(!given || (line[lost].state != LINE_WAITING && line[lost].state != LINE_AWAY));
}

void proof_before(const volatile void *at)
{
	(void)at;
	PROVE("nothing shared is accessed after the CPU has left", !gone);
	if (kernel_steps < KERNEL_STEPS && any()) {
		kernel_steps++;
		page.request = any64();
		page.vector = any64();
	}
	if (shared.ncpus > 1 && any())
		others_act();
}

void proof_loaded(const volatile void *at, uint64_t value, int order)
{
	uint32_t number;

	if (at == &page.vector) {
		vector_loaded = value;
	} else if (at == &page.request) {
		/* The vector is loaded after that, and the lines are looked at after that. */
		PROVE("with acquire ordering", proof_acquires(order) || releasing || testing);
		all_seen_away = true;
	} else {
		PROVE("only what the held CPUs share is read",
		      at == &shared.listener || lines_equal(at, &number));
		PROVE("sequentially consistent", order == __ATOMIC_SEQ_CST);
		if (at != &shared.listener && number != self && value != LINE_AWAY)
			all_seen_away = false;
	}
}

static void change_of_command(uint64_t old, uint64_t new, int order, bool swap)
{
	uint64_t id = old >> 32;

	command = old & 0xffff;
	PROVE("only the command is cleared, in one step", swap && new == (old & ~0xffffull));
	PROVE("with release ordering", proof_releases(order));
	PROVE("once", !acknowledged);
	acknowledged++;
	switch (command) {
	case 1:
		PROVE("WAKEUP: this CPU's", id == line[self].apic_id);
		PROVE("WAKEUP: away, without the role, and recorded",
		      line[self].state == LINE_AWAY && shared.listener != self && releasing &&
			      !kept);
		gone = true;
		break;
	case 2:
		PROVE("TEST: this CPU's", id == line[self].apic_id);
		PROVE("TEST: held, and recorded",
		      testing && !releasing && line[self].state != LINE_AWAY);
		acknowledged = 0;
		testing = false;
		break;
	case 3:
		PROVE("RELEASE_ALL: for all", id == 0xffffffff);
		PROVE("RELEASE_ALL: away, without the role",
		      line[self].state == LINE_AWAY && shared.listener != self);
		PROVE("RELEASE_ALL: all others were away", all_seen_away);
		gone = true;
		break;
	default:
		PROVE("no other command is acknowledged", false);
	}
}

void proof_change(volatile void *at, uint64_t old, uint64_t new, int order, bool swap)
{
	uint32_t number;

	if (at == &page.request) {
		change_of_command(old, new, order, swap);
		return;
	}
	PROVE("sequentially consistent", order == __ATOMIC_SEQ_CST);
	if (at == &shared.listener) {
		PROVE("the role is taken and given as the contract says",
		      allowed_listener(self, (uint32_t)old, (uint32_t) new) ||
			      (lost != LINE_NONE && old == lost &&
			       new == LINE_NONE &&swap &&line[lost].state == LINE_AWAY) ||
			      (lost != LINE_NONE &&
			       new == lost &&swap &&old < CPUS &&line[old].state ==
				       (LINE_LOST | (LINE_WAKING + lost))));
		PROVE("the role is taken in one step", old != LINE_NONE || swap || old == new);
		if (old == self)
			was_listener = true;
		return;
	}
	PROVE("only states change", lines_equal(at, &number) && number < shared.ncpus);
	if (lost != LINE_NONE)
		PROVE("the lost CPU's part is completed",
		      (number == lost && new == LINE_AWAY &&swap &&old < LINE_WAKING) ||
			      (number == lost && new == (old | LINE_LOST) &&
			       swap &&old >= LINE_WAKING &&old < LINE_LOST) ||
			      (new == LINE_AWAY &&old == (LINE_LOST | (LINE_WAKING + lost))) ||
			      (old == LINE_WAITING && new == LINE_WAKING + lost &&swap) ||
			      (old == LINE_WAKING + lost && new == LINE_WOKEN &&swap));
	else
		PROVE("a state changes as the contract says",
		      allowed_state(self, number, (uint32_t)old, (uint32_t) new));
	PROVE("another's sleep is ended in one step with the look at it",
	      number == self || new != LINE_WAKING + self || swap);
	if (number == self && new == LINE_AWAY && releasing && !was_listener)
		gone = true; /* by RELEASE_ALL */
}

void proof_fence(int order)
{
	(void)order;
}

void shared_wake(struct shared *s, uint32_t by, uint32_t target)
{
	PROVE("the sleep of a CPU that is being woken is ended",
	      s == &shared && target < shared.ncpus && line[target].state >= LINE_WAKING);
	PROVE("by the CPU itself", by == self);
}

void protocol_port_sleep(struct shared *s, uint32_t number)
{
	PROVE("the CPU itself sleeps, and has not left", s == &shared && number == self && !gone);
	ASSUME_WAIT_ENDS(++waits < 3);
}

void protocol_port_relax(void)
{
	ASSUME_WAIT_ENDS(++waits < 3);
}

void protocol_port_listening(struct shared *s, uint32_t number)
{
	PROVE("the listener", s == &shared && number == self && shared.listener == self &&
				      line[self].state == LINE_LISTENING);
}

void protocol_port_listen(struct shared *s, uint32_t number, uint32_t quiet)
{
	(void)quiet;
	PROVE("the listener", s == &shared && number == self && shared.listener == self &&
				      line[self].state == LINE_LISTENING);
	ASSUME_WAIT_ENDS(++waits < 3);
}

/* Anything may be out of reach. */
bool protocol_port_reachable(struct shared *s, uint32_t number, uint64_t vector)
{
	PROVE("the vector that was read",
	      s == &shared && number == self && vector == vector_loaded);
	return !(vector & 1); /* stands for map_end, which is port.c's */
}

void protocol_port_releasing(struct shared *s, uint32_t number, uint64_t vector)
{
	PROVE("the CPU itself, once", s == &shared && number == self && !releasing);
	PROVE("a vector within reach, as read", vector == vector_loaded && !(vector & 1));
	PROVE("without the role", shared.listener != self);
	vector_released = vector;
	releasing = true;
}

void protocol_port_kept(struct shared *s, uint32_t number)
{
	PROVE("a release is taken back",
	      s == &shared && number == self && releasing && !acknowledged);
	releasing = false;
}

void protocol_port_testing(struct shared *s, uint32_t number)
{
	PROVE("the CPU itself", s == &shared && number == self && !testing);
	testing = true;
}

void protocol_port_not_tested(struct shared *s, uint32_t number)
{
	PROVE("a test is taken back", s == &shared && number == self && testing);
	testing = false;
}

/* An arbitrary state that the others and this CPU can have made. */
static void set_up(void)
{
	shared.mailbox = (struct baton_mailbox *)&page;
	shared.line = line;
	shared.ncpus = any32();
	shared.listener = any32();
	page.request = any64();
	page.vector = any64();
	self = any32();
	lost = LINE_NONE;
	ASSUME_BOUND(shared.ncpus >= 1 && shared.ncpus <= CPUS);
	ASSUME_CONTRACT("a CPU has a slot", self < shared.ncpus);
	ASSUME_CONTRACT("the listener is a CPU, or nobody",
			shared.listener == LINE_NONE || shared.listener < shared.ncpus);
	for (uint32_t i = 0; i < CPUS; i++) {
		line[i].state = any32();
		line[i].apic_id = any32();
		line[i].avoid = any() ? 1 : 0;
		line[i].wakes = any32();
		ASSUME_CONTRACT("a state of the table, and no CPU wakes itself",
				is_state(i, line[i].state));
		ASSUME_CONTRACT("0xffffffff is no CPU's", line[i].apic_id != 0xffffffff);
		for (uint32_t k = 0; k < i; k++)
			ASSUME_CONTRACT("compare.c: each APIC ID once",
					line[k].apic_id != line[i].apic_id);
	}
}

/* The CPU wakes no other: it arrives, or protocol_recover() has run. */
static void no_wakes_of_its_own(void)
{
	for (uint32_t i = 0; i < CPUS; i++)
		ASSUME_CONTRACT("protocol_recover(): no wake of its own is left",
				(line[i].state & ~LINE_LOST) != LINE_WAKING + self);
}

void proof_arrive(void)
{
	set_up();
	no_wakes_of_its_own();
	protocol_arrive(&shared, self);
	PROVE("a broadcast waits for it", line[self].state != LINE_AWAY && !acknowledged);
}

/* A CPU that was woken looks for a command. */
void proof_woken(void)
{
	bool taken;
	uint64_t vector;

	set_up();
	no_wakes_of_its_own();
	ASSUME_CONTRACT("protocol_hold(): woken, and not the listener",
			line[self].state == LINE_WOKEN && shared.listener != self);
	taken = take_command(&shared, self, false, &vector);
	if (taken) {
		PROVE("released, and away", releasing && line[self].state == LINE_AWAY);
		PROVE("without the role", shared.listener != self);
		PROVE("where the command said", vector == vector_released);
		PROVE("that was the last access", gone);
	} else {
		PROVE("held, with nothing that is not taken back", !releasing && !testing);
		PROVE("not away", line[self].state != LINE_AWAY);
	}
}

void proof_pass_on(void)
{
	set_up();
	no_wakes_of_its_own();
	ASSUME_CONTRACT("take_command(): the listener", shared.listener == self);
	ASSUME_CONTRACT("away, or not yet",
			line[self].state == LINE_AWAY || line[self].state == LINE_LISTENING);
	pass_on(&shared, self);
	PROVE("without the role", shared.listener != self);
	PROVE("nothing is acknowledged", !acknowledged);
}

void proof_recover(void)
{
	set_up();
	protocol_recover(&shared, self);
	for (uint32_t i = 0; i < CPUS; i++)
		PROVE("no wake of its own is left",
		      i >= shared.ncpus || (line[i].state & ~LINE_LOST) != LINE_WAKING + self);
	PROVE("nothing is acknowledged", !acknowledged);
}

void proof_has_left(void)
{
	bool left;

	set_up();
	no_wakes_of_its_own();
	releasing = true; /* its record says RELEASED */
	ASSUME_CONTRACT("pass_on(): the role is passed on before the release is recorded",
			shared.listener != self);
	left = protocol_has_left(&shared, self);
	PROVE("who has left is away", !left || line[self].state == LINE_AWAY);
	PROVE("who is held acknowledges nothing", left || !acknowledged);
	PROVE("only a broadcast is acknowledged", !acknowledged || command == 3);
}

static bool is_removed(uint32_t dead)
{
	return line[dead].state == LINE_AWAY || line[dead].state >= LINE_LOST;
}

void proof_remove(void)
{
	uint32_t dead = any32();

	set_up();
	ASSUME_CONTRACT("a CPU has a slot", dead < shared.ncpus);
	lost = dead;
	shared_remove(&shared, self, dead);
	PROVE("away, or the CPU that wakes it will make it so", is_removed(dead));
	PROVE("not the listener when it is away",
	      line[dead].state != LINE_AWAY || shared.listener != dead);
	for (uint32_t i = 0; i < CPUS; i++)
		PROVE("no wake of its is left",
		      i >= shared.ncpus || (line[i].state & ~LINE_LOST) != LINE_WAKING + dead);
	PROVE("nothing is acknowledged", !acknowledged);
}
