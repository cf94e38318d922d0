/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * How a command describes itself, and how it takes its options.
 *
 * A command is a struct command in a file of its own and a line in commands.c.
 * Its help, its manual page and its shell completion all come from that
 * structure.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <stdio.h>

#include "cli.h"

/* A list of these ends with one that has no name.  --help need not be in it. */
struct command_option {
	int key; /* the letter of the short form; from COMMAND_LONG on there is none */
	const char *name;
	const char
		*argument; /* NULL: takes none.  FILE, DIR, a word for others, or one|two|three */
	const char *help;  /* a sentence without its full stop */
};

#define COMMAND_LONG 0x100

struct command_example { /* a list of these ends with one that has no command */
	const char *what;
	const char *command;
};

struct command {
	const char *name;
	const char *summary; /* what it does: a few words, lower case, no full stop */
	const char *usage;   /* what comes after "baton NAME"; one line for each way to call it */
	const char *operand; /* what completes its operands: as the argument of an option */
	const char *text;    /* paragraphs with an empty line between them, without line breaks */
	const struct command_option *options;
	const struct command_example *examples;
	/* argv[0] is the name of the command.  Returns an enum cli_exit. */
	int (*main)(const struct command *self, int argc, char **argv);
};

/* The help of a command, as text. */
void command_print_help(const struct command *command, FILE *to);

/*
 * Returns the key of the next option on the command line, with its argument in
 * optarg, or -1 after the last one: then the operands begin at argv[optind].
 * For --help and for a wrong option it does not return: it prints the help or an
 * error, and exits.
 */
int command_next_option(const struct command *command, int argc, char **argv);

/* Reports that @command was called wrongly, and where to read about it.  Returns CLI_USAGE. */
int command_usage(const struct command *command, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif /* CLI_COMMAND_H */
