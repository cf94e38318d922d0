/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "protocol.h"
#include "mailbox.h"

/*
 * All of these are sequentially consistent: the proof that the role is never
 * lost (pass_on() against protocol_hold()) needs that a CPU which has said that
 * it waits, and then sees a listener, is seen by that listener when it leaves.
 */
static uint32_t load(uint32_t *word)
{
	return __atomic_load_n(word, __ATOMIC_SEQ_CST);
}

static void store(uint32_t *word, uint32_t value)
{
	__atomic_store_n(word, value, __ATOMIC_SEQ_CST);
}

static bool swap(uint32_t *word, uint32_t from, uint32_t to)
{
	return __atomic_compare_exchange_n(word, &from, to, false, __ATOMIC_SEQ_CST,
					   __ATOMIC_SEQ_CST);
}

/*
 * Ring the CPU @target if it waits.  Only the listener does this.  With @role
 * it becomes the listener, before it can know that it was rung.
 */
static bool ring(struct trust *trust, uint32_t self, uint32_t target, bool role)
{
	struct line *line = &trust->line[target];

	if (!swap(&line->state, WAITING, RINGING + self))
		return false;
	line->rings++;
	if (role)
		store(&trust->listener, target);
	port_ring(trust, self, target);
	store(&line->state, RUNG);
	return true;
}

/* Nobody else changes a state that says that this CPU rings, or finishes its ring. */
void protocol_mend(struct trust *trust, uint32_t self)
{
	for (uint32_t i = 0; i < trust->ncpus; i++)
		if (load(&trust->line[i].state) == RINGING + self) {
			port_ring(trust, self, i);
			store(&trust->line[i].state, RUNG);
		}
}

/* Ring one of those that wait, and may or may not be avoided, for the role. */
static bool appoint(struct trust *trust, uint32_t self, bool avoided)
{
	for (uint32_t i = 0; i < trust->ncpus; i++)
		if (i != self && !!trust->line[i].avoid == avoided && ring(trust, self, i, true))
			return true;
	return false;
}

static bool anyone_waits(struct trust *trust)
{
	for (uint32_t i = 0; i < trust->ncpus; i++)
		if (load(&trust->line[i].state) == WAITING)
			return true;
	return false;
}

/*
 * The listener gives up its role, since it leaves: to a CPU that waits, or to
 * nobody if none does.  One that begins to wait just then either sees that
 * there is no listener, or is seen here.
 */
static void pass_on(struct trust *trust, uint32_t self)
{
	do {
		if (appoint(trust, self, false) || appoint(trust, self, true))
			return;
		store(&trust->listener, NOBODY);
	} while (anyone_waits(trust) && swap(&trust->listener, NOBODY, self));
}

/* Ring every other CPU that waits; true if there is none to wait for, all are AWAY. */
static bool ring_all(struct trust *trust, uint32_t self)
{
	bool alone = true;

	for (uint32_t i = 0; i < trust->ncpus; i++) {
		if (i == self)
			continue;
		ring(trust, self, i, false);
		alone &= load(&trust->line[i].state) == AWAY;
	}
	return alone;
}

/*
 * Whether it is the CPU's turn to leave by a broadcast: the listener's when all
 * others have left, since it acknowledges; that of the others while there is a
 * listener to do so.  It may have left by an earlier command, and nobody have
 * been WAITING to take the role.
 */
static bool has_turn(struct trust *trust, uint32_t self, bool listening)
{
	return listening ? ring_all(trust, self) : load(&trust->listener) != NOBODY;
}

/*
 * Leave by a broadcast.  The CPU has left when it is AWAY, which for all but the
 * listener is the last access to anything shared.  The listener comes last, and
 * acknowledges for all.  If the command does not stand any more, that changes
 * nothing: the others can't be called back.
 */
static void leave_with_all(struct trust *trust, uint32_t self, bool listening, uint64_t vector)
{
	if (listening)
		pass_on(trust, self);
	port_releasing(trust, self, vector);
	store(&trust->line[self].state, AWAY);
	if (listening)
		mailbox_acknowledge(trust->mailbox, BATON_COMMAND_RELEASE_ALL, BATON_APIC_ID_ALL);
}

/*
 * Look for a command for the CPU itself and take it.  True, with *@vector set,
 * if it was a wakeup: the CPU is AWAY, and has acknowledged.
 * @listening: the CPU is the listener; if it leaves, it first gives up the role.
 * On false its state is WAITING, or still LISTENING if it still is the listener.
 */
static bool take_command(struct trust *trust, uint32_t self, bool listening, uint64_t *vector)
{
	struct line *line = &trust->line[self];

	switch (mailbox_command(trust->mailbox, line->apic_id, vector)) {
	case BATON_COMMAND_TEST:
		port_testing(trust, self);
		if (!mailbox_acknowledge(trust->mailbox, BATON_COMMAND_TEST, line->apic_id))
			port_not_tested(trust, self);
		break;
	case BATON_COMMAND_WAKEUP:
		if (!port_reachable(trust, self, *vector))
			break;
		store(&line->state, AWAY);
		if (listening)
			pass_on(trust, self);
		listening = false;
		port_releasing(trust, self, *vector);
		/* The last access to anything shared: see mailbox_acknowledge(). */
		if (mailbox_acknowledge(trust->mailbox, BATON_COMMAND_WAKEUP, line->apic_id))
			return true;
		port_kept(trust, self);
		break;
	case BATON_COMMAND_RELEASE_ALL:
		if (!port_reachable(trust, self, *vector) || !has_turn(trust, self, listening))
			break;
		leave_with_all(trust, self, listening, *vector);
		return true;
	}
	if (!listening)
		store(&line->state, WAITING);
	return false;
}

/* The number of the CPU that is to look at @request, or NOBODY.  The listener sees to all. */
static uint32_t find(const struct trust *trust, uint32_t self, uint64_t request)
{
	uint32_t apic_id = request >> 32;

	if ((uint16_t)request == BATON_COMMAND_NOOP)
		return NOBODY;
	if (apic_id == BATON_APIC_ID_ALL)
		return self;
	for (uint32_t i = 0; i < trust->ncpus; i++)
		if (trust->line[i].apic_id == apic_id)
			return i;
	return NOBODY;
}

/*
 * Watch the mailbox for all.  True, with *@vector set, if the listener itself
 * is released; false when it has given up the role and goes on waiting.
 */
static bool listen(struct trust *trust, uint32_t self, uint64_t *vector)
{
	struct line *line = &trust->line[self];
	uint64_t last = BATON_COMMAND_NOOP;
	uint32_t quiet = 0;

	store(&line->state, LISTENING);
	port_listening(trust, self);
	for (;;) {
		uint64_t request = __atomic_load_n(&trust->mailbox->request, __ATOMIC_ACQUIRE);
		uint32_t target;

		if (request != last)
			quiet = 0;
		last = request;
		target = find(trust, self, request);
		if (target == self) {
			if (take_command(trust, self, true, vector))
				return true;
			/* The command was withdrawn after the role was passed on. */
			if (load(&line->state) != LISTENING)
				return false;
		} else if (target != NOBODY && ring(trust, self, target, false)) {
			/* It looks for itself; look again, in case it was too early. */
		} else if (line->avoid && appoint(trust, self, false)) {
			store(&line->state, WAITING);
			return false;
		}
		port_listen(trust, self, quiet);
		quiet += quiet != UINT32_MAX;
	}
}

void protocol_arrive(struct trust *trust, uint32_t self)
{
	struct line *line = &trust->line[self];
	uint32_t state = load(&line->state);

	/* After a machine check it may wait already, and the listener be about to ring it. */
	if (state != WAITING && state < RINGING)
		store(&line->state, WAITING);
}

uint64_t protocol_hold(struct trust *trust, uint32_t self)
{
	struct line *line = &trust->line[self];
	uint64_t vector;

	protocol_arrive(trust, self);
	for (;;) {
		uint32_t state = load(&line->state);

		/* Whoever rings has more to do: it may be stalled between the two. */
		if (state >= RINGING) {
			port_relax();
			continue;
		}
		if (load(&trust->listener) == NOBODY)
			swap(&trust->listener, NOBODY, self);
		if (load(&trust->listener) == self) {
			/* Appointed between the two looks: not before the ring is complete. */
			if (load(&line->state) >= RINGING)
				continue;
			if (listen(trust, self, &vector))
				return vector;
		} else if (state == RUNG) {
			if (take_command(trust, self, false, &vector))
				return vector;
		} else {
			port_sleep(trust, self);
		}
	}
}

bool protocol_has_left(struct trust *trust, uint32_t self)
{
	struct line *line = &trust->line[self];
	uint64_t vector;

	/* On its way out by a broadcast, but not there yet. */
	if (load(&line->state) != AWAY)
		return false;
	if (mailbox_command(trust->mailbox, line->apic_id, &vector) == BATON_COMMAND_WAKEUP)
		return false;
	for (uint32_t i = 0; i < trust->ncpus; i++)
		if (load(&trust->line[i].state) != AWAY)
			return true;
	/* It may have been the listener, about to acknowledge. */
	mailbox_acknowledge(trust->mailbox, BATON_COMMAND_RELEASE_ALL, BATON_APIC_ID_ALL);
	return true;
}
