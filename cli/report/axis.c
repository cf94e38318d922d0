/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include <math.h>
#include <stdlib.h>

#include "axis.h"
#include "cli/cli.h"

#define BREAK_WIDTH 34.0 /* between two pieces */
#define MARGIN 9.0	 /* in a piece, beside its first and last event */
#define NARROW 60.0

/* A quiet time is cut out if it is this much longer than is usual in its piece ... */
#define CUT_TIMES 6
/* ... and at least this part of it. */
#define CUT_PART 5

static int by_time(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static uint64_t quiet(const struct piece *p, size_t i)
{
	return p->at[i + 1] - p->at[i];
}

static uint64_t usual_quiet(const struct piece *p)
{
	size_t n = p->events - 1;
	uint64_t *all = cli_alloc(n * sizeof(*all)), middle;

	for (size_t i = 0; i < n; i++)
		all[i] = quiet(p, i);
	qsort(all, n, sizeof(*all), by_time);
	middle = all[(n - 1) / 2];
	free(all);
	return middle;
}

/* After which event of @p to cut it; SIZE_MAX: not at all. */
static size_t where_to_cut(const struct piece *p)
{
	size_t longest = 0;

	if (p->events < 3)
		return SIZE_MAX;
	for (size_t i = 1; i + 1 < p->events; i++)
		if (quiet(p, i) > quiet(p, longest))
			longest = i;
	if (quiet(p, longest) / CUT_TIMES < usual_quiet(p) ||
	    quiet(p, longest) < (p->to - p->from) / CUT_PART)
		return SIZE_MAX;
	return longest;
}

static struct piece piece_of(const uint64_t *at, size_t events)
{
	return (struct piece){.from = at[0], .to = at[events - 1], .events = events, .at = at};
}

/* The longest quiet time of all first. */
static void cut(struct axis *a)
{
	while (a->n < AXIS_PIECES) {
		size_t best = SIZE_MAX, at = 0;

		for (size_t i = 0; i < a->n; i++) {
			size_t here = where_to_cut(&a->pieces[i]);

			if (here == SIZE_MAX ||
			    (best != SIZE_MAX &&
			     quiet(&a->pieces[i], here) <= quiet(&a->pieces[best], at)))
				continue;
			best = i;
			at = here;
		}
		if (best == SIZE_MAX)
			return;
		for (size_t i = a->n++; i > best + 1; i--)
			a->pieces[i] = a->pieces[i - 1];
		a->pieces[best + 1] =
			piece_of(a->pieces[best].at + at + 1, a->pieces[best].events - at - 1);
		a->pieces[best] = piece_of(a->pieces[best].at, at + 1);
	}
}

/* Where more happens there is more room. */
static void give_room(struct axis *a, double x, double width)
{
	double room = width - BREAK_WIDTH * (double)(a->n - 1), weights = 0;

	for (size_t i = 0; i < a->n; i++) {
		a->pieces[i].width = a->pieces[i].to > a->pieces[i].from ? NARROW : NARROW / 2;
		room -= a->pieces[i].width;
		if (a->pieces[i].to > a->pieces[i].from)
			weights += sqrt((double)a->pieces[i].events);
	}
	for (size_t i = 0; i < a->n; i++) {
		struct piece *p = &a->pieces[i];

		if (p->to > p->from)
			p->width += room * sqrt((double)p->events) / weights;
		p->x = x;
		x += p->width + BREAK_WIDTH;
	}
}

void axis_make(struct axis *a, const struct timeline *t, double x, double width)
{
	size_t n = 0;

	*a = (struct axis){.times = cli_alloc((t->nentries + 2) * sizeof(*a->times)), .n = 1};
	for (size_t i = 0; i < t->nentries; i++)
		if (t->entries[i].is == BATON_ENTRY_WHOLE)
			a->times[n++] = t->entries[i].event.time;
	qsort(a->times, n, sizeof(*a->times), by_time);
	if (!n || t->end - a->times[n - 1] > 1) /* until now */
		a->times[n++] = t->end;
	a->pieces[0] = piece_of(a->times, n);
	cut(a);
	give_room(a, x, width);
}

void axis_free(struct axis *a)
{
	free(a->times);
}

static double left(const struct piece *p)
{
	return p->x + MARGIN;
}

static double right(const struct piece *p)
{
	return p->to > p->from ? p->x + p->width - MARGIN : left(p);
}

double axis_x(const struct axis *a, uint64_t time)
{
	size_t i = 0;

	if (time < a->pieces[0].from)
		return a->pieces[0].x;
	if (time > a->pieces[a->n - 1].to)
		return a->pieces[a->n - 1].x + a->pieces[a->n - 1].width;
	while (i + 1 < a->n && time >= a->pieces[i + 1].from)
		i++;
	if (time > a->pieces[i].to && i + 1 < a->n) { /* in the break */
		const struct piece *p = &a->pieces[i];

		return right(p) + (left(p + 1) - right(p)) * (double)(time - p->to) /
					  (double)(p[1].from - p->to);
	}
	if (a->pieces[i].to == a->pieces[i].from)
		return left(&a->pieces[i]);
	return left(&a->pieces[i]) + (right(&a->pieces[i]) - left(&a->pieces[i])) *
					     (double)(time - a->pieces[i].from) /
					     (double)(a->pieces[i].to - a->pieces[i].from);
}

uint64_t axis_step(const struct timeline *t, const struct piece *piece, double room)
{
	double ticks = (double)(piece->to - piece->from);
	double least = ticks * room / (right(piece) - left(piece) + 1);
	double unit = t->ticks_per_us ? t->ticks_per_us / 1e3 : 1; /* ticks of a nanosecond */
	double step = pow(10, floor(log10(least / unit + 1e-9))) * unit;

	if (step < least)
		step *= 2;
	if (step < least)
		step *= 2.5;
	if (step < least)
		step *= 2;
	return step < 1 ? 1 : (uint64_t)step;
}
