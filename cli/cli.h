/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* What the commands share: messages, text, memory, progress, files. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* What baton exits with, and what the main function of a command returns. */
enum cli_exit {
	CLI_DONE = 0,
	CLI_FAILED = 1, /* refused, or tried and failed; what was there before is unchanged */
	CLI_USAGE = 2,	/* called wrongly; nothing was tried */
};

extern const char cli_version[];

/*
 * "baton: " and the message to stderr.  A message says what, why, and what to do:
 * "vmlinuz: not a bzImage: give the kernel's own file, not a package".  One that
 * fails only notes why the rest goes on is a warning.
 */
int cli_error(const char *format, ...) __attribute__((format(printf, 1, 2))); /* CLI_FAILED */
/* An error about a file, for which errno says why.  CLI_FAILED. */
int cli_file_error(const char *path, const char *what_to_do);
void cli_warning(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Text on stdout, in colour if that is a terminal and NO_COLOR is not set. */
enum cli_style { CLI_PLAIN, CLI_BOLD, CLI_DIM, CLI_GOOD, CLI_WARN, CLI_BAD };
void cli_print(enum cli_style style, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Memory, zeroed, and text made by printf, to be freed.  Without memory baton ends. */
void *cli_alloc(size_t size);
void *cli_grow(void *array, size_t count, size_t size);
char *cli_text(const char *format, ...) __attribute__((format(printf, 1, 2)));
char *cli_vtext(const char *format, va_list args) __attribute__((format(printf, 1, 0)));

/* @text, in which what a terminal might obey, or not know, has become "?". */
char *cli_printable(char *text);

/*
 * @text in lines of at most @width columns, each but the first after @indent
 * spaces; the first is taken to begin there.  Line breaks in it are kept.
 */
void cli_fold(FILE *to, const char *text, int indent, int width);

/*
 * What something that may take longer is about, and how far it has come; shown
 * on a terminal, once a second has gone by.  @total 0: not known.  cli_progress_end()
 * takes the line away.
 */
void cli_progress(const char *what, unsigned long long done, unsigned long long total);
void cli_progress_end(void);

/*
 * All of a file ("-": standard input), at most @max bytes, and a 0 behind them;
 * *length may be NULL.  To be freed.  NULL: errno says why.  EFBIG: more than @max.
 */
void *cli_read_file(const char *path, size_t max, size_t *length);

/*
 * Write a file as a whole ("-": standard output): another file under its name
 * stays as it is until all is written, and the new one has its permissions.
 * False: errno says why.
 */
bool cli_write_file(const char *path, const void *data, size_t length);

/*
 * A new folder in TMPDIR, else /tmp, that is closed to others; its path, to be
 * freed.  NULL: it can't be made, which has been complained of.
 */
char *cli_make_folder(void);

/*
 * A file that belongs to baton: beside the program, as in the folder it was built in,
 * or in ../lib/baton from there.  Its path, to be freed; NULL, told, if it is in neither.
 */
char *cli_own_file(const char *name);

#endif /* CLI_CLI_H */
