/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The ledger as a picture: a lane for each CPU, in the colour of its owner, and
 * a mark for each entry.  Colours are those of Okabe and Ito, which most people
 * can distinguish; kernels are named above the lanes as well.
 *
 * Classes and data- attributes of the elements are for tests and style sheets.
 */
#include "picture.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <baton/reader.h>

#include "axis.h"
#include "words.h"

#define WIDTH 1200
#define LEFT 64 /* of the lanes: their names stand there */
#define RIGHT 16
#define TOP 92
#define HEADING 28
#define TEXT 12 /* size of letters */
#define TICK_ROOM 56.0
#define WIDE 180.0 /* a piece with room for ticks */
#define LETTER 6.6 /* width of one, about */

static const char *const kernel_colours[] = {"#0072b2", "#e69f00", "#009e73",
					     "#cc79a7", "#56b4e9", "#d55e00"};

struct picture {
	FILE *to;
	const struct timeline *t;
	struct axis axis;
	double pitch;  /* from lane to lane */
	double height; /* of a lane */
	double bottom; /* of all lanes */
};

static const char *colour(const struct span *span)
{
	static const char *const colours[] = {
		[OWNER_UNKNOWN] = "url(#unknown)", [OWNER_FIRMWARE] = "#c9c9c9",
		[OWNER_HELD] = "#fff2b2",	   [OWNER_KERNEL] = "",
		[OWNER_BETWEEN] = "url(#between)", [OWNER_STOPPED] = "#000000",
		[OWNER_MISSING] = "#ffffff",
	};

	if (span->owner != OWNER_KERNEL)
		return colours[span->owner];
	return kernel_colours[(span->kernel - 1) %
			      (sizeof(kernel_colours) / sizeof(kernel_colours[0]))];
}

static const char *class_of(const struct span *span)
{
	static const char *const classes[] = {
		[OWNER_UNKNOWN] = "unknown", [OWNER_FIRMWARE] = "firmware",
		[OWNER_HELD] = "held",	     [OWNER_KERNEL] = "kernel",
		[OWNER_BETWEEN] = "between", [OWNER_STOPPED] = "stopped",
		[OWNER_MISSING] = "missing",
	};

	return classes[span->owner];
}

static void choose_sizes(struct picture *p)
{
	size_t n = p->t->nlanes;

	p->pitch = n <= 16 ? 24 : n <= 32 ? 18 : n <= 64 ? 13 : n <= 256 ? 8 : 4;
	p->height = p->pitch - (p->pitch > 12 ? 3 : 1);
	p->bottom = TOP + p->pitch * (double)n;
}

static void print_defs(const struct picture *p)
{
	fputs("<defs>\n"
	      "<pattern id=\"between\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" "
	      "patternTransform=\"rotate(45)\"><rect width=\"6\" height=\"6\" fill=\"#ffffff\"/>"
	      "<rect width=\"2\" height=\"6\" fill=\"#8a8a8a\"/></pattern>\n"
	      "<pattern id=\"unknown\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">"
	      "<rect width=\"6\" height=\"6\" fill=\"#ffffff\"/>"
	      "<path d=\"M0 0L6 6M6 0L0 6\" stroke=\"#b0b0b0\" stroke-width=\"1\"/></pattern>\n"
	      "</defs>\n",
	      p->to);
}

/* The lanes. */

static double from_x(const struct picture *p, const struct span *span)
{
	return axis_x(&p->axis, span->from);
}

static double to_x(const struct picture *p, const struct span *span)
{
	return axis_x(&p->axis, span->to);
}

static void print_span(const struct picture *p, const struct span *span, double y)
{
	char name[TIMELINE_NAME], length[TIMELINE_NAME];
	double x = from_x(p, span);

	timeline_owner_name(p->t, span, name);
	timeline_duration(p->t, span->to - span->from, length);
	fprintf(p->to,
		"<rect class=\"owner %s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" "
		"fill=\"%s\"%s><title>%s, %s</title></rect>\n",
		class_of(span), x, y, to_x(p, span) - x, p->height, colour(span),
		span->owner == OWNER_MISSING ? " stroke=\"#8a8a8a\" stroke-dasharray=\"3 3\"" : "",
		name,
		span->from == p->t->start || span->to == p->t->end ? "as far as is seen" : length);
}

/* The attributes that make a path the sign of an event, around @x and @middle. */
static void print_sign(const struct picture *p, uint32_t what, double x, double middle)
{
	double r = p->height / 2 > 5.5 ? 5.5 : p->height / 2;

	switch (what) {
	case BATON_EVENT_RETURN: /* comes down to rest */
		fprintf(p->to,
			"d=\"M%.1f %.1fh%.1fl%.1f %.1fz\" fill=\"#ffffff\" stroke=\"#000000\"",
			x - r * .8, middle - r * .7, r * 1.6, -r * .8, r * 1.5);
		break;
	case BATON_EVENT_RELEASE: /* goes off */
		fprintf(p->to,
			"d=\"M%.1f %.1fv%.1fl%.1f %.1fz\" fill=\"#000000\" stroke=\"#ffffff\"",
			x - r * .6, middle - r * .8, r * 1.6, r * 1.5, -r * .8);
		break;
	case BATON_EVENT_FAILED:
		fprintf(p->to, "d=\"M%.1f %.1fl%.1f %.1fm0 %.1fl%.1f %.1f\" stroke=\"#d55e00\"",
			x - r, middle - r, 2 * r, 2 * r, -2 * r, -2 * r, 2 * r);
		break;
	default: /* stays where it is */
		fprintf(p->to,
			"d=\"M%.1f %.1fl%.1f %.1fl%.1f %.1fl%.1f %.1fz\" fill=\"%s\" "
			"stroke=\"#000000\"",
			x, middle - r * .5, r * .5, r * .5, -r * .5, r * .5, -r * .5, -r * .5,
			what == BATON_EVENT_TEST ? "#ffffff" : "#000000");
	}
	fprintf(p->to, " stroke-width=\"%s\"",
		what == BATON_EVENT_FAILED ? "2"
		: p->height > 9		   ? ".8"
					   : ".4");
}

static void print_mark(const struct picture *p, const struct entry *e, double y)
{
	char name[TIMELINE_NAME];
	char *detail = words_detail(e);

	words_event(e->event.what, name);
	fprintf(p->to, "<path class=\"mark %s\" data-sequence=\"%" PRIu32 "\" ",
		e->event.what <= BATON_EVENT_COLLECTED ? name : "other", e->event.sequence);
	print_sign(p, e->event.what, axis_x(&p->axis, e->event.time), y + p->height / 2);
	fprintf(p->to, "><title>#%" PRIu32 " %s%s%s, %+.6f %s</title></path>\n", e->event.sequence,
		name, *detail ? ", " : "", detail, timeline_time(p->t, e->event.time),
		p->t->ticks_per_us ? "s" : "ticks");
	free(detail);
}

static void print_lane(const struct picture *p, size_t l)
{
	const struct lane *lane = &p->t->lanes[l];
	double y = TOP + p->pitch * (double)l;
	size_t every = p->pitch >= 12 ? 1 : p->pitch >= 8 ? 2 : 4;

	fprintf(p->to, "<g class=\"lane%s\" data-apic-id=\"%" PRIu32 "\">\n",
		lane->boot ? " boot" : "", lane->record->apic_id);
	if (l % every == 0)
		fprintf(p->to,
			"<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\" font-size=\"%d\">CPU "
			"%" PRIu32 "</text>\n",
			LEFT - 6, y + p->height / 2 + 4, p->pitch > 20 ? TEXT : TEXT - 2,
			lane->record->apic_id);
	for (size_t i = 0; i < lane->nspans; i++)
		print_span(p, &lane->spans[i], y);
	fputs("</g>\n", p->to);
}

/* All marks lie above all lanes: they may reach into their neighbours'. */
static void print_marks(const struct picture *p)
{
	fputs("<g class=\"marks\">\n", p->to);
	for (size_t i = 0; i < p->t->nentries; i++)
		if (p->t->entries[i].lane != SIZE_MAX)
			print_mark(p, &p->t->entries[i],
				   TOP + p->pitch * (double)p->t->entries[i].lane);
	fputs("</g>\n", p->to);
}

/* Beside the mark of a CPU that was late, how much. */
static void print_late(const struct picture *p)
{
	for (size_t i = 0; i < p->t->nhandovers; i++) {
		const struct handover *h = &p->t->handovers[i];
		char text[TIMELINE_NAME];
		double x, width;

		if (!timeline_is_late(h))
			continue;
		timeline_duration(p->t, h->late_by, text);
		x = axis_x(&p->axis, h->late_at);
		width = LETTER * (double)(strlen(text) + 6);
		fprintf(p->to,
			"<text class=\"late\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" "
			"font-size=\"11\" "
			"font-weight=\"bold\" fill=\"#8f2d00\" stroke=\"#ffffff\" "
			"stroke-width=\"3\" "
			"paint-order=\"stroke\">%s late</text>\n",
			x + width + 10 < WIDTH - RIGHT ? x + 8 : x - 8,
			TOP + p->pitch * (double)h->late + p->height / 2 + 4,
			x + width + 10 < WIDTH - RIGHT ? "start" : "end", text);
	}
}

/* Above and below them. */

static void centred(const struct picture *p, double x, double y, const char *style,
		    const char *text)
{
	fprintf(p->to, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\" %s>%s</text>\n", x, y,
		style, text);
}

/*
 * From where to where a kernel ran, in its colour and with its name.  A clock that was
 * set back can have it end before it began.
 */
static void print_kernel(const struct picture *p, unsigned kernel, uint64_t from, uint64_t to)
{
	struct span span = {OWNER_KERNEL, kernel, from, to < from ? from : to};
	double x = from_x(p, &span), width = to_x(p, &span) - x;
	char name[TIMELINE_NAME];

	timeline_owner_name(p->t, &span, name);
	fprintf(p->to,
		"<g class=\"epoch\" data-kernel=\"%u\"><rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" "
		"height=\"5\" fill=\"%s\"/>",
		kernel, x, TOP - 12, width, colour(&span));
	if ((double)strlen(name) * LETTER < width)
		centred(p, x + width / 2, TOP - 17, "font-weight=\"bold\"", name);
	fputs("</g>\n", p->to);
}

static void print_kernels(const struct picture *p)
{
	const struct timeline *t = p->t;
	uint64_t from = t->start;
	bool open = t->overwritten > 0;

	for (size_t i = 0; i < t->nhandovers; i++) {
		const struct handover *h = &t->handovers[i];

		if (open)
			print_kernel(p, h->from, from,
				     h->returned ? h->last_return : h->first_release);
		open = h->released;
		from = h->first_release;
	}
	if (open)
		print_kernel(p, t->nkernels, from, t->end);
}

/* Entries that can't be read, across all lanes. */
static void print_gaps(const struct picture *p)
{
	for (size_t i = 0; i < p->t->ngaps; i++) {
		const struct gap *gap = &p->t->gaps[i];
		double x = axis_x(&p->axis, gap->from);

		fprintf(p->to,
			"<g class=\"gap\" data-entries=\"%" PRIu32 "\"><rect x=\"%.1f\" y=\"%d\" "
			"width=\"%.1f\" height=\"4\" fill=\"#d55e00\"/><title>%" PRIu32
			" entries can't be read</title></g>\n",
			gap->entries, x, TOP - 5, axis_x(&p->axis, gap->to) - x, gap->entries);
	}
}

static void print_ticks(const struct picture *p, const struct piece *piece)
{
	uint64_t step = axis_step(p->t, piece, TICK_ROOM), length = piece->to - piece->from;
	char text[TIMELINE_NAME + 1] = "+";

	for (uint64_t at = 0; at <= length; at += step) {
		double x = axis_x(&p->axis, piece->from + at);

		fprintf(p->to, "<path class=\"tick\" d=\"M%.1f %.1fv5\" stroke=\"#000000\"/>\n", x,
			p->bottom + 1);
		timeline_duration(p->t, at, text + 1);
		if (at && x + TICK_ROOM / 2 < piece->x + piece->width)
			centred(p, x, p->bottom + 18, "font-size=\"10\"", text);
		if (at > length - step || step > length)
			break;
	}
}

/* Its frame, its scale, and when it begins. */
static void print_piece(const struct picture *p, const struct piece *piece)
{
	char text[TIMELINE_NAME + 8];

	fprintf(p->to,
		"<rect class=\"piece\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%.1f\" "
		"fill=\"none\" stroke=\"#8a8a8a\"/>\n",
		piece->x, TOP - 4, piece->width, p->bottom - TOP + 5);
	if (piece->width > WIDE) {
		print_ticks(p, piece);
	} else if (piece->to > piece->from) {
		strcpy(text, "\342\206\224 "); /* an arrow to both sides */
		timeline_duration(p->t, piece->to - piece->from, text + 4);
		centred(p, piece->x + piece->width / 2, p->bottom + 18, "font-size=\"10\"", text);
	}
	text[0] = '+';
	timeline_duration(p->t, piece->from - p->t->start - (piece->from > p->t->start), text + 1);
	fprintf(p->to,
		"<text class=\"from\" x=\"%.1f\" y=\"%.1f\" font-weight=\"bold\" "
		"font-size=\"11\">%s</text>\n",
		piece->x, p->bottom + 33, text + (piece == p->axis.pieces));
}

static void print_break(const struct picture *p, const struct piece *piece)
{
	double x = piece->x + piece->width, width = piece[1].x - x;
	char text[TIMELINE_NAME];

	fprintf(p->to,
		"<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%.1f\" fill=\"#ffffff\" "
		"opacity=\".6\"/>\n",
		x + .5, TOP - 4, width - 1, p->bottom - TOP + 4);
	fprintf(p->to,
		"<path class=\"break\" d=\"M%.1f %.1fl4 -5l4 10l4 -5\" fill=\"none\" "
		"stroke=\"#000000\"/>\n",
		x + width / 2 - 6, p->bottom + 1);
	timeline_duration(p->t, piece[1].from - piece->to, text);
	centred(p, x + width / 2, p->bottom + 18, "font-size=\"9\" fill=\"#555555\"", text);
}

static double print_legend_entry(const struct picture *p, const struct span *span, double x,
				 double y)
{
	char name[TIMELINE_NAME];

	timeline_owner_name(p->t, span, name);
	fprintf(p->to,
		"<g class=\"legend\"><rect x=\"%.1f\" y=\"%.1f\" width=\"18\" height=\"12\" "
		"fill=\"%s\" "
		"stroke=\"#555555\" stroke-width=\".5\"/><text x=\"%.1f\" "
		"y=\"%.1f\">%s</text></g>\n",
		x, y - 10, colour(span), x + 24, y, name);
	return x + 24 + LETTER * (double)strlen(name) + 18;
}

static bool in_use(const struct timeline *t, enum owner owner)
{
	for (size_t l = 0; l < t->nlanes; l++)
		for (size_t i = 0; i < t->lanes[l].nspans; i++)
			if (t->lanes[l].spans[i].owner == owner)
				return true;
	return false;
}

#define LEGEND_KERNELS 6 /* more have no colour of their own */

static bool has_event(const struct timeline *t, uint32_t what)
{
	for (size_t i = 0; i < t->nentries; i++)
		if (t->entries[i].lane != SIZE_MAX && t->entries[i].event.what == what)
			return true;
	return false;
}

static void print_legend(const struct picture *p, double y)
{
	static const struct {
		uint32_t what;
		const char *text;
	} marks[] = {{BATON_EVENT_RETURN, "returned"},
		     {BATON_EVENT_RELEASE, "released"},
		     {BATON_EVENT_TEST, "proven (TEST)"},
		     {BATON_EVENT_COLLECTED, "collected by a stage"},
		     {BATON_EVENT_FAILED, "failed"}};
	double x = LEFT;

	for (enum owner owner = OWNER_UNKNOWN; owner <= OWNER_MISSING; owner++)
		if (owner != OWNER_KERNEL && in_use(p->t, owner))
			x = print_legend_entry(p, &(struct span){.owner = owner}, x, y);
	for (unsigned k = 1; k <= p->t->nkernels && k <= LEGEND_KERNELS; k++)
		x = print_legend_entry(p, &(struct span){OWNER_KERNEL, k, 0, 0}, x, y);
	x = LEFT + 8;
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		struct picture one = *p;

		if (!has_event(p->t, marks[i].what))
			continue;
		one.height = 13;
		fputs("<g class=\"key\"><path ", p->to);
		print_sign(&one, marks[i].what, x, y + 17.5);
		fprintf(p->to, "/><text x=\"%.1f\" y=\"%.1f\">%s</text></g>\n", x + 12, y + 22,
			marks[i].text);
		x += 12 + LETTER * (double)strlen(marks[i].text) + 26;
	}
}

static void print_heading(const struct picture *p, bool title)
{
	const struct timeline *t = p->t;
	char *missing = words_missing(t), *kernels = words_kernels(t), length[TIMELINE_NAME];

	timeline_duration(t, t->end - t->start, length);
	if (title)
		fprintf(p->to,
			"<text x=\"%d\" y=\"26\" font-size=\"17\" font-weight=\"bold\">Which "
			"kernel owned which CPU</text>\n",
			LEFT);
	fprintf(p->to,
		"<text x=\"%d\" y=\"46\">%zu CPU%s, %s, %zu ledger entries, %s. "
		"Each box has a scale of its own.</text>\n",
		LEFT, t->nlanes, t->nlanes == 1 ? "" : "s", kernels, t->nentries, length);
	if (missing)
		fprintf(p->to,
			"<text class=\"missing\" x=\"%d\" y=\"61\" fill=\"#b34700\">%s</text>\n",
			LEFT, missing);
	free(kernels);
	free(missing);
}

void picture_draw(FILE *to, const struct timeline *t, bool page)
{
	struct picture p = {.to = to, .t = t};
	int top = page ? HEADING : 0; /* the page has the heading */
	double height;

	choose_sizes(&p);
	axis_make(&p.axis, t, LEFT, WIDTH - LEFT - RIGHT);
	height = p.bottom + 90 + (page ? 0 : 8 + 17.0 * (double)t->nhandovers);
	if (!page)
		fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", to);
	fprintf(to,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 %d %d %.0f\"%s "
		"role=\"img\" aria-label=\"Which kernel owned which CPU, when\" "
		"font-family=\"DejaVu "
		"Sans, Verdana, sans-serif\" font-size=\"%d\">\n",
		top, WIDTH, height - top, page ? "" : " width=\"1200\"", TEXT);
	print_defs(&p);
	fprintf(to, "<rect width=\"%d\" height=\"%.0f\" fill=\"#ffffff\"/>\n", WIDTH, height);
	print_heading(&p, !page);
	for (size_t l = 0; l < t->nlanes; l++)
		print_lane(&p, l);
	print_marks(&p);
	print_kernels(&p);
	print_gaps(&p);
	for (size_t i = 0; i < p.axis.n; i++) {
		print_piece(&p, &p.axis.pieces[i]);
		if (i + 1 < p.axis.n)
			print_break(&p, &p.axis.pieces[i]);
	}
	print_late(&p);
	print_legend(&p, p.bottom + 54);
	for (size_t i = 0; !page && i < t->nhandovers; i++) {
		char *text = words_handover(t, &t->handovers[i]);

		fprintf(to, "<text class=\"handover\" x=\"%d\" y=\"%.1f\">%s</text>\n", LEFT,
			p.bottom + 102 + 17.0 * (double)i, text);
		free(text);
	}
	fputs("</svg>\n", to);
	axis_free(&p.axis);
}
