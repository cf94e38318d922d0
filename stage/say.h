/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* What the stage prints, on the console that its way of entry has. */
#ifndef STAGE_SAY_H
#define STAGE_SAY_H

/* Have lines printed by @put_line: whole ones, ending in CR LF.  Earlier ones are lost. */
void say_start(void (*put_line)(const char *line));

/* Print details too. */
void say_verbosely(void);

/* One line; "baton: " and the line end are added.  Conversions: format.h. */
void say(const char *text, ...) __attribute__((format(printf, 1, 2)));

/* The same, only when verbose. */
void say_detail(const char *text, ...) __attribute__((format(printf, 1, 2)));

#endif /* STAGE_SAY_H */
