/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * An execution as the C11 memory model has it: a graph of events.  Each event is an access, a
 * fence or a choice of one thread.  A read has the write that it reads from; the writes of one
 * location have an order (the modification order).  A graph is consistent if
 *
 *	coherence	no access contradicts what happens before it (C11, 5.1.2.4)
 *	atomicity	nothing comes between the read and the write of one exchange
 *	SC		there is one order of all sequentially consistent events that agrees
 *			with happens-before, modification order and reads-before; fences
 *			as in RC11 (psc; Lahav et al., PLDI 2017)
 *	no thin air	program order and reads-from together have no cycle (RC11)
 *
 * Release sequences go on by exchanges alone, as in C++20: a later plain store of the same
 * thread does not continue one.
 */
#ifndef TESTS_WEAK_GRAPH_H
#define TESTS_WEAK_GRAPH_H

#include <stdbool.h>
#include <stdint.h>

#define THREADS 5
#define EVENTS 640    /* of one execution */
#define LOCATIONS 96  /* of one scenario */
#define SC_EVENTS 320 /* sequentially consistent ones, of one execution */
#define SC_WORDS (SC_EVENTS / 64)
#define INITIAL (-1) /* the source of a read that sees what setup() has left */

/* For each thread, how many of its first events. */
struct clock {
	uint16_t n[THREADS];
};

enum kind { READ, WRITE, FENCE, CHOICE };

struct event {
	uint8_t thread, kind;
	uint8_t order;	 /* __ATOMIC_...; of an exchange's read that fails, its second one */
	bool plain;	 /* no atomic access */
	bool exclusive;	 /* the read or the write of an exchange */
	bool merge;	 /* of a store to a part of the location: the thread has not looked */
	bool compare;	 /* a compare-and-exchange: exclusive only if @expected is there */
	uint8_t success; /* its order then */
	uint8_t failure;
	int16_t location;
	int16_t source; /* of a read: the event, or INITIAL */
	uint16_t index; /* in its thread */
	uint16_t rank;	/* of a write: its place in the modification order, from 1 on */
	uint32_t stamp; /* when it was added */
	uint64_t value; /* of the whole location, after a write; of a choice */
	uint64_t mask, expected;

	/* Derived from the above. */
	int16_t sc;	      /* its number among the SC events, or -1 */
	struct clock hb;      /* what happens before it, and itself */
	struct clock all;     /* likewise, by program order and reads-from */
	struct clock message; /* of a write: what it passes on to a reader that acquires */
};

/* What each thread has gathered by its last event. */
struct thread_clocks {
	struct clock hb, all;
	struct clock acquired; /* what a fence that acquires would add */
	struct clock released; /* what a relaxed store passes on, by the last fence that releases */
};

struct graph {
	unsigned events;
	struct event event[EVENTS];
	uint32_t stamp;

	/* Derived. */
	unsigned count[THREADS];
	int16_t of[THREADS][EVENTS];
	struct thread_clocks clocks[THREADS];
	unsigned locations; /* that are accessed */
	unsigned accesses[LOCATIONS];
	int16_t access[LOCATIONS][EVENTS / 2];
	unsigned sc_events, fences;
	int16_t sc_event[SC_EVENTS];
	unsigned sc_count[THREADS];
	int16_t sc_of[THREADS][SC_EVENTS];
	uint64_t before[SC_EVENTS][SC_WORDS]; /* in the order of SC events, transitively */
};

static inline bool acquires(unsigned order)
{
	return order == __ATOMIC_ACQUIRE || order == __ATOMIC_ACQ_REL ||
	       order == __ATOMIC_SEQ_CST || order == __ATOMIC_CONSUME;
}

static inline bool releases(unsigned order)
{
	return order == __ATOMIC_RELEASE || order == __ATOMIC_ACQ_REL || order == __ATOMIC_SEQ_CST;
}

/* Whether @e is among what @clock has. */
static inline bool within(const struct event *e, const struct clock *clock)
{
	return e->index < clock->n[e->thread];
}

/* The place in the modification order of what @e reads or writes; 0: the initial value. */
unsigned graph_rank(const struct graph *g, const struct event *e);

/* The lowest place that thread @thread may still read from @location. */
unsigned graph_floor(const struct graph *g, unsigned thread, int location);

/* The write at place @rank of @location, or NULL: the initial value. */
struct event *graph_write_at(struct graph *g, int location, unsigned rank);

/* The last place of @location. */
unsigned graph_last(const struct graph *g, int location);

/*
 * Whether a write that is not the exchange of what is at @rank may come next after that:
 * not between the halves of an exchange.
 */
bool graph_may_follow(struct graph *g, int location, unsigned rank);

/* The SC events that must come before one that @hb happens before: a set of SC_WORDS. */
void graph_sc_before(const struct graph *g, const struct clock *hb, uint64_t *set);

/*
 * Append @e, whose first part is filled in, and which nothing else depends on.  A write has a
 * rank; those from there on move up.  False: the graph is not consistent any more.
 */
bool graph_add(struct graph *g, const struct event *e);

/* Keep those events alone for which keep[] is true, and derive anew; false: not consistent. */
bool graph_restrict(struct graph *g, const bool *keep);

/* Derive all, by the first parts of the events; false: not consistent. */
bool graph_derive(struct graph *g);

/* An access that races with @e, one of which is not atomic (or all, with @data); or NULL. */
const struct event *graph_race(const struct graph *g, const struct event *e, bool data);

#endif /* TESTS_WEAK_GRAPH_H */
