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
 * Print "baton: " and the message to stderr.  A message names what is wrong, why, and
 * what to do: "vmlinuz: not a bzImage: give the kernel's own file, not a package".
 * If the command goes on in spite of it, it is a warning.
 */
int cli_error(const char *format, ...)
	__attribute__((format(printf, 1, 2))); /* returns CLI_FAILED */
/* An error about a file, with the reason from errno.  Returns CLI_FAILED. */
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

/* Replaces control and non-ASCII characters in @text by "?", and returns it. */
char *cli_printable(char *text);

/*
 * @text in lines of at most @width columns, each but the first after @indent
 * spaces; the first is taken to begin there.  Line breaks in it are kept.
 */
void cli_fold(FILE *to, const char *text, int indent, int width);

/*
 * Shows the progress of a longer task on a terminal, after the first second.  @total 0:
 * not known.  cli_progress_end() removes the line.
 */
void cli_progress(const char *what, unsigned long long done, unsigned long long total);
void cli_progress_end(void);

/*
 * Returns all of a file ("-": standard input), at most @max bytes, and a 0 behind them,
 * to be freed; *length may be NULL.  Returns NULL with errno; EFBIG: more than @max.
 */
void *cli_read_file(const char *path, size_t max, size_t *length);

/*
 * Write a file as a whole ("-": standard output): another file under its name
 * stays as it is until all is written, and the new one has its permissions.
 * Returns false with errno.
 */
bool cli_write_file(const char *path, const void *data, size_t length);

/*
 * Makes a new folder in TMPDIR, else /tmp, that other users can't read.  Returns its path,
 * to be freed; NULL after reporting an error.
 */
char *cli_make_folder(void);

/*
 * Returns the path of a file that belongs to baton, to be freed: beside the program, as in
 * the folder it was built in, or in ../lib/baton from there.  NULL after reporting an error.
 */
char *cli_own_file(const char *name);

#endif /* CLI_CLI_H */
