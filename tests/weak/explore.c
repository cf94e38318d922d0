/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The search.  It grows one graph of events at a time (graph.h): the first thread that can go
 * on runs until it ends or waits, then the next.  A read may read from several writes, a
 * write have several places in the modification order: one is tried at once, a copy of the
 * graph is kept for each other one.  A write may also be what an earlier read of another
 * thread reads: a copy is kept in which the read does so, without what came after the
 * read and does not lead to the write.  Which reads are changed is the rule of TruSt
 * (Kokologiannakis et al., POPL 2022), by which each execution is found once.
 *
 * To go on with a copy, the threads run from their beginning, and get the values that the graph
 * has.  So nothing of their state is kept but the graph.
 *
 * A round of a waiting loop that has changed nothing leaves no trace: the thread stops there,
 * and the execution in which it looked once, later, is another graph.  If all that it has looked
 * at in that round is the latest, it waits for ever.
 *
 * If there are too many executions, others are tried at random, with fixed seeds: threads are
 * interleaved, half of the times by random priorities that change at random places.
 */
#include "explore.h"
#include "graph.h"
#include "weak.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <ucontext.h>

#define DEFAULT_LIMIT 400000
#define RANDOM_RUNS 5000
#define RANDOM_EVENTS (EVENTS - 100) /* a random execution is cut off there */
#define STACK_SIZE 65536
#define NOBODY THREADS

enum status { READY, WAITING, ENDED };

struct location {
	uintptr_t address;
	unsigned size;
	uint64_t initial;
	bool data;
	bool written; /* in any execution so far */
	const char *name;
	unsigned offset;
};

struct thread {
	enum status status;
	unsigned next;	      /* event */
	unsigned round;	      /* the first event of this round of a loop */
	int for_location;     /* or -1: all of this round */
	struct event *stored; /* not atomic: its value is not known yet */
	unsigned priority;
	sigjmp_buf top, at;
	uint8_t *stack;
	ucontext_t context;
};

struct saved {
	struct saved *below;
	unsigned events;
	uint32_t stamp;
	struct event event[];
};

static struct graph graph, scratch;
static struct location location[LOCATIONS];
static unsigned locations;
static struct thread thread[THREADS];
static unsigned running = NOBODY;
static sigjmp_buf scheduler;
static const struct weak_test *test;
static struct saved *stack;
static char failure[512];
static bool given_up; /* this execution */
static bool restart;  /* a location that was taken for constant is not */
static bool at_random;
static uint64_t seed, reached;
static unsigned executions, blocked, inconsistent;

/* Names for a report. */

static struct {
	uintptr_t address;
	size_t size;
	const char *name;
} name[64];
static unsigned names;

void weak_name(const volatile void *object, size_t size, const char *text)
{
	for (unsigned i = 0; i < names; i++)
		if (name[i].address == (uintptr_t)object)
			return;
	if (names < sizeof(name) / sizeof(*name)) {
		name[names].address = (uintptr_t)object;
		name[names].size = size;
		name[names++].name = text;
	}
}

static const char *order_name(unsigned order)
{
	static const char *const text[] = {"relaxed", "consume", "acquire",
					   "release", "acq_rel", "seq_cst"};

	return text[order];
}

static void print_event(const struct graph *g, const struct event *e)
{
	const char *kinds[] = {"read", "write", "fence", "choice"};
	const struct location *l = &location[e->location >= 0 ? e->location : 0];
	char what[64] = "";

	if (e->location >= 0) {
		snprintf(what, sizeof(what), "%#lx", (unsigned long)l->address);
		for (unsigned i = 0; i < names; i++)
			if (l->address - name[i].address < name[i].size)
				snprintf(what, sizeof(what), "%s+%u", name[i].name,
					 (unsigned)(l->address - name[i].address));
	}
	printf("# %3u  thread %u  %-6s %-8s %-20s %#lx", e->stamp, e->thread, kinds[e->kind],
	       e->plain		   ? "plain"
	       : e->kind == CHOICE ? ""
				   : order_name(e->order),
	       what, (unsigned long)e->value);
	if (e->kind == READ && e->source == INITIAL)
		printf("  of the beginning");
	else if (e->kind == READ)
		printf("  of %u", g->event[e->source].stamp);
	else if (e->kind == WRITE)
		printf("  place %u", e->rank);
	printf("%s\n", e->exclusive ? "  exchange" : "");
}

static int by_stamp(const void *a, const void *b)
{
	const struct event *x = *(const struct event *const *)a,
			   *y = *(const struct event *const *)b;

	return x->stamp < y->stamp ? -1 : x->stamp > y->stamp;
}

static void print_graph(const struct graph *g)
{
	const struct event *sorted[EVENTS] = {NULL};

	for (unsigned i = 0; i < g->events; i++)
		sorted[i] = &g->event[i];
	qsort(sorted, g->events, sizeof(*sorted), by_stamp);
	for (unsigned i = 0; i < g->events; i++)
		print_event(g, sorted[i]);
}

static void fail(const char *what)
{
	if (*failure)
		return;
	snprintf(failure, sizeof(failure), "%s", what);
	if (test->fails)
		return;
	printf("# %s: %s\n", test->name, what);
	print_graph(&graph);
}

/* Threads. */

static void stop(void)
{
	running = NOBODY;
	siglongjmp(scheduler, 1);
}

/* This execution leads nowhere, or is over. */
static void give_up(void)
{
	given_up = true;
	stop();
}

static void trampoline(void)
{
	struct thread *self = &thread[running];
	unsigned number = running;

	if (!sigsetjmp(self->top, 0))
		stop();
	test->thread(number);
	weak_end();
}

static void make_threads(void)
{
	for (volatile unsigned i = 0; i < THREADS; i++) {
		struct thread *t = &thread[i];

		t->stack = malloc(STACK_SIZE);
		if (!t->stack || getcontext(&t->context))
			abort();
		t->context.uc_stack.ss_sp = t->stack;
		t->context.uc_stack.ss_size = STACK_SIZE;
		makecontext(&t->context, trampoline, 0);
		running = i;
		if (!sigsetjmp(scheduler, 0))
			setcontext(&t->context);
	}
}

static void yield(void)
{
	if (!sigsetjmp(thread[running].at, 0))
		stop();
}

/* The value of a store that the compiler has announced: it has been made by now. */
static void settle(void)
{
	struct thread *self = &thread[running];
	struct event *e = self->stored;
	const struct location *l;

	if (!e)
		return;
	l = &location[e->location];
	e->value = 0;
	memcpy(&e->value, (const void *)l->address, l->size);
	self->stored = NULL;
}

_Noreturn void weak_end(void)
{
	settle();
	thread[running].status = ENDED;
	stop();
	abort();
}

unsigned weak_self(void)
{
	return running;
}

bool explore_running(void)
{
	return running != NOBODY;
}

static uint64_t random_number(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

static const struct event *last_event(unsigned t)
{
	return graph.count[t] ? &graph.event[graph.of[t][graph.count[t] - 1]] : NULL;
}

/* Whether @t has made the first half of an exchange. */
static bool in_exchange(unsigned t)
{
	const struct event *last = last_event(t);

	return last && last->kind == READ && last->exclusive;
}

static bool is_latest(const struct event *e)
{
	return graph_rank(&graph, e) == graph_last(&graph, e->location);
}

/* Whether thread @t, which waits, has looked at the latest value of all that it waits for. */
static bool waits_for_ever(unsigned t)
{
	for (unsigned i = thread[t].round; i < graph.count[t]; i++) {
		const struct event *e = &graph.event[graph.of[t][i]];

		if (e->kind == READ && !e->plain &&
		    (thread[t].for_location < 0 || thread[t].for_location == e->location) &&
		    !is_latest(e))
			return false;
	}
	return true;
}

/* The thread that adds the next event: when searching, the same for the same graph. */
static unsigned next_thread(void)
{
	unsigned best = NOBODY, ready = 0;

	for (unsigned t = 0; t < test->threads; t++)
		if (in_exchange(t))
			return t;
	for (unsigned t = 0; t < test->threads; t++) {
		if (at_random && thread[t].status == WAITING && !waits_for_ever(t)) {
			thread[t].status = READY;
			thread[t].round = graph.count[t];
		}
		if (thread[t].status != READY)
			continue;
		if (!at_random)
			return t;
		ready++;
		if (best == NOBODY || thread[t].priority > thread[best].priority)
			best = t;
	}
	if (!at_random || best == NOBODY)
		return NOBODY;
	if (seed & 1 << 20) { /* a priority changes, now and then */
		if (random_number() % 32 == 0)
			thread[best].priority = (unsigned)(random_number() % 1000);
		return best;
	}
	for (unsigned t = 0, which = (unsigned)(random_number() % ready); t < test->threads; t++)
		if (thread[t].status == READY && !which--)
			return t;
	return NOBODY;
}

/* Wait until it is this thread's turn to add an event. */
static void turn(void)
{
	if (at_random) {
		yield();
		return;
	}
	while (next_thread() != running)
		yield();
}

/* The event of this thread that comes next, if the graph has it. */
static struct event *known(enum kind kind, int where)
{
	struct thread *self = &thread[running];
	struct event *e;

	settle();
	if (self->next == graph.count[running])
		return NULL;
	e = &graph.event[graph.of[running][self->next]];
	if (e->kind != kind || e->location != where) {
		printf("# %s: thread %u is not the same the second time\n", test->name, running);
		print_graph(&graph);
		exit(2);
	}
	self->next++;
	return e;
}

/* Locations. */

static struct location *find_location(uintptr_t address, unsigned size)
{
	for (unsigned i = 0; i < locations; i++) {
		struct location *l = &location[i];

		if (address >= l->address && address + size <= l->address + l->size)
			return l;
		if (address < l->address + l->size && l->address < address + size) {
			printf("# %s: %#lx is accessed with several sizes\n", test->name,
			       (unsigned long)address);
			exit(2);
		}
	}
	return NULL;
}

static struct location *locate(uintptr_t address, unsigned size)
{
	struct location *l = find_location(address, size);

	if (l)
		return l;
	if (locations == LOCATIONS) {
		printf("# %s: too many locations\n", test->name);
		exit(2);
	}
	l = &location[locations++];
	*l = (struct location){.address = address, .size = size};
	memcpy(&l->initial, (const void *)address, size);
	return l;
}

void weak_word(const volatile void *word)
{
	locate((uintptr_t)word, 8);
}

void weak_data(const volatile void *object, size_t size)
{
	locate((uintptr_t)object, (unsigned)size)->data = true;
}

static int number_of(const struct location *l)
{
	return (int)(l - location);
}

/* A part of a location: how far up its bits are, and all of them. */
struct part {
	struct location *location;
	unsigned shift;
	uint64_t mask;
};

static struct part part_of(const volatile void *object, unsigned size)
{
	struct location *l = locate((uintptr_t)object, size);

	return (struct part){.location = l,
			     .shift = 8 * (unsigned)((uintptr_t)object - l->address),
			     .mask = size == 8 ? UINT64_MAX : (1ull << 8 * size) - 1};
}

static void now_written(struct location *l)
{
	if (l->written)
		return;
	l->written = true;
	/* Reads of it were not noted. */
	restart = true;
	give_up();
}

/* Keeping graphs for later. */

/* @g with @e after it, and room for some more. */
static void push_with(const struct graph *g, struct event e, unsigned room)
{
	struct saved *saved = malloc(sizeof(*saved) + (g->events + 1 + room) * sizeof(*g->event));

	if (!saved)
		abort();
	saved->below = stack;
	saved->events = g->events + 1;
	saved->stamp = e.stamp = g->stamp + 1;
	memcpy(saved->event, g->event, g->events * sizeof(*g->event));
	if (e.kind == WRITE)
		for (unsigned i = 0; i < g->events; i++) {
			struct event *other = &saved->event[i];

			if (other->kind == WRITE && other->location == e.location &&
			    other->rank >= e.rank)
				other->rank++;
		}
	saved->event[g->events] = e;
	stack = saved;
}

static bool pop(void)
{
	struct saved *saved = stack;

	if (!saved)
		return false;
	stack = saved->below;
	graph.events = saved->events;
	graph.stamp = saved->stamp;
	memcpy(graph.event, saved->event, saved->events * sizeof(*saved->event));
	free(saved);
	return true;
}

static void drop_all(void)
{
	while (stack) {
		struct saved *saved = stack;

		stack = saved->below;
		free(saved);
	}
}

static struct event new_event(enum kind kind, int where)
{
	return (struct event){.thread = (uint8_t)running,
			      .kind = (uint8_t)kind,
			      .location = (int16_t)where,
			      .source = INITIAL,
			      .index = (uint16_t)graph.count[running]};
}

static struct event *add(struct event e)
{
	if (at_random && graph.events >= RANDOM_EVENTS)
		give_up();
	if (!graph_add(&graph, &e)) {
		inconsistent++;
		give_up();
	}
	thread[running].next++;
	return &graph.event[graph.events - 1];
}

static void check_race(const struct event *e)
{
	const struct event *other = graph_race(&graph, e, location[e->location].data);

	if (!other)
		return;
	fail("data race");
	if (!test->fails) {
		printf("# between:\n");
		print_event(&graph, other);
		print_event(&graph, e);
	}
	give_up();
}

static struct event *add_checked(struct event e)
{
	struct event *added = add(e);

	check_race(added);
	return added;
}

/* What the read @e, whose fields are set, becomes if it reads from @source (NULL: initial). */
static void read_from(struct event *e, const struct event *source, int number)
{
	e->source = (int16_t)number;
	e->value = source ? source->value : location[e->location].initial;
	if (!e->compare)
		return;
	e->exclusive = (e->value & e->mask) == e->expected;
	e->order = e->exclusive ? e->success : e->failure;
}

static void read_place(struct event *e, unsigned rank)
{
	struct event *source = graph_write_at(&graph, e->location, rank);

	read_from(e, source, source ? (int)(source - graph.event) : INITIAL);
}

/*
 * The lowest place that an SC read may have: not before an SC write that precedes the thread's
 * SC events.  (The graph would find out; this is earlier.)
 */
static unsigned sc_floor(unsigned floor, int where)
{
	uint64_t before[SC_WORDS] = {0};

	graph_sc_before(&graph, &graph.clocks[running].hb, before);
	for (unsigned i = 0; i < graph.accesses[where]; i++) {
		const struct event *e = &graph.event[graph.access[where][i]];

		if (e->kind == WRITE && e->sc >= 0 && e->rank > floor &&
		    before[e->sc / 64] >> e->sc % 64 & 1)
			floor = e->rank;
	}
	return floor;
}

/* Add the read @e, which may read from any write that coherence allows. */
static struct event *add_read(struct event e)
{
	unsigned floor = graph_floor(&graph, running, e.location);
	unsigned last = graph_last(&graph, e.location), rank = last;

	if (e.order == __ATOMIC_SEQ_CST && !e.compare)
		floor = sc_floor(floor, e.location);
	if (at_random) {
		if (rank > floor && random_number() % 3 == 0)
			rank = floor + (unsigned)(random_number() % (last - floor + 1));
		/* An exchange can't read what another one has taken. */
		if (e.exclusive || e.compare)
			rank = last;
	}
	for (unsigned other = floor; !at_random && other < last; other++) {
		struct event copy = e;

		read_place(&copy, other);
		push_with(&graph, copy, 0);
	}
	read_place(&e, rank);
	return add_checked(e);
}

/*
 * Revisits.  Whether the new write, with what leads to it in @past, may change a read: each
 * event that goes for it has to be as if it had been the first one tried.
 */
static bool is_first_choice(const struct event *e, const struct clock *past)
{
	unsigned rank;

	if (e->kind == CHOICE)
		return e->value == 0;
	if (e->kind == FENCE || e->plain)
		return true;
	rank = graph_rank(&graph, e);
	for (unsigned i = 0; i < graph.accesses[e->location]; i++) {
		const struct event *other = &graph.event[graph.access[e->location][i]];

		if (other->stamp > e->stamp && !within(other, past))
			continue;
		if (other->kind == WRITE && other->rank > rank)
			return false;
		if (e->kind == WRITE && other->kind == READ && other->source != INITIAL &&
		    &graph.event[other->source] == e)
			return false;
	}
	return true;
}

/* Keep a graph for each place that @a may have in scratch, where @read reads from it. */
static void push_revisit(struct event a, struct event read)
{
	unsigned last = graph_last(&scratch, a.location);
	unsigned first = graph_floor(&scratch, a.thread, a.location);

	if (a.exclusive) {
		const struct event *own =
			&scratch.event[scratch.of[a.thread][scratch.count[a.thread] - 1]];

		first = last = graph_rank(&scratch, own);
	}
	for (unsigned after = first; after <= last; after++) {
		if (!graph_may_follow(&scratch, a.location, after))
			continue;
		a.rank = (uint16_t)(after + 1);
		push_with(&scratch, a, 1);
		read_from(&read, &stack->event[stack->events - 1], (int)stack->events - 1);
		stack->event[stack->events++] = read;
	}
}

static void revisit(const struct event *a)
{
	static bool keep[EVENTS];
	struct clock past = graph.clocks[running].all;

	for (unsigned i = 0; i < graph.accesses[a->location]; i++) {
		const struct event *read = &graph.event[graph.access[a->location][i]];
		bool all = true;

		if (read->kind != READ || read->plain || within(read, &past))
			continue;
		for (unsigned j = 0; j < graph.events && all; j++) {
			const struct event *e = &graph.event[j];

			keep[j] = e->stamp < read->stamp || within(e, &past);
			if (!keep[j])
				all = is_first_choice(e, &past);
		}
		if (!all)
			continue;
		scratch.events = graph.events;
		scratch.stamp = graph.stamp;
		memcpy(scratch.event, graph.event, graph.events * sizeof(*graph.event));
		if (graph_restrict(&scratch, keep))
			push_revisit(*a, *read);
	}
}

/* Add the write @e; @after: the place that it must come after, or -1: any. */
static struct event *add_write(struct event e, int after)
{
	unsigned last = graph_last(&graph, e.location);
	unsigned floor = graph_floor(&graph, running, e.location);
	int place = -1;

	if (after >= 0)
		floor = last = (unsigned)after;
	if (at_random) {
		place = (int)last;
		if (last > floor && random_number() % 4 == 0)
			place = (int)(floor + random_number() % (last - floor + 1));
		if (!graph_may_follow(&graph, e.location, (unsigned)place))
			place = (int)last;
	} else {
		revisit(&e);
		for (unsigned p = floor; p <= last; p++) {
			struct event copy = e;

			if (!graph_may_follow(&graph, e.location, p))
				continue;
			if (place >= 0) {
				copy.rank = (uint16_t)(place + 1);
				push_with(&graph, copy, 0);
			}
			place = (int)p;
		}
		if (place < 0) {
			inconsistent++;
			give_up();
		}
	}
	e.rank = (uint16_t)(place + 1);
	return add_checked(e);
}

/* Accesses. */

uint64_t explore_load(const volatile void *object, unsigned size, unsigned order)
{
	struct part part = part_of(object, size);
	struct event *e = known(READ, number_of(part.location));

	if (!e) {
		struct event new = new_event(READ, number_of(part.location));

		new.order = (uint8_t)order;
		turn();
		new.index = (uint16_t)graph.count[running];
		e = add_read(new);
	}
	return e->value >> part.shift & part.mask;
}

/* The second half of an exchange whose first half is @read. */
static void write_back(const struct event *read, const struct part *part, uint64_t value,
		       unsigned order)
{
	uint64_t mask = part->mask << part->shift, old = read->value;
	int after = (int)graph_rank(&graph, read);
	struct event new;

	if (known(WRITE, number_of(part->location)))
		return;
	new = new_event(WRITE, number_of(part->location));
	new.order = (uint8_t)order;
	new.exclusive = true;
	new.value = (old & ~mask) | (value << part->shift & mask);
	add_write(new, after);
}

void explore_store(volatile void *object, unsigned size, uint64_t value, unsigned order)
{
	struct part part = part_of(object, size);
	int where = number_of(part.location);
	struct event new;

	now_written(part.location);
	if (size < part.location->size) {
		struct event *read = known(READ, where);

		if (!read) {
			new = new_event(READ, where);
			new.exclusive = new.merge = true;
			new.order = __ATOMIC_RELAXED;
			turn();
			read = add_read(new);
		}
		write_back(read, &part, value, order);
		return;
	}
	if (known(WRITE, where))
		return;
	new = new_event(WRITE, where);
	new.order = (uint8_t)order;
	new.value = value &part.mask;
	turn();
	add_write(new, -1);
}

uint64_t explore_exchange(volatile void *object, unsigned size, change *function, uint64_t operand,
			  unsigned order)
{
	struct part part = part_of(object, size);
	struct event *read = known(READ, number_of(part.location));
	uint64_t old;

	now_written(part.location);
	if (!read) {
		struct event new = new_event(READ, number_of(part.location));

		new.exclusive = true;
		new.order = (uint8_t)order;
		turn();
		read = add_read(new);
	}
	old = read->value >> part.shift & part.mask;
	write_back(read, &part, function(old, operand), order);
	return old;
}

bool explore_compare(volatile void *object, unsigned size, uint64_t *expected, uint64_t desired,
		     unsigned success, unsigned order)
{
	struct part part = part_of(object, size);
	struct event *read = known(READ, number_of(part.location));

	now_written(part.location);
	if (!read) {
		struct event new = new_event(READ, number_of(part.location));

		new.compare = true;
		new.mask = part.mask << part.shift;
		new.expected = *expected << part.shift;
		new.success = (uint8_t)success;
		new.failure = (uint8_t)order;
		turn();
		read = add_read(new);
	}
	if (!read->exclusive) {
		*expected = read->value >> part.shift & part.mask;
		return false;
	}
	write_back(read, &part, desired, success);
	return true;
}

void explore_fence(unsigned order)
{
	struct event new;

	if (known(FENCE, -1))
		return;
	new = new_event(FENCE, -1);
	new.order = (uint8_t)order;
	turn();
	add(new);
}

static bool on_own_stack(uintptr_t address)
{
	uintptr_t bottom = (uintptr_t)thread[running].stack;

	return address >= bottom && address < bottom + STACK_SIZE;
}

static void plain_read(struct location *l)
{
	struct event *e;

	if (!l->written)
		return; /* a constant, as far as is known */
	e = known(READ, number_of(l));
	if (!e) {
		struct event new = new_event(READ, number_of(l)), *source;

		turn();
		source = graph_write_at(&graph, number_of(l), graph_last(&graph, number_of(l)));
		new.plain = true;
		new.value = source ? source->value : l->initial;
		new.source = (int16_t)(source ? source - graph.event : INITIAL);
		e = add(new);
		check_race(e);
	}
	memcpy((void *)l->address, &e->value, l->size);
}

static void plain_write(struct location *l)
{
	struct event *e;

	now_written(l);
	e = known(WRITE, number_of(l));
	if (!e) {
		struct event new = new_event(WRITE, number_of(l));

		turn();
		new.plain = true;
		new.rank = (uint16_t)(graph_last(&graph, number_of(l)) + 1);
		e = add(new);
		check_race(e);
	}
	thread[running].stored = e;
}

void explore_plain(const volatile void *object, size_t size, bool write)
{
	uintptr_t address = (uintptr_t)object;

	if (on_own_stack(address))
		return;
	for (size_t done = 0; done < size; done += 8) {
		struct location *l =
			locate(address + done, size - done < 8 ? (unsigned)(size - done) : 8);

		if (!write)
			plain_read(l);
		else if (size <= 8)
			plain_write(l);
		else
			abort(); /* its value would have to be noted in parts */
	}
}

unsigned weak_choose(unsigned n)
{
	struct event *e = known(CHOICE, -1);

	if (!e) {
		struct event new = new_event(CHOICE, -1);

		turn();
		if (at_random)
			new.value = random_number() % n;
		else
			for (unsigned i = 1; i < n; i++) {
				new.value = i;
				push_with(&graph, new, 0);
			}
		if (!at_random)
			new.value = 0;
		e = add(new);
	}
	return (unsigned)e->value;
}

static void wait(int where)
{
	struct thread *self = &thread[running];

	settle();
	for (unsigned i = self->round; i < self->next; i++) {
		const struct event *e = &graph.event[graph.of[running][i]];

		if (e->kind == WRITE || (e->kind == CHOICE && e->value)) {
			self->round = self->next;
			return;
		}
	}
	if (self->next < graph.count[running]) { /* when it ran before, it went on from here */
		self->round = self->next;
		return;
	}
	self->status = WAITING;
	self->for_location = where;
	yield();
}

void weak_wait(void)
{
	wait(-1);
}

void weak_wait_for(const volatile void *object)
{
	wait(number_of(locate((uintptr_t)object, 1)));
}

void weak_check(bool good, const char *what)
{
	if (good)
		return;
	fail(what);
	if (running != NOBODY)
		give_up();
}

bool weak_stuck(unsigned number)
{
	return thread[number].status == WAITING;
}

void weak_result(unsigned result)
{
	reached |= 1ull << result;
}

/* All threads have ended, or wait. */
static void conclude(void)
{
	for (unsigned t = 0; t < test->threads; t++)
		if (thread[t].status == WAITING && !waits_for_ever(t)) {
			blocked++;
			return;
		}
	executions++;
	for (unsigned i = 0; i < locations; i++) {
		struct event *last = graph_write_at(&graph, (int)i, graph_last(&graph, (int)i));

		memcpy((void *)location[i].address, last ? &last->value : &location[i].initial,
		       location[i].size);
	}
	if (test->finish)
		test->finish();
}

/* Run the threads, from their beginning, along the graph and beyond it. */
static void run(void)
{
	volatile unsigned next;

	given_up = false;
	for (unsigned i = 0; i < locations; i++)
		if (location[i].written)
			memcpy((void *)location[i].address, &location[i].initial, location[i].size);
	test->setup();
	for (unsigned t = 0; t < test->threads; t++) {
		thread[t].status = READY;
		thread[t].next = thread[t].round = 0;
		thread[t].stored = NULL;
		thread[t].priority = at_random ? (unsigned)(random_number() % 1000) : 0;
		memcpy(&thread[t].at, &thread[t].top, sizeof(thread[t].at));
	}
	while (!given_up && (next = next_thread()) != NOBODY)
		if (!sigsetjmp(scheduler, 0)) {
			running = next;
			siglongjmp(thread[next].at, 1);
		}
	if (!given_up)
		conclude();
}

static void clear_graph(void)
{
	graph.events = 0;
	graph.stamp = 0;
	graph_derive(&graph);
}

/* The next graph that is consistent; false: there is none. */
static bool next_graph(void)
{
	while (pop()) {
		if (graph_derive(&graph))
			return true;
		inconsistent++;
	}
	return false;
}

/* True: all executions have been tried. */
static bool search(unsigned limit)
{
	bool more;

	do {
		restart = false;
		drop_all();
		executions = blocked = inconsistent = 0;
		clear_graph();
		do {
			run();
			more = !restart && !*failure && next_graph();
		} while (more && executions + blocked < limit);
	} while (restart && !*failure);
	return !more;
}

static void try_at_random(unsigned runs)
{
	at_random = true;
	drop_all();
	for (unsigned i = 0; i < runs && !*failure; i++) {
		seed = 0x9e3779b97f4a7c15ull * (i + 1);
		random_number();
		clear_graph();
		run();
	}
	at_random = false;
}

static void explore(const struct weak_test *t, unsigned number)
{
	const char *how = getenv("WEAK") ? getenv("WEAK") : "";
	unsigned runs = RANDOM_RUNS;
	unsigned limit = t->limit ? t->limit : DEFAULT_LIMIT;
	struct timespec start, end;
	char found[128];
	bool all;

	if (!strcmp(how, "long")) {
		limit *= 10;
		runs *= 20;
	} else if (!strcmp(how, "quick")) {
		limit = limit / 8 + 1;
		runs /= 8;
	}
	test = t;
	locations = names = 0;
	*failure = 0;
	reached = 0;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
	t->setup();
	all = search(limit);
	snprintf(found, sizeof(found), "%u executions%s, %u cut short", executions,
		 all ? ", all there are" : "", blocked + inconsistent);
	if (!all && !*failure) {
		unsigned before = executions;

		try_at_random(runs);
		snprintf(found, sizeof(found), "%u executions in order, then %u at random", before,
			 executions - before);
	}
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
	if (t->fails) {
		if (strstr(failure, t->fails))
			*failure = 0;
		else
			snprintf(failure, sizeof(failure), "not found: %s", t->fails);
	}
	if (!*failure && (t->must & ~reached))
		snprintf(failure, sizeof(failure), "results %#lx are never reached",
			 (unsigned long)(t->must & ~reached));
	if (!*failure && (t->never & reached))
		snprintf(failure, sizeof(failure), "results %#lx are reached, and must not be",
			 (unsigned long)(t->never & reached));
	printf("%s %u - %s: %s%s%s; %.1f s\n", *failure ? "not ok" : "ok", number, t->name, failure,
	       *failure ? "; " : "", found,
	       (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9);
	fflush(stdout);
}

int weak_main(const struct weak_test *tests, unsigned ntests, int argc, char **argv)
{
	unsigned done = 0, failed = 0;

	test = tests;
	make_threads();
	for (unsigned i = 0; i < ntests; i++) {
		bool named = argc < 2;

		for (int j = 1; j < argc; j++)
			named |= strstr(tests[i].name, argv[j]) != NULL;
		if (!named)
			continue;
		explore(&tests[i], ++done);
		failed += *failure != 0;
	}
	printf("1..%u\n", done);
	return failed != 0;
}
