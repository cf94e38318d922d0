/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "timeline.h"

/* The entries, and what can't be read of them. */

static int by_id(const void *a, const void *b)
{
	const struct lane *const *one = a, *const *other = b;
	uint32_t x = (*one)->record->apic_id, y = (*other)->record->apic_id;

	return x < y ? -1 : x > y;
}

static void make_lanes(struct timeline *t)
{
	t->nlanes = t->table->ncpus;
	t->lanes = cli_alloc(t->nlanes * sizeof(*t->lanes));
	for (size_t i = 0; i < t->nlanes; i++) {
		t->lanes[i].record = baton_table_record(t->table, (uint32_t)i);
		t->lanes[i].boot = t->lanes[i].record->apic_id == t->table->boot_apic_id;
	}
}

static size_t find_lane(const struct timeline *t, struct lane **sorted, uint32_t apic_id)
{
	size_t low = 0, high = t->nlanes;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (sorted[middle]->record->apic_id < apic_id)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == t->nlanes || sorted[low]->record->apic_id != apic_id)
		return SIZE_MAX;
	return (size_t)(sorted[low] - t->lanes);
}

static void read_entries(struct timeline *t)
{
	uint32_t first = baton_table_first_entry(t->table);
	struct lane **sorted = cli_alloc(t->nlanes * sizeof(struct lane *));

	for (size_t i = 0; i < t->nlanes; i++)
		sorted[i] = &t->lanes[i];
	qsort(sorted, t->nlanes, sizeof(*sorted), by_id);
	t->overwritten = first;
	t->nentries = baton_table_end_of_entries(t->table) - first;
	t->entries = cli_alloc(t->nentries * sizeof(*t->entries));
	for (size_t i = 0; i < t->nentries; i++) {
		struct entry *e = &t->entries[i];

		e->is = baton_table_entry(t->table, first + (uint32_t)i, &e->event);
		e->lane = e->is == BATON_ENTRY_WHOLE ? find_lane(t, sorted, e->event.apic_id)
						     : SIZE_MAX;
	}
	free(sorted);
}

static bool whole(const struct entry *e)
{
	return e->is == BATON_ENTRY_WHOLE;
}

/* From just before the first entry to just after the last, or to @now. */
static void find_ends(struct timeline *t, uint64_t now)
{
	t->start = UINT64_MAX;
	for (size_t i = 0; i < t->nentries; i++) {
		if (!whole(&t->entries[i]))
			continue;
		if (t->entries[i].event.time < t->start)
			t->start = t->entries[i].event.time;
		if (t->entries[i].event.time > t->end)
			t->end = t->entries[i].event.time;
	}
	if (t->start > t->end)
		t->start = t->end = now;
	t->start -= t->start > 0;
	t->end += t->end < UINT64_MAX;
	if (now > t->end)
		t->end = now;
}

static void add_gap(struct timeline *t, size_t first, size_t end)
{
	struct gap *gap;

	t->gaps = cli_grow(t->gaps, t->ngaps + 1, sizeof(*t->gaps));
	gap = &t->gaps[t->ngaps++];
	*gap = (struct gap){(uint32_t)(end - first), t->start, t->end};
	if (first)
		gap->from = t->entries[first - 1].event.time;
	if (end < t->nentries)
		gap->to = t->entries[end].event.time;
	if (gap->to < gap->from)
		gap->to = gap->from;
	/* A kernel that leaves no other trace has at least two entries. */
	if (gap->entries > 1 && first && gap->from < t->sure_until)
		t->sure_until = gap->from;
}

static void find_gaps(struct timeline *t)
{
	size_t first = 0;

	t->sure_until = UINT64_MAX;
	for (size_t i = 0; i <= t->nentries; i++) {
		if (i < t->nentries && !whole(&t->entries[i]))
			continue;
		if (i > first)
			add_gap(t, first, i);
		first = i + 1;
	}
}

/* Kernels, and the hand-overs between them. */

enum held { HELD_NOT /* or not known */, HELD, HELD_TESTED };

struct walk {
	struct timeline *t;
	bool silent;	      /* no TEST is ever recorded */
	struct handover next; /* what is seen so far of the next hand-over */
	bool collected;	      /* by a stage, since the last release */
	bool first_vector_known;
	uint64_t vector; /* of the kernel of the time */
	size_t out;	 /* CPUs that are with a kernel, as far as is known */
	bool *is_out;	 /* by lane */
	enum held *held; /* by lane */
	size_t present;	 /* the first entry of the kernel that runs now; SIZE_MAX: not known */
	unsigned *had;	 /* by lane: the last kernel that it was released to */
};

static void set_out(struct walk *w, size_t lane, bool out)
{
	w->out += out;
	w->out -= w->is_out[lane];
	w->is_out[lane] = out;
}

static void set_held(struct walk *w, const struct entry *e)
{
	enum held *held = &w->held[e->lane];

	switch (e->event.what) {
	case BATON_EVENT_RETURN:
	case BATON_EVENT_KEPT:
		*held = HELD;
		break;
	case BATON_EVENT_TEST:
		*held = HELD_TESTED;
		break;
	case BATON_EVENT_RELEASE:
	case BATON_EVENT_FAILED:
		*held = HELD_NOT;
		break;
	}
}

static void take_return(struct walk *w, size_t i)
{
	const struct entry *e = &w->t->entries[i], *then = e + 1;
	bool last = i + 1 == w->t->nentries;
	struct handover *h = &w->next;

	set_out(w, e->lane, false);
	/* A TEST at once: it was put offline.  An entry that can't be read may be that TEST. */
	if (!w->silent && w->t->nkernels && !last &&
	    (!whole(then) || (then->event.what == BATON_EVENT_TEST && then->lane == e->lane)))
		return;
	if (!h->returned++)
		h->first_return = h->last_return = e->event.time;
	h->nlate++;
	if (e->event.time < h->last_return)
		return;
	if (e->event.time - h->last_return > h->late_by) {
		h->late = e->lane;
		h->late_at = e->event.time;
		h->late_by = e->event.time - h->last_return;
		h->nlate = 1;
	}
	h->last = e->lane;
	h->last_return = e->event.time;
}

/* Where each CPU is at a hand-over. */
static void note_proof(struct walk *w)
{
	struct handover *h = &w->next;

	h->unproven = SIZE_MAX;
	h->away = (uint32_t)(w->out ? w->out - 1 : 0);
	for (size_t l = 0; l < w->t->nlanes; l++) {
		h->held += w->held[l] != HELD_NOT;
		h->proven += w->held[l] == HELD_TESTED;
		if (w->held[l] == HELD && h->unproven == SIZE_MAX)
			h->unproven = l;
	}
}

static void begin_kernel(struct walk *w, const struct entry *e)
{
	struct timeline *t = w->t;

	note_proof(w);
	w->next.from = t->nkernels++;
	for (size_t l = 0; l < t->nlanes; l++)
		if (w->is_out[l]) /* it is the one that has brought the kernel up */
			w->had[l] = t->nkernels;
	t->handovers = cli_grow(t->handovers, t->nhandovers + 1, sizeof(*t->handovers));
	t->handovers[t->nhandovers++] = w->next;
	w->next = (struct handover){0};
	w->collected = false;
	w->vector = e->event.vector;
	w->first_vector_known = true;
}

/* Whether a release to @vector is by another kernel than the release before. */
static bool another_kernel(const struct walk *w, const struct entry *e)
{
	uint64_t vector = e->event.vector;
	bool all_back = w->out <= 1;
	bool other = w->first_vector_known && vector != w->vector;

	if (!w->t->nkernels || w->collected || (size_t)(e - w->t->entries) == w->present)
		return true;
	if (!w->t->table->mailbox) /* PSCI, spin-table: a kernel has one entry for all CPUs */
		return other && (all_back || w->next.returned);
	if (w->silent)
		return all_back && (w->next.returned > 1 || (w->next.returned && other));
	return w->next.returned || (all_back && other);
}

static void take_release(struct walk *w, const struct entry *e)
{
	struct timeline *t = w->t;
	struct handover *h;

	if (another_kernel(w, e))
		begin_kernel(w, e);
	else
		w->next = (struct handover){0}; /* those were put offline */
	if (!w->first_vector_known)
		w->vector = e->event.vector;
	w->first_vector_known = true;
	set_out(w, e->lane, true);
	if (!t->nhandovers || w->had[e->lane] == t->nkernels)
		return;
	w->had[e->lane] = t->nkernels;
	h = &t->handovers[t->nhandovers - 1];
	if (!h->released++)
		h->first_release = h->last_release = e->event.time;
	if (e->event.time > h->last_release)
		h->last_release = e->event.time;
	if (e->event.time < h->first_release)
		h->first_release = e->event.time;
}

/*
 * The first RELEASE of the kernel that began at @began, if it is sure: the only one that comes
 * after another event, with that moment in between or within @error of it.
 */
static size_t find_first_release(const struct timeline *t, uint64_t began, uint64_t error,
				 bool *several)
{
	size_t found = SIZE_MAX;

	*several = false;
	for (size_t i = 1; i < t->nentries; i++) {
		const struct entry *e = &t->entries[i], *last = e - 1;

		if (!whole(e) || !whole(last) || e->event.what != BATON_EVENT_RELEASE ||
		    last->event.what == BATON_EVENT_RELEASE || e->event.time + error < began ||
		    last->event.time > began + error)
			continue;
		*several = found != SIZE_MAX;
		if (*several)
			return SIZE_MAX;
		found = i;
	}
	return found;
}

/*
 * That of the kernel that runs, which began @up_us ago.  The rate of the counter is a measured
 * one: 0.5 % are allowed for.  If nothing is there, seconds are: early in its life a kernel may
 * lose ticks of its clock, most of all on a busy host.
 */
#define RATE_ERROR 200
#define EARLY_US 2000000
static size_t find_present(const struct timeline *t, uint64_t now, uint64_t up_us)
{
	uint32_t rate = baton_count_value(t->lanes[0].record->tsc_per_us);
	uint64_t up = up_us * rate, error = up / RATE_ERROR + up_us;
	size_t found;
	bool several;

	if (!up || up >= now)
		return SIZE_MAX;
	found = find_first_release(t, now - up, error, &several);
	if (found == SIZE_MAX && !several)
		found = find_first_release(t, now - up, error + EARLY_US * (uint64_t)rate,
					   &several);
	return found;
}

/* Which CPUs are out at the beginning: its first event shows it, else its present state. */
static void begin_walk(struct walk *w)
{
	struct timeline *t = w->t;

	w->is_out = cli_alloc(t->nlanes * sizeof(*w->is_out));
	w->held = cli_alloc(t->nlanes * sizeof(*w->held));
	w->had = cli_alloc(t->nlanes * sizeof(*w->had));
	for (size_t l = 0; l < t->nlanes; l++)
		w->is_out[l] = baton_count_value(t->lanes[l].record->state) == BATON_CPU_RELEASED;
	for (size_t i = t->nentries; i--;)
		if (t->entries[i].lane != SIZE_MAX)
			w->is_out[t->entries[i].lane] =
				t->entries[i].event.what == BATON_EVENT_RETURN;
	for (size_t l = 0; l < t->nlanes; l++)
		w->out += w->is_out[l];
	t->nkernels = t->overwritten > 0;
	w->silent = true;
	for (size_t l = 0; l < t->nlanes; l++)
		w->silent &= !baton_count_value(t->lanes[l].record->tests);
}

/* The last hand-over may have begun only: no CPU was released yet. */
static void end_walk(struct walk *w)
{
	struct timeline *t = w->t;

	if (w->next.returned && t->nkernels) {
		note_proof(w);
		w->next.from = t->nkernels;
		t->handovers = cli_grow(t->handovers, t->nhandovers + 1, sizeof(*t->handovers));
		t->handovers[t->nhandovers++] = w->next;
	}
	free(w->is_out);
	free(w->held);
	free(w->had);
}

static void find_kernels(struct timeline *t, size_t present)
{
	struct walk w = {.t = t, .present = present};

	begin_walk(&w);
	for (size_t i = 0; i < t->nentries; i++) {
		struct entry *e = &t->entries[i];

		if (whole(e) && e->lane != SIZE_MAX) {
			if (e->event.what == BATON_EVENT_RETURN)
				take_return(&w, i);
			else if (e->event.what == BATON_EVENT_RELEASE)
				take_release(&w, e);
			else
				set_out(&w, e->lane, false);
			set_held(&w, e);
			w.collected |= e->event.what == BATON_EVENT_COLLECTED;
		}
		e->kernel = t->nkernels;
	}
	end_walk(&w);
}

/* The lanes. */

static void add_span(struct lane *lane, enum owner owner, unsigned kernel, uint64_t from,
		     uint64_t to)
{
	if (to <= from)
		return;
	if (lane->nspans) {
		struct span *last = &lane->spans[lane->nspans - 1];

		if (last->owner == owner && last->kernel == kernel && last->to == from) {
			last->to = to;
			return;
		}
	}
	if (!(lane->nspans & (lane->nspans - 1)))
		lane->spans = cli_grow(lane->spans, lane->nspans ? 2 * lane->nspans : 1,
				       sizeof(*lane->spans));
	lane->spans[lane->nspans++] = (struct span){owner, kernel, from, to};
}

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static uint64_t greatest(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* When hand-over @h takes the machine from the kernel before, and gives it to the next. */
static uint64_t leaves(const struct timeline *t, const struct handover *h)
{
	if (h->returned)
		return h->last_return;
	return h->released ? h->first_release : t->end;
}

static uint64_t enters(const struct timeline *t, const struct handover *h)
{
	return h->released ? h->first_release : t->end;
}

/* A CPU that is out from @from to @to belongs to the kernel, or kernels, of the time. */
static void add_out(const struct timeline *t, struct lane *lane, uint64_t from, uint64_t to)
{
	unsigned kernel = t->overwritten > 0;

	for (size_t i = 0; i < t->nhandovers && from < to; i++) {
		const struct handover *h = &t->handovers[i];
		uint64_t at = least(to, leaves(t, h));

		kernel = h->from;
		if (at > from) {
			add_span(lane, kernel ? OWNER_KERNEL : OWNER_FIRMWARE, kernel, from, at);
			from = at;
		}
		at = least(to, enters(t, h));
		if (at > from) {
			add_span(lane, OWNER_BETWEEN, kernel + 1, from, at);
			from = at;
		}
		kernel++;
	}
	add_span(lane, kernel ? OWNER_KERNEL : OWNER_FIRMWARE, kernel, from, to);
}

enum place { PLACE_UNKNOWN, PLACE_OUT, PLACE_HELD, PLACE_STOPPED, PLACE_MISSING };

static void add(const struct timeline *t, struct lane *lane, enum place place, uint64_t from,
		uint64_t to)
{
	static const enum owner owners[] = {
		[PLACE_UNKNOWN] = OWNER_UNKNOWN,
		[PLACE_HELD] = OWNER_HELD,
		[PLACE_STOPPED] = OWNER_STOPPED,
		[PLACE_MISSING] = OWNER_MISSING,
	};

	if (place == PLACE_OUT)
		add_out(t, lane, from, to);
	else
		add_span(lane, owners[place], 0, from, to);
}

static enum place before(const struct entry *e)
{
	switch (e->event.what) {
	case BATON_EVENT_RETURN:
		return PLACE_OUT;
	case BATON_EVENT_RELEASE:
	case BATON_EVENT_KEPT:
	case BATON_EVENT_TEST:
	case BATON_EVENT_COLLECTED:
		return PLACE_HELD;
	default:
		return PLACE_UNKNOWN;
	}
}

static enum place after(const struct entry *e)
{
	switch (e->event.what) {
	case BATON_EVENT_RELEASE:
		return PLACE_OUT;
	case BATON_EVENT_FAILED:
		return PLACE_STOPPED;
	case BATON_EVENT_RETURN:
	case BATON_EVENT_KEPT:
	case BATON_EVENT_TEST:
	case BATON_EVENT_COLLECTED:
		return PLACE_HELD;
	default:
		return PLACE_UNKNOWN;
	}
}

static enum place now(const struct lane *lane)
{
	switch (baton_count_value(lane->record->state)) {
	case BATON_CPU_MISSING:
		return PLACE_MISSING;
	case BATON_CPU_HELD:
		return PLACE_HELD;
	case BATON_CPU_RELEASED:
		return PLACE_OUT;
	case BATON_CPU_FAILED:
		return PLACE_STOPPED;
	default:
		return PLACE_UNKNOWN;
	}
}

/* The whole entries of each lane: those of lane l are at of[at[l]] to of[at[l + 1]]. */
struct by_lane {
	size_t *at, *of;
};

static struct by_lane sort_by_lane(const struct timeline *t)
{
	struct by_lane b = {cli_alloc((t->nlanes + 2) * sizeof(*b.at)),
			    cli_alloc(t->nentries * sizeof(*b.of))};

	for (size_t i = 0; i < t->nentries; i++)
		if (t->entries[i].lane != SIZE_MAX)
			b.at[t->entries[i].lane + 2]++;
	for (size_t l = 0; l < t->nlanes; l++)
		b.at[l + 2] += b.at[l + 1];
	for (size_t i = 0; i < t->nentries; i++)
		if (t->entries[i].lane != SIZE_MAX)
			b.of[b.at[t->entries[i].lane + 1]++] = i;
	return b;
}

/*
 * One lane; @of has the numbers of its @n entries.  @gap_entry: number of the first
 * entry of each gap.  After a gap, a CPU's next event shows its place, or its present
 * state if there is none.
 */
static void make_lane(const struct timeline *t, struct lane *lane, const size_t *of, size_t n,
		      const size_t *gap_entry)
{
	uint64_t at = t->start;
	enum place place = n ? before(&t->entries[of[0]]) : now(lane);

	for (size_t i = 0, g = 0; i <= n; i++) {
		const struct entry *next = i < n ? &t->entries[of[i]] : NULL;
		size_t end = next ? of[i] : t->nentries, first = g;

		while (g < t->ngaps && gap_entry[g] < end)
			g++;
		if (g > first) {
			if (!i) /* it has not come yet, if this is the beginning */
				place = t->overwritten ? PLACE_UNKNOWN : PLACE_OUT;
			add(t, lane, place, at, t->gaps[first].from);
			at = greatest(at, t->gaps[first].from);
			add(t, lane, PLACE_UNKNOWN, at, t->gaps[g - 1].to);
			at = greatest(at, t->gaps[g - 1].to);
			place = next ? before(next) : now(lane);
		}
		add(t, lane, place, at, next ? next->event.time : t->end);
		if (next) {
			at = greatest(at, next->event.time);
			place = after(next);
		}
	}
}

static void make_spans(struct timeline *t)
{
	struct by_lane b = sort_by_lane(t);
	size_t *gap_entry = cli_alloc(t->ngaps * sizeof(*gap_entry)), g = 0;

	for (size_t i = 0; i < t->nentries; i++)
		if (!whole(&t->entries[i]) && (!i || whole(&t->entries[i - 1])))
			gap_entry[g++] = i;
	for (size_t l = 0; l < t->nlanes; l++)
		make_lane(t, &t->lanes[l], b.of + b.at[l], b.at[l + 1] - b.at[l], gap_entry);
	free(gap_entry);
	free(b.at);
	free(b.of);
}

void timeline_make(struct timeline *t, const struct baton_table *table, uint64_t now_ticks,
		   uint64_t up_us)
{
	*t = (struct timeline){.table = table};
	make_lanes(t);
	read_entries(t);
	find_ends(t, now_ticks);
	find_gaps(t);
	find_kernels(t, find_present(t, now_ticks, up_us));
	make_spans(t);
	t->ticks_per_us = baton_count_value(t->lanes[0].record->tsc_per_us);
}

void timeline_free(struct timeline *t)
{
	for (size_t i = 0; i < t->nlanes; i++)
		free(t->lanes[i].spans);
	free(t->entries);
	free(t->lanes);
	free(t->handovers);
	free(t->gaps);
}

bool timeline_is_late(const struct handover *h)
{
	return h->returned > 2 && h->nlate <= h->returned / 2 &&
	       h->late_by > (h->last_return - h->first_return) / 2;
}

/* Words. */

double timeline_time(const struct timeline *t, uint64_t time)
{
	double ticks = time < t->start ? -(double)(t->start - time) : (double)(time - t->start);

	return t->ticks_per_us ? ticks / t->ticks_per_us / 1e6 : ticks;
}

void timeline_kernel_name(const struct timeline *t, unsigned kernel, char *name)
{
	if (!kernel)
		snprintf(name, TIMELINE_NAME, "firmware");
	else if (!t->overwritten)
		snprintf(name, TIMELINE_NAME, "kernel %u", kernel);
	else if (kernel == 1)
		snprintf(name, TIMELINE_NAME, "earlier");
	else if (kernel < 28)
		snprintf(name, TIMELINE_NAME, "kernel %c", 'a' + kernel - 2);
	else
		snprintf(name, TIMELINE_NAME, "kernel %c%c", 'a' + (kernel - 28) / 26 % 26,
			 'a' + (kernel - 28) % 26);
}

void timeline_owner_name(const struct timeline *t, const struct span *span, char *name)
{
	static const char *const names[] = {
		[OWNER_UNKNOWN] = "not known",	[OWNER_FIRMWARE] = "firmware",
		[OWNER_HELD] = "held",		[OWNER_KERNEL] = "",
		[OWNER_BETWEEN] = "on the way", [OWNER_STOPPED] = "stopped",
		[OWNER_MISSING] = "missing",
	};
	size_t length;

	if (span->owner != OWNER_KERNEL) {
		snprintf(name, TIMELINE_NAME, "%s", names[span->owner]);
		return;
	}
	timeline_kernel_name(t, span->kernel, name);
	length = strlen(name);
	if (span->from >= t->sure_until)
		snprintf(name + length, TIMELINE_NAME - length, "?");
}

void timeline_duration(const struct timeline *t, uint64_t ticks, char *text)
{
	double us = t->ticks_per_us ? (double)ticks / t->ticks_per_us : 0;

	if (!t->ticks_per_us)
		snprintf(text, TIMELINE_NAME, "%.6g ticks", (double)ticks);
	else if (us < 1000)
		snprintf(text, TIMELINE_NAME, "%.3g us", us);
	else if (us < 1e6)
		snprintf(text, TIMELINE_NAME, "%.3g ms", us / 1e3);
	else if (us < 600e6)
		snprintf(text, TIMELINE_NAME, "%.3g s", us / 1e6);
	else if (us < 7200e6)
		snprintf(text, TIMELINE_NAME, "%.3g min", us / 60e6);
	else
		snprintf(text, TIMELINE_NAME, "%.4g h", us / 3600e6);
}
