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
	}
	if (!listening)
		store(&line->state, WAITING);
	return false;
}

/* The number of the CPU with @apic_id, or NOBODY. */
static uint32_t find(const struct trust *trust, uint32_t apic_id)
{
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
		target = (uint16_t)request == BATON_COMMAND_NOOP ? NOBODY
								 : find(trust, request >> 32);
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

uint64_t protocol_hold(struct trust *trust, uint32_t self)
{
	struct line *line = &trust->line[self];
	uint32_t state = load(&line->state);
	uint64_t vector;

	/* After a machine check it may wait already, and the listener be about to ring it. */
	if (state != WAITING && state < RINGING)
		store(&line->state, WAITING);
	for (;;) {
		state = load(&line->state);

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
