/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* baton help: what the commands say of themselves, as text. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "commands.h"

#define WIDTH 80
#define OPTION_COLUMN 26 /* where the help of an option begins */

void print_overview(FILE *to)
{
	fputs("usage: baton COMMAND [OPTION...] [ARGUMENT...]\n\n"
	      "baton keeps a machine's secondary CPUs in trust between kernels.\n\n"
	      "Commands:\n",
	      to);
	for (const struct command *const *c = commands; *c; c++)
		fprintf(to, "  %-12s %s\n", (*c)->name, (*c)->summary);
	fputs("\n\"baton help COMMAND\" tells more.  \"baton --version\" says which version this "
	      "is.\n"
	      "Exit code: 0 done, 1 refused or failed, 2 called wrongly.\n",
	      to);
}

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

static void print_option(const struct cli_option *option, FILE *to)
{
	int column = option->key < CLI_LONG ? fprintf(to, "  -%c, --%s", option->key, option->name)
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

void print_help(const struct command *command, FILE *to)
{
	static const struct cli_option help = {'h', "help", NULL, "this text"};

	print_usage(command, to);
	fputc('\n', to);
	cli_fold(to, command->text ? command->text : command->summary, 0, WIDTH);
	fputs("\n\nOptions:\n", to);
	for (const struct cli_option *o = command->options; o && o->name; o++)
		print_option(o, to);
	print_option(&help, to);
	if (command->examples && command->examples->command)
		fputs("\nExamples:\n", to);
	for (const struct cli_example *e = command->examples; e && e->command; e++) {
		fputs("  ", to);
		cli_fold(to, e->what, 2, WIDTH);
		fprintf(to, ":\n      %s\n", e->command);
	}
}

static int help_main(const struct command *self, int argc, char **argv)
{
	const struct command *command;

	while (cli_next_option(self, argc, argv) != -1)
		;
	if (argc - optind > 1)
		return cli_usage(self, "one command at a time");
	if (argc == optind) {
		print_overview(stdout);
		return CLI_DONE;
	}
	command = find_command(argv[optind]);
	if (!command)
		return cli_usage(self, "%s: no such command", argv[optind]);
	print_help(command, stdout);
	return CLI_DONE;
}

const struct command help_command = {
	.name = "help",
	.summary = "say what baton and its commands do",
	.usage = "[COMMAND]",
	.operand = "COMMAND",
	.text = "Says what COMMAND does, with its options and examples; without COMMAND, which "
		"commands there are.",
	.main = help_main,
};
