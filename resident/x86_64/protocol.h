/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The protocol among held CPUs: how they share one mailbox without all of
 * them watching it.  Exactly one, the listener, looks at the mailbox; every
 * other sleeps on a line of its own until the listener wakes it, and then looks
 * for itself.  A CPU acts on a command only if it finds it in the mailbox
 * itself and its acknowledgement succeeds: waking too often is harmless, so
 * the listener may be stalled at any instruction.
 *
 * Plain C without privileged instructions: the same code runs on held CPUs, on
 * the host with threads for CPUs, and stands behind the model in tests/model.
 */
#ifndef RESIDENT_X86_64_PROTOCOL_H
#define RESIDENT_X86_64_PROTOCOL_H

#include "area/x86_64/shared.h"

/*
 * The calling CPU, number @self, has arrived: a broadcast waits for it from now
 * on.  Call this before the CPU reports that it is held, then protocol_hold().
 */
void protocol_arrive(struct shared *shared, uint32_t self);

/*
 * Hold the calling CPU, number @self, until it is released: from its arrival to
 * the acknowledged wakeup, or to a broadcast, whose vector is returned.  By then
 * the CPU is LINE_AWAY, and the role of the listener is with another, if there is one.
 */
uint64_t protocol_hold(struct shared *shared, uint32_t self);

/*
 * Recover the calling CPU, which has lost its place in a machine check that can't
 * be returned from: complete the wakes that it had begun.  It may have been at any
 * instruction between the call of protocol_arrive() and its last access to anything
 * shared.  Call this before protocol_hold() again.
 */
void protocol_recover(struct shared *shared, uint32_t self);

/*
 * Likewise, for a CPU that has recorded its release, in protocol_port_releasing(): true if
 * it has left, and has only to go to its vector.  False if it is held, and the release
 * must be taken back.  If no other CPU can, this acknowledges a broadcast.
 */
bool protocol_has_left(struct shared *shared, uint32_t self);

/*
 * What differs between a held CPU and a thread of a host test, with shared_wake();
 * resolved at link time.  All are called on the CPU @self.
 */

/* Sleep until line[self].state may be something else than LINE_WAITING, or until
 * there may be no listener; returning early is always right. */
void protocol_port_sleep(struct shared *shared, uint32_t self);

/* The CPU has become the listener. */
void protocol_port_listening(struct shared *shared, uint32_t self);

/*
 * The listener's wait until it looks at the mailbox again.  @quiet counts the
 * looks since the mailbox was last busy.
 */
void protocol_port_listen(struct shared *shared, uint32_t self, uint32_t quiet);

/* Between two looks at a line that another CPU is about to write. */
void protocol_port_relax(void);

/* Whether the CPU could go to @vector at all. */
bool protocol_port_reachable(struct shared *shared, uint32_t self, uint64_t vector);

/*
 * The CPU is about to leave for @vector; a kernel that sees the acknowledgement must
 * see what this does.  protocol_port_kept(): the release was withdrawn, the CPU stays.
 */
void protocol_port_releasing(struct shared *shared, uint32_t self, uint64_t vector);
void protocol_port_kept(struct shared *shared, uint32_t self);

/* Likewise for a TEST. */
void protocol_port_testing(struct shared *shared, uint32_t self);
void protocol_port_not_tested(struct shared *shared, uint32_t self);

#endif /* RESIDENT_X86_64_PROTOCOL_H */
