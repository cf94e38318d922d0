/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The protocol among held CPUs: how they share one mailbox without all of
 * them watching it.  Exactly one, the listener, looks at the mailbox; every
 * other sleeps on a line of its own until the listener rings it, and then looks
 * for itself.  A CPU acts on a command only if it finds it in the mailbox
 * itself and its acknowledgement succeeds: ringing too often is harmless, so
 * the listener may be stalled at any instruction.
 *
 * Plain C without privileged instructions: the same code runs on held CPUs, on
 * the host with threads for CPUs, and stands behind the model in tests/model.
 */
#ifndef RESIDENT_X86_64_PROTOCOL_H
#define RESIDENT_X86_64_PROTOCOL_H

#include <baton/mailbox.h>
#include <stdbool.h>
#include <stdint.h>

#define NOBODY UINT32_MAX

/*
 * Where a CPU is in the protocol: the value of line.state.
 *
 *	AWAY -> WAITING			the CPU itself: it arrives
 *	WAITING -> RINGING -> RUNG	the listener, and nobody else; it adds its
 *					number to RINGING
 *	RUNG -> WAITING			the CPU itself: it has looked
 *	WAITING, RUNG -> LISTENING	the CPU itself, once the role is its own
 *	RUNG, LISTENING -> AWAY		the CPU itself: it is about to acknowledge a
 *					wakeup, or leaves by a broadcast
 *	AWAY -> WAITING			... in vain: the command was withdrawn
 *
 * A CPU that is RINGING stays until it is RUNG: so no ring is ever under way
 * to a CPU that has left, however long the listener is stalled.
 */
enum line_state { AWAY, WAITING, RUNG, LISTENING, RINGING };

/* One per CPU, on a cache line of its own; a sleeping CPU watches state. */
struct line {
	uint32_t state; /* enum line_state, or RINGING plus the number of who rings */
	uint32_t apic_id;
	uint32_t avoid; /* not to be the listener if another can: a sibling of the boot CPU */
	uint32_t rings; /* how often it was rung, modulo 2^32 */
	uint8_t pad[48];
} __attribute__((aligned(64)));

_Static_assert(sizeof(struct line) == 64, "a cache line");

struct trust {
	volatile struct baton_mailbox *mailbox;
	struct line *line; /* of ncpus */
	uint32_t ncpus;
	uint8_t pad[44];
	uint32_t listener; /* an index into line, or NOBODY; on a cache line of its own */
	uint8_t pad2[60];
} __attribute__((aligned(64)));

_Static_assert(sizeof(struct trust) == 128, "two cache lines");

/*
 * The calling CPU, number @self, has arrived: a broadcast waits for it from now
 * on.  Before it says to anybody that it is held; then protocol_hold().
 */
void protocol_arrive(struct trust *trust, uint32_t self);

/*
 * Hold the calling CPU, number @self, until it is released: from its arrival to
 * the acknowledged wakeup, or to a broadcast, whose vector is returned.  By then
 * the CPU is AWAY, and the role of the listener is with another, if there is one.
 */
uint64_t protocol_hold(struct trust *trust, uint32_t self);

/*
 * Finish what the calling CPU was in the middle of when it lost its place, in a
 * machine check that can't be returned from, at any instruction between the call
 * of protocol_arrive() and its last access to anything shared; before
 * protocol_hold() again.
 */
void protocol_mend(struct trust *trust, uint32_t self);

/*
 * Likewise, for a CPU that has recorded its release, in port_releasing(): true if
 * it has left, and has only to go to its vector; false if it is held, and the
 * release to be taken back.  If nobody else can, this acknowledges a broadcast.
 */
bool protocol_has_left(struct trust *trust, uint32_t self);

/*
 * The CPU @dead will never act again: make the others independent of it, and if
 * it was the listener, have them find a new one.  In bury.c.
 */
void protocol_bury(struct trust *trust, uint32_t self, uint32_t dead);

/*
 * What differs between a held CPU and a thread of a host test; resolved at
 * link time.  All are called on the CPU @self.
 */

/* Sleep until line[self].state may be something else than WAITING, or until
 * there may be no listener; returning early is always right. */
void port_sleep(struct trust *trust, uint32_t self);

/* End port_sleep() on the CPU @target, whose state is RINGING; done when this returns. */
void port_ring(struct trust *trust, uint32_t self, uint32_t target);

/* The CPU has become the listener. */
void port_listening(struct trust *trust, uint32_t self);

/*
 * The listener's wait until it looks at the mailbox again.  @quiet counts the
 * looks since the mailbox was last busy.
 */
void port_listen(struct trust *trust, uint32_t self, uint32_t quiet);

/* Between two looks at a line that another CPU is about to write. */
void port_relax(void);

/* Whether the CPU could go to @vector at all. */
bool port_reachable(struct trust *trust, uint32_t self, uint64_t vector);

/*
 * The CPU is about to leave for @vector, and whoever sees the acknowledgement is
 * to see what this does; or that was in vain, and it stays.
 */
void port_releasing(struct trust *trust, uint32_t self, uint64_t vector);
void port_kept(struct trust *trust, uint32_t self);

/* Likewise for a TEST. */
void port_testing(struct trust *trust, uint32_t self);
void port_not_tested(struct trust *trust, uint32_t self);

#endif /* RESIDENT_X86_64_PROTOCOL_H */
