/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * What the probe finds, in the Test Anything Protocol, and its verdict.  One
 * check is one line; it has a name of its own, one word, which stays the same
 * from version to version (docs/probe.md lists them), and the sections that ask
 * for what it checks:
 *
 *	# CPU 3: its length is 16
 *	not ok 6 - wakeup-length: the length goes with the version [ACPI 6.6, 5.2.12.19]
 *
 * From one CPU at a time.
 */
#ifndef PROBE_TAP_H
#define PROBE_TAP_H

#include <stdbool.h>
#include <stdint.h>

struct check {
	const char *name; /* a word */
	const char *what; /* that must be true */
	const char *spec; /* the sections that ask for it */
};

/* Begin a check; ends the one before. */
void tap_begin(const struct check *check);

/* What was found wrong; a line of its own.  The check fails. */
void tap_fault(const char *text, ...) __attribute__((format(printf, 1, 2)));

/* Whether the check that has begun has no fault so far. */
bool tap_good(void);

/* End the check that has begun: ok, or not ok if there were faults. */
void tap_end(void);

/* End it without a result: @why it can't be had, or not asked for. */
void tap_skip(const char *why);

/* A check in one piece, skipped. */
void tap_skipped(const struct check *check, const char *why);

/* A tap_remark: a line that begins with "# ". */
void tap_remark(const char *text, ...) __attribute__((format(printf, 1, 2)));

/*
 * A finding that makes it unsafe to go on: the check that has begun fails for it;
 * "Bail out!", summary, verdict, and the end.
 */
_Noreturn void tap_bail_out(const char *text, ...) __attribute__((format(printf, 1, 2)));

/* Plan, summary, verdict; true if nothing has failed. */
bool tap_finish(void);

#endif /* PROBE_TAP_H */
