/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "command.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

#define OPTIONS_MAX 64
#define HELP_KEY 'h'

#define WIDTH 80
#define OPTION_COLUMN 26 /* where the help of an option begins */

static void print_usage(const struct command *command, FILE *to)
{
	const char *line = command->usage ? command->usage : "";

	for (const char *lead = "usage:"; line; lead = "      ") {
		int length = (int)strcspn(line, "\n");

		fprintf(to, "%s baton %s%s%.*s\n", lead, command->name, length ? " " : "", length,
			line);
		line = line[length] ? line + length + 1 : NULL;
	}
}

static void print_option(const struct command_option *option, FILE *to)
{
	int column = option->key < COMMAND_LONG
			     ? fprintf(to, "  -%c, --%s", option->key, option->name)
			     : fprintf(to, "      --%s", option->name);

	if (option->argument)
		column += fprintf(to, " %s", option->argument);
	if (column + 2 > OPTION_COLUMN) {
		fputc('\n', to);
		column = 0;
	}
	fprintf(to, "%*s", OPTION_COLUMN - column, "");
	cli_fold(to, option->help, OPTION_COLUMN, WIDTH);
	fputc('\n', to);
}

void command_print_help(const struct command *command, FILE *to)
{
	static const struct command_option help = {'h', "help", NULL, "print this help"};

	print_usage(command, to);
	fputc('\n', to);
	cli_fold(to, command->text ? command->text : command->summary, 0, WIDTH);
	fputs("\n\nOptions:\n", to);
	for (const struct command_option *o = command->options; o && o->name; o++)
		print_option(o, to);
	print_option(&help, to);
	if (command->examples && command->examples->command)
		fputs("\nExamples:\n", to);
	for (const struct command_example *e = command->examples; e && e->command; e++) {
		fputs("  ", to);
		cli_fold(to, e->what, 2, WIDTH);
		fprintf(to, ":\n      %s\n", e->command);
	}
}

int command_usage(const struct command *command, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = cli_vtext(format, args);
	va_end(args);
	cli_error("%s", text);
	free(text);
	fprintf(stderr, "baton: see \"baton help %s\"\n", command->name);
	return CLI_USAGE;
}

int command_next_option(const struct command *command, int argc, char **argv)
{
	struct option longs[OPTIONS_MAX + 2] = {{"help", no_argument, NULL, HELP_KEY}};
	char shorts[2 * OPTIONS_MAX + 4] = ":h";
	size_t n = 1, s = 2;
	int key;

	for (const struct command_option *o = command->options; o && o->name && n <= OPTIONS_MAX;
	     o++) {
		longs[n++] = (struct option){o->name, o->argument ? required_argument : no_argument,
					     NULL, o->key};
		if (o->key >= COMMAND_LONG)
			continue;
		shorts[s++] = (char)o->key;
		if (o->argument)
			shorts[s++] = ':';
	}
	key = getopt_long(argc, argv, shorts, longs, NULL);
	switch (key) {
	case HELP_KEY:
		command_print_help(command, stdout);
		exit(fflush(stdout) ? CLI_FAILED : CLI_DONE);
	case '?':
		exit(command_usage(command, "%s: no such option, or one that takes no argument",
				   argv[optind - 1]));
	case ':':
		exit(command_usage(command, "%s: its argument is missing", argv[optind - 1]));
	default:
		return key;
	}
}
