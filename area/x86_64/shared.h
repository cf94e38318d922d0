/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * What the held CPUs of an area share: one line per CPU, and which CPU is the
 * listener.  The stage writes it into the area, the resident's protocol
 * (resident/x86_64/protocol.h) works on it, and the stage reads it again when it
 * adopts the area.  Plain C without privileged instructions.
 */
#ifndef AREA_X86_64_SHARED_H
#define AREA_X86_64_SHARED_H

#include <baton/mailbox.h>
#include <stdbool.h>
#include <stdint.h>

/* Where struct shared lies in the area: behind struct baton_area. */
#define AREA_SHARED 128

/*
 * The interrupts that held CPUs use among themselves, of the highest priority
 * class: all others stay latched while a CPU is held.
 */
#define VECTOR_WAKE 0xf0
#define VECTOR_TIMER 0xf1

/* An index of no line. */
#define LINE_NONE UINT32_MAX

/*
 * Where a CPU is in the protocol: the value of line.state.
 *
 *	AWAY -> WAITING			the CPU itself: it arrives
 *	WAITING -> WAKING -> WOKEN	the listener, and no other CPU; it adds its
 *					number to WAKING
 *	WOKEN -> WAITING		the CPU itself: it has looked
 *	WAITING, WOKEN -> LISTENING	the CPU itself, once the role is its own
 *	WOKEN, LISTENING -> AWAY	the CPU itself: it is about to acknowledge a
 *					wakeup, or leaves by a broadcast
 *	AWAY -> WAITING			... in vain: the command was withdrawn
 *	any but WAKING -> AWAY		who removes it: it is lost
 *	WAKING -> WAKING + LOST		likewise, while another CPU wakes it
 *	WAKING + LOST -> AWAY		the CPU that wakes it: it takes back the role
 *
 * A CPU that is WAKING stays until it is WOKEN: so no interrupt is ever under way
 * to a CPU that has left, however long the listener is stalled.  One that is LOST
 * does not arrive again before it is AWAY, for the same reason.
 */
enum line_state { LINE_AWAY, LINE_WAITING, LINE_WOKEN, LINE_LISTENING, LINE_WAKING };

/* Added to LINE_WAKING and its number. */
#define LINE_LOST 0x80000000u

/* One per CPU, on a cache line of its own; a sleeping CPU watches state. */
struct line {
	uint32_t state; /* enum line_state; to LINE_WAKING the waking CPU's number is added */
	uint32_t apic_id;
	uint32_t avoid; /* not to be the listener if another can: a sibling of the boot CPU */
	uint32_t wakes; /* how often it was woken, modulo 2^32 */
	uint8_t pad[48];
} __attribute__((aligned(64)));

_Static_assert(sizeof(struct line) == 64, "a cache line");

struct shared {
	volatile struct baton_mailbox *mailbox;
	struct line *line; /* of ncpus */
	uint32_t ncpus;
	uint8_t pad[44];
	uint32_t listener; /* an index into line, or LINE_NONE; on a cache line of its own */
	uint8_t pad2[60];
} __attribute__((aligned(64)));

_Static_assert(sizeof(struct shared) == 128, "two cache lines");

/*
 * Access to line.state and shared.listener.  All of these are sequentially
 * consistent: the proof that the role is never lost (pass_on() against
 * protocol_hold()) needs that.  A CPU that has stored that it waits, and then sees
 * a listener, is seen by that listener when it leaves.
 */
static inline uint32_t shared_load(const uint32_t *word)
{
	return __atomic_load_n(word, __ATOMIC_SEQ_CST);
}

static inline void shared_store(uint32_t *word, uint32_t value)
{
	__atomic_store_n(word, value, __ATOMIC_SEQ_CST);
}

static inline bool shared_swap(uint32_t *word, uint32_t from, uint32_t to)
{
	return __atomic_compare_exchange_n(word, &from, to, false, __ATOMIC_SEQ_CST,
					   __ATOMIC_SEQ_CST);
}

/*
 * The sleep of @target, LINE_WAKING by @waker, has been ended: make it LINE_WOKEN.
 * False if it has been removed meanwhile: it is LINE_AWAY, and if @waker had given it
 * the role of the listener, @waker has that again.
 */
bool shared_woken(struct shared *shared, uint32_t waker, uint32_t target);

/*
 * Complete every wake that the CPU @waker has begun: nobody else makes a state
 * that names it another.  Called on the CPU @self.
 */
void shared_complete_wakes(struct shared *shared, uint32_t self, uint32_t waker);

/*
 * Remove the CPU @lost, which does not act any more, unless it arrives again: make the
 * others independent of it.  If it was the listener, they look for a new one.  If another
 * CPU is just waking it, that one is not waited for: it finds out when it has done so.
 * May be repeated.  Called on the CPU @self.
 */
void shared_remove(struct shared *shared, uint32_t self, uint32_t lost);

/*
 * End the sleep of the CPU @target, whose state is LINE_WAKING; done when this
 * returns.  Called on the CPU @self.  The resident, the stage and the host tests
 * each have their own.
 */
void shared_wake(struct shared *shared, uint32_t self, uint32_t target);

#endif /* AREA_X86_64_SHARED_H */
