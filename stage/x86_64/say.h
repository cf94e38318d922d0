/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* What the stage tells the user, on whatever console its form has. */
#ifndef STAGE_X86_64_SAY_H
#define STAGE_X86_64_SAY_H

/* What is said before this is lost.  @put_line gets whole lines, which end in CR LF. */
void say_start(void (*put_line)(const char *line));

/* Say details too. */
void say_verbosely(void);

/* One line; "baton: " and the line end are added.  Conversions: format.h. */
void say(const char *text, ...) __attribute__((format(printf, 1, 2)));

/* The same, only when verbose. */
void say_detail(const char *text, ...) __attribute__((format(printf, 1, 2)));

#endif /* STAGE_X86_64_SAY_H */
