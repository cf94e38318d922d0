/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "protocol.h"
#include "mailbox.h"

/*
 * Wake the CPU @target if it waits.  Only the listener does this.  With @role
 * it becomes the listener, before it can know that it was woken.  False if it was
 * not woken: then the role stays.
 */
static bool wake(struct shared *shared, uint32_t self, uint32_t target, bool role)
{
	struct line *line = &shared->line[target];

	if (!shared_swap(&line->state, LINE_WAITING, LINE_WAKING + self))
		return false;
	line->wakes++;
	if (role)
		shared_store(&shared->listener, target);
	shared_wake(shared, self, target);
	return shared_woken(shared, self, target);
}

void protocol_recover(struct shared *shared, uint32_t self)
{
	shared_complete_wakes(shared, self, self);
}

/* Wake one of those that wait, and may or may not be avoided, for the role. */
static bool appoint(struct shared *shared, uint32_t self, bool avoided)
{
	for (uint32_t i = 0; i < shared->ncpus; i++)
		if (i != self && !!shared->line[i].avoid == avoided && wake(shared, self, i, true))
			return true;
	return false;
}

static bool anyone_waits(struct shared *shared)
{
	for (uint32_t i = 0; i < shared->ncpus; i++)
		if (shared_load(&shared->line[i].state) == LINE_WAITING)
			return true;
	return false;
}

/*
 * The listener gives up its role, since it leaves: to a CPU that waits, or to
 * nobody if none does.  One that begins to wait just then either sees that
 * there is no listener, or is seen here.
 */
static void pass_on(struct shared *shared, uint32_t self)
{
	do {
		if (appoint(shared, self, false) || appoint(shared, self, true))
			return;
		shared_store(&shared->listener, LINE_NONE);
	} while (anyone_waits(shared) && shared_swap(&shared->listener, LINE_NONE, self));
}

/* Wake every other CPU that waits; true if there is none to wait for, all are LINE_AWAY. */
static bool wake_all(struct shared *shared, uint32_t self)
{
	bool alone = true;

	for (uint32_t i = 0; i < shared->ncpus; i++) {
		if (i == self)
			continue;
		wake(shared, self, i, false);
		alone &= shared_load(&shared->line[i].state) == LINE_AWAY;
	}
	return alone;
}

/*
 * Whether it is the CPU's turn to leave by a broadcast: the listener's when all
 * others have left, since it acknowledges; that of the others while there is a
 * listener to do so.  It may have left by an earlier command, and nobody have
 * been LINE_WAITING to take the role.
 */
static bool has_turn(struct shared *shared, uint32_t self, bool listening)
{
	return listening ? wake_all(shared, self) : shared_load(&shared->listener) != LINE_NONE;
}

/*
 * Leave by a broadcast.  The CPU has left when it is LINE_AWAY, which for all but the
 * listener is the last access to anything shared.  The listener comes last, and
 * acknowledges for all.  If the command does not stand any more, that changes
 * nothing: the others can't be called back.
 */
static void leave_with_all(struct shared *shared, uint32_t self, bool listening, uint64_t vector)
{
	if (listening)
		pass_on(shared, self);
	protocol_port_releasing(shared, self, vector);
	shared_store(&shared->line[self].state, LINE_AWAY);
	if (listening)
		mailbox_acknowledge(shared->mailbox, BATON_COMMAND_RELEASE_ALL, BATON_APIC_ID_ALL);
}

/*
 * Look for a command for the CPU itself and take it.  True, with *@vector set,
 * if it was a wakeup: the CPU is LINE_AWAY, and has acknowledged.
 * @listening: the CPU is the listener; if it leaves, it first gives up the role.
 * On false its state is LINE_WAITING, or still LINE_LISTENING if it still is the listener.
 */
static bool take_command(struct shared *shared, uint32_t self, bool listening, uint64_t *vector)
{
	struct line *line = &shared->line[self];

	switch (mailbox_command(shared->mailbox, line->apic_id, vector)) {
	case BATON_COMMAND_TEST:
		protocol_port_testing(shared, self);
		if (!mailbox_acknowledge(shared->mailbox, BATON_COMMAND_TEST, line->apic_id))
			protocol_port_not_tested(shared, self);
		break;
	case BATON_COMMAND_WAKEUP:
		if (!protocol_port_reachable(shared, self, *vector))
			break;
		shared_store(&line->state, LINE_AWAY);
		if (listening)
			pass_on(shared, self);
		listening = false;
		protocol_port_releasing(shared, self, *vector);
		/* The last access to anything shared: see mailbox_acknowledge(). */
		if (mailbox_acknowledge(shared->mailbox, BATON_COMMAND_WAKEUP, line->apic_id))
			return true;
		protocol_port_kept(shared, self);
		break;
	case BATON_COMMAND_RELEASE_ALL:
		if (!protocol_port_reachable(shared, self, *vector) ||
		    !has_turn(shared, self, listening))
			break;
		leave_with_all(shared, self, listening, *vector);
		return true;
	}
	if (!listening)
		shared_store(&line->state, LINE_WAITING);
	return false;
}

/* The number of the CPU that is to look at @request, or LINE_NONE.  The listener sees to all. */
static uint32_t find(const struct shared *shared, uint32_t self, uint64_t request)
{
	uint32_t apic_id = request >> 32;

	if ((uint16_t)request == BATON_COMMAND_NOOP)
		return LINE_NONE;
	if (apic_id == BATON_APIC_ID_ALL)
		return self;
	for (uint32_t i = 0; i < shared->ncpus; i++)
		if (shared->line[i].apic_id == apic_id)
			return i;
	return LINE_NONE;
}

/*
 * Watch the mailbox for all; the CPU is LINE_LISTENING.  True, with *@vector set, if the listener
 * itself is released; false when it has given up the role and goes on waiting.
 */
static bool listen(struct shared *shared, uint32_t self, uint64_t *vector)
{
	struct line *line = &shared->line[self];
	uint64_t last = BATON_COMMAND_NOOP;
	uint32_t quiet = 0;

	protocol_port_listening(shared, self);
	for (;;) {
		/* Relaxed: the CPU that it is for looks for itself, by mailbox_command(). */
		uint64_t request = __atomic_load_n(&shared->mailbox->request, __ATOMIC_RELAXED);
		uint32_t target;

		if (request != last)
			quiet = 0;
		last = request;
		target = find(shared, self, request);
		if (target == self) {
			if (take_command(shared, self, true, vector))
				return true;
			/* The command was withdrawn after the role was passed on. */
			if (shared_load(&line->state) != LINE_LISTENING)
				return false;
		} else if (target != LINE_NONE && wake(shared, self, target, false)) {
			/* It looks for itself; look again, in case it was too early. */
		} else if (line->avoid && appoint(shared, self, false)) {
			shared_store(&line->state, LINE_WAITING);
			return false;
		}
		protocol_port_listen(shared, self, quiet);
		quiet += quiet != UINT32_MAX;
	}
}

void protocol_arrive(struct shared *shared, uint32_t self)
{
	struct line *line = &shared->line[self];
	uint32_t state;

	/* It was removed, and the CPU that was waking it then does not know yet. */
	while ((state = shared_load(&line->state)) >= LINE_LOST)
		protocol_port_relax();
	/* After a machine check it may wait already, and the listener be about to wake it. */
	if (state != LINE_WAITING && state < LINE_WAKING)
		shared_store(&line->state, LINE_WAITING);
}

uint64_t protocol_hold(struct shared *shared, uint32_t self)
{
	struct line *line = &shared->line[self];
	uint64_t vector;

	protocol_arrive(shared, self);
	for (;;) {
		uint32_t state = shared_load(&line->state);

		/* The CPU that wakes it has more to do: that may be stalled between the two. */
		if (state >= LINE_WAKING) {
			protocol_port_relax();
			continue;
		}
		if (shared_load(&shared->listener) == LINE_NONE)
			shared_swap(&shared->listener, LINE_NONE, self);
		if (shared_load(&shared->listener) == self) {
			/* Perhaps it is being woken by now: not before that is complete. */
			if (!shared_swap(&line->state, state, LINE_LISTENING))
				continue;
			if (listen(shared, self, &vector))
				return vector;
		} else if (state == LINE_WOKEN) {
			if (take_command(shared, self, false, &vector))
				return vector;
		} else {
			protocol_port_sleep(shared, self);
		}
	}
}

bool protocol_has_left(struct shared *shared, uint32_t self)
{
	struct line *line = &shared->line[self];
	uint64_t vector;

	/* On its way out by a broadcast, but not there yet. */
	if (shared_load(&line->state) != LINE_AWAY)
		return false;
	if (mailbox_command(shared->mailbox, line->apic_id, &vector) == BATON_COMMAND_WAKEUP)
		return false;
	for (uint32_t i = 0; i < shared->ncpus; i++)
		if (shared_load(&shared->line[i].state) != LINE_AWAY)
			return true;
	/* It may have been the listener, about to acknowledge. */
	mailbox_acknowledge(shared->mailbox, BATON_COMMAND_RELEASE_ALL, BATON_APIC_ID_ALL);
	return true;
}
