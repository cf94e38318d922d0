/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * What the commands of baton share: how a command describes itself, how it
 * takes its options, and how it speaks to the person who called it.
 *
 * A command is a struct command in a file of its own and a line in commands.c.
 * Its help, its manual page and its shell completion all come from that
 * structure.
 */
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

/* A list of these ends with one that has no name.  --help need not be in it. */
struct cli_option {
	int key; /* the letter of the short form; from CLI_LONG on there is none */
	const char *name;
	const char
		*argument; /* NULL: takes none.  FILE, DIR, a word for others, or one|two|three */
	const char *help;  /* a sentence without its full stop */
};

#define CLI_LONG 0x100

struct cli_example { /* a list of these ends with one that has no command */
	const char *what;
	const char *command;
};

struct command {
	const char *name;
	const char *summary; /* what it does: a few words, lower case, no full stop */
	const char *usage;   /* what comes after "baton NAME"; one line for each way to call it */
	const char *operand; /* what completes its operands: as the argument of an option */
	const char *text;    /* paragraphs with an empty line between them, without line breaks */
	const struct cli_option *options;
	const struct cli_example *examples;
	/* argv[0] is the name of the command.  Returns an enum cli_exit. */
	int (*main)(const struct command *self, int argc, char **argv);
};

extern const struct command *const commands[]; /* ends with NULL */

extern const char cli_version[];

/* The command called @name, or NULL. */
const struct command *find_command(const char *name);

/* The overview, and the help of one command, as text. */
void print_overview(FILE *to);
void print_help(const struct command *command, FILE *to);

/*
 * The next option of the command line: its key, with its argument in optarg, or
 * -1 at the end, when the operands begin at argv[optind].  --help is answered
 * here, and a wrong option complained of; neither returns.
 */
int cli_next_option(const struct command *command, int argc, char **argv);

/*
 * "baton: " and the message to stderr.  A message says what, why, and what to do:
 * "vmlinuz: not a bzImage: give the kernel's own file, not a package".  One that
 * fails only notes why the rest goes on is a warning.
 */
int cli_error(const char *format, ...) __attribute__((format(printf, 1, 2))); /* CLI_FAILED */
/* An error about a file, for which errno says why.  CLI_FAILED. */
int cli_file_error(const char *path, const char *what_to_do);
void cli_warning(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* An error in how @command was called, and where to read about it.  CLI_USAGE. */
int cli_usage(const struct command *command, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

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

#endif /* CLI_CLI_H */
