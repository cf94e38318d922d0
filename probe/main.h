/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#ifndef PROBE_MAIN_H
#define PROBE_MAIN_H

/*
 * Of the architecture, called from assembly on the boot CPU, with interrupts off and on our
 * own stack: set up memory, traps and console, then call main_run().  @tree: on arm64 the
 * device tree; x86-64 does not use it.
 */
_Noreturn void main_start(const void *tree);

/* What main_run() reports first. */
struct main_report {
	const char *way;     /* by which the probe was started */
	const char *options; /* as it was given them */
	const char *unknown; /* the first that it does not know, or NULL */
	const char *paging;  /* how memory is mapped, or NULL */
	const char *trouble; /* what went wrong so far, or NULL */
	const void *image;   /* where it begins */
};

/*
 * Run all checks.  Then @next, if it is not NULL, begins what comes after them, perhaps
 * another kernel; if it returns, the machine is reset or halted.
 */
_Noreturn void main_run(const struct main_report *report, void (*last_check)(void),
			void (*next)(void));

#endif /* PROBE_MAIN_H */
