/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * Time on paper.  Hand-overs take microseconds, and hours may lie between them:
 * the axis is cut where nothing happens for long, and each piece has a scale of
 * its own.
 */
#ifndef CLI_REPORT_AXIS_H
#define CLI_REPORT_AXIS_H

#include <stddef.h>
#include <stdint.h>

#include "timeline.h"

#define AXIS_PIECES 10

struct piece {
	uint64_t from, to;
	double x, width;
	size_t events; /* times in it, sorted: */
	const uint64_t *at;
};

struct axis {
	struct piece pieces[AXIS_PIECES];
	size_t n;
	uint64_t *times; /* of all entries; and now, if the timeline goes that far */
};

/* From @x on, @width wide. */
void axis_make(struct axis *a, const struct timeline *t, double x, double width);
void axis_free(struct axis *a);
double axis_x(const struct axis *a, uint64_t time);

/* The step between marks of @piece, in ticks, so that they are at least @room apart. */
uint64_t axis_step(const struct timeline *t, const struct piece *piece, double room);

#endif /* CLI_REPORT_AXIS_H */
