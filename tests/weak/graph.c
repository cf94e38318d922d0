/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "graph.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef uint64_t sc_set[SC_WORDS];

static void join(struct clock *into, const struct clock *more)
{
	for (unsigned i = 0; i < THREADS; i++)
		if (into->n[i] < more->n[i])
			into->n[i] = more->n[i];
}

static bool in_set(const uint64_t *set, unsigned i)
{
	return set[i / 64] >> i % 64 & 1;
}

static void add_to_set(uint64_t *set, unsigned i)
{
	set[i / 64] |= 1ull << i % 64;
}

static void join_sets(uint64_t *into, const uint64_t *more)
{
	for (unsigned i = 0; i < SC_WORDS; i++)
		into[i] |= more[i];
}

unsigned graph_rank(const struct graph *g, const struct event *e)
{
	if (e->kind == WRITE)
		return e->rank;
	return e->source == INITIAL ? 0 : g->event[e->source].rank;
}

unsigned graph_floor(const struct graph *g, unsigned thread, int location)
{
	unsigned floor = 0;

	for (unsigned i = 0; i < g->accesses[location]; i++) {
		const struct event *e = &g->event[g->access[location][i]];

		if (!e->merge && within(e, &g->clocks[thread].hb) && graph_rank(g, e) > floor)
			floor = graph_rank(g, e);
	}
	return floor;
}

struct event *graph_write_at(struct graph *g, int location, unsigned rank)
{
	for (unsigned i = 0; i < g->accesses[location]; i++) {
		struct event *e = &g->event[g->access[location][i]];

		if (e->kind == WRITE && e->rank == rank)
			return e;
	}
	return NULL;
}

unsigned graph_last(const struct graph *g, int location)
{
	unsigned last = 0;

	for (unsigned i = 0; i < g->accesses[location]; i++) {
		const struct event *e = &g->event[g->access[location][i]];

		if (e->kind == WRITE && e->rank > last)
			last = e->rank;
	}
	return last;
}

bool graph_may_follow(struct graph *g, int location, unsigned rank)
{
	const struct event *next = graph_write_at(g, location, rank + 1);

	return !next || !next->exclusive;
}

const struct event *graph_race(const struct graph *g, const struct event *e, bool data)
{
	for (unsigned i = 0; i < g->accesses[e->location]; i++) {
		const struct event *other = &g->event[g->access[e->location][i]];

		if (other != e && (other->kind == WRITE || e->kind == WRITE) &&
		    (data || other->plain || e->plain) && !within(other, &e->hb))
			return other;
	}
	return NULL;
}

/*
 * The order of SC events.  @e is new: nothing happens after it.  An edge goes from an SC access,
 * or from an SC fence that happens before one that is next in the order of its location, to
 * an SC access, or to a fence that happens after one.
 */

static bool precedes(const struct graph *g, const struct event *a, const struct event *b)
{
	return b->kind == WRITE && a != b && graph_rank(g, a) < b->rank;
}

/* @i, and what comes before it. */
static void add_with_past(const struct graph *g, uint64_t *set, unsigned i)
{
	if (in_set(set, i))
		return;
	join_sets(set, g->before[i]);
	add_to_set(set, i);
}

void graph_sc_before(const struct graph *g, const struct clock *hb, uint64_t *set)
{
	for (unsigned t = 0; t < THREADS; t++)
		for (unsigned i = g->sc_count[t]; i--;)
			if (g->event[g->sc_event[g->sc_of[t][i]]].index < hb->n[t]) {
				add_with_past(g, set, (unsigned)g->sc_of[t][i]);
				break; /* it comes after those before it */
			}
}

/* SC fences that happen before @e: the last one of each thread, and what comes before it. */
static void fences_before(const struct graph *g, const struct event *e, uint64_t *set)
{
	for (unsigned t = 0; t < THREADS && g->fences; t++)
		for (unsigned i = g->sc_count[t]; i--;) {
			const struct event *f = &g->event[g->sc_event[g->sc_of[t][i]]];

			if (f->kind != FENCE || f == e || !within(f, &e->hb))
				continue;
			add_with_past(g, set, (unsigned)f->sc);
			break;
		}
}

/* All that must come before an SC event @e at the end of the graph because of @a. */
static void sources(const struct graph *g, const struct event *a, uint64_t *set)
{
	if (a->sc >= 0)
		add_with_past(g, set, (unsigned)a->sc);
	fences_before(g, a, set);
}

/* What comes before @e by the order of its location, or of all that happens before a fence. */
static void incoming(const struct graph *g, const struct event *e, uint64_t *set)
{
	if (e->kind != FENCE) {
		for (unsigned i = 0; i < g->accesses[e->location]; i++) {
			const struct event *a = &g->event[g->access[e->location][i]];

			if (!a->plain && precedes(g, a, e))
				sources(g, a, set);
		}
		return;
	}
	for (unsigned location = 0; location < g->locations; location++) {
		unsigned seen = 0, written = 0;

		for (unsigned i = 0; i < g->accesses[location]; i++) {
			const struct event *b = &g->event[g->access[location][i]];

			if (!within(b, &e->hb) || b->merge)
				continue;
			if (graph_rank(g, b) > seen)
				seen = graph_rank(g, b);
			if (b->kind == WRITE && b->rank > written)
				written = b->rank;
		}
		for (unsigned i = 0; i < g->accesses[location]; i++) {
			const struct event *a = &g->event[g->access[location][i]];
			unsigned rank = graph_rank(g, a);

			if (a->plain || a->merge)
				continue;
			if (rank < seen || (a->kind == WRITE && rank == seen))
				fences_before(g, a, set);
			if (a->sc >= 0 && rank < written)
				add_with_past(g, set, (unsigned)a->sc);
		}
	}
}

/* What comes after @e, which is an SC access or follows a fence, by the order of its location. */
static void outgoing(const struct graph *g, const struct event *e, uint64_t *set)
{
	if (e->kind == FENCE)
		return;
	for (unsigned i = 0; i < g->accesses[e->location]; i++) {
		const struct event *b = &g->event[g->access[e->location][i]];

		if (b->plain || !precedes(g, e, b))
			continue;
		if (b->sc >= 0)
			add_to_set(set, (unsigned)b->sc);
		for (unsigned j = 0; j < g->sc_events && g->fences; j++) {
			const struct event *f = &g->event[g->sc_event[j]];

			if (f->kind == FENCE && within(b, &f->hb))
				add_to_set(set, j);
		}
	}
	/* Between fences, reads count as well: what a fence has seen by one. */
	for (unsigned i = 0; i < g->accesses[e->location] && g->fences; i++) {
		const struct event *b = &g->event[g->access[e->location][i]];

		if (b->plain || b->merge || b->kind != READ || graph_rank(g, b) <= graph_rank(g, e))
			continue;
		for (unsigned j = 0; j < g->sc_events; j++) {
			const struct event *f = &g->event[g->sc_event[j]];

			if (f->kind == FENCE && e->sc < 0 && within(b, &f->hb))
				add_to_set(set, j);
		}
	}
}

static bool order_sc(struct graph *g, struct event *e)
{
	sc_set before = {0}, after = {0}, from;
	bool self = !e->plain && e->order == __ATOMIC_SEQ_CST && !e->merge;

	if (e->plain || e->kind == CHOICE || (!self && !g->fences))
		return true;
	if (self) {
		if (g->sc_events == SC_EVENTS) {
			fprintf(stderr, "too many SC events: raise SC_EVENTS\n");
			exit(2);
		}
		graph_sc_before(g, &e->hb, before);
		incoming(g, e, before);
	} else {
		fences_before(g, e, before);
	}
	memcpy(from, before, sizeof(from));
	outgoing(g, e, after);
	if (self) {
		e->sc = (int16_t)g->sc_events;
		g->sc_event[g->sc_events] = (int16_t)(e - g->event);
		memcpy(g->before[g->sc_events], before, sizeof(before));
		g->sc_of[e->thread][g->sc_count[e->thread]++] = e->sc;
		g->sc_events++;
		g->fences += e->kind == FENCE;
		add_to_set(from, (unsigned)e->sc);
	}
	/* All of @from now comes before all of @after, and what is after that. */
	for (unsigned i = 0; i < g->sc_events; i++) {
		bool follows = in_set(after, i);

		for (unsigned w = 0; w < SC_WORDS && !follows; w++)
			follows = g->before[i][w] & after[w];
		if (!follows)
			continue;
		if (in_set(from, i))
			return false;
		join_sets(g->before[i], from);
	}
	return true;
}

static void derive_clocks(struct graph *g, struct event *e)
{
	struct thread_clocks *t = &g->clocks[e->thread];
	const struct event *source =
		e->kind == READ && e->source != INITIAL ? &g->event[e->source] : NULL;

	t->hb.n[e->thread] = t->all.n[e->thread] = (uint16_t)(e->index + 1);
	if (source) {
		join(&t->all, &source->all);
		if (!e->plain && !e->merge)
			join(acquires(e->order) ? &t->hb : &t->acquired, &source->message);
	}
	if (e->kind == FENCE && acquires(e->order))
		join(&t->hb, &t->acquired);
	if (e->kind == FENCE && releases(e->order))
		t->released = t->hb;
	if (e->kind == WRITE && !e->plain) {
		e->message = releases(e->order) ? t->hb : t->released;
		if (e->exclusive) {
			const struct event *read = &g->event[g->of[e->thread][e->index - 1]];

			if (read->source != INITIAL)
				join(&e->message, &g->event[read->source].message);
		}
	}
	e->hb = t->hb;
	e->all = t->all;
}

/* Derive what belongs to @e, which is in its array already. */
static bool derive(struct graph *g, struct event *e)
{
	e->sc = -1;
	g->of[e->thread][g->count[e->thread]++] = (int16_t)(e - g->event);
	memset(&e->message, 0, sizeof(e->message));
	derive_clocks(g, e);
	if (e->location >= 0) {
		if (g->accesses[e->location] == EVENTS / 2) {
			fprintf(stderr, "too many accesses to one location: raise EVENTS\n");
			exit(2);
		}
		g->access[e->location][g->accesses[e->location]++] = (int16_t)(e - g->event);
		if ((unsigned)e->location >= g->locations)
			g->locations = (unsigned)e->location + 1;
	}
	return order_sc(g, e);
}

bool graph_add(struct graph *g, const struct event *e)
{
	struct event *new = &g->event[g->events];

	if (g->events == EVENTS) {
		fprintf(stderr, "too many events: raise EVENTS\n");
		exit(2);
	}
	if (e->kind == WRITE)
		for (unsigned i = 0; i < g->accesses[e->location]; i++) {
			struct event *other = &g->event[g->access[e->location][i]];

			if (other->kind == WRITE && other->rank >= e->rank)
				other->rank++;
		}
	*new = *e;
	new->stamp = ++g->stamp;
	g->events++;
	return derive(g, new);
}

bool graph_derive(struct graph *g)
{
	static int16_t list[THREADS][EVENTS];
	static bool done[EVENTS];
	unsigned count[THREADS] = {0}, next[THREADS] = {0}, left = g->events;

	memset(g->count, 0, sizeof(g->count));
	memset(g->clocks, 0, sizeof(g->clocks));
	memset(g->accesses, 0, sizeof(g->accesses));
	g->locations = 0;
	memset(g->before, 0, sizeof(g->before[0]) * g->sc_events);
	memset(g->sc_count, 0, sizeof(g->sc_count));
	g->sc_events = g->fences = 0;
	for (unsigned i = 0; i < g->events; i++) {
		struct event *e = &g->event[i];

		list[e->thread][e->index] = (int16_t)i;
		count[e->thread]++;
		done[i] = false;
	}
	while (left) {
		unsigned before = left;

		for (unsigned t = 0; t < THREADS; t++)
			while (next[t] < count[t]) {
				struct event *e = &g->event[list[t][next[t]]];

				if (e->kind == READ && e->source != INITIAL && !done[e->source])
					break;
				if (!derive(g, e))
					return false;
				done[e - g->event] = true;
				next[t]++;
				left--;
			}
		if (left == before)
			return false; /* a cycle of program order and reads-from */
	}
	return true;
}

bool graph_restrict(struct graph *g, const bool *keep)
{
	static int16_t to[EVENTS];
	unsigned kept = 0;

	for (unsigned i = 0; i < g->events; i++)
		if (keep[i]) {
			to[i] = (int16_t)kept;
			if (kept != i)
				g->event[kept] = g->event[i];
			kept++;
		}
	g->events = kept;
	g->locations = 0;
	for (unsigned i = 0; i < kept; i++)
		if (g->event[i].location >= (int)g->locations)
			g->locations = (unsigned)g->event[i].location + 1;
	for (unsigned i = 0; i < kept; i++)
		if (g->event[i].kind == READ && g->event[i].source != INITIAL)
			g->event[i].source = to[g->event[i].source];
	/* The modification orders have gaps now. */
	for (int location = 0; location < (int)g->locations; location++) {
		unsigned rank = 0;

		for (;;) {
			struct event *next = NULL;

			for (unsigned i = 0; i < kept; i++) {
				struct event *e = &g->event[i];

				if (e->kind == WRITE && e->location == location && e->rank > rank &&
				    (!next || e->rank < next->rank))
					next = e;
			}
			if (!next)
				break;
			next->rank = (uint16_t)++rank;
		}
	}
	return graph_derive(g);
}
