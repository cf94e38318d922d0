/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * completion bash|zsh|commands: what completes the command line of baton in that
 * shell, or the names of the commands, on standard output; from the same source as
 * --help.
 */
#include <stdio.h>
#include <string.h>

#include "cli/commands.h"

/* In single quotes; the text has none. */
static void put_quoted(const char *text)
{
	for (; *text; text++)
		if (*text != '\'')
			putchar(*text);
}

static bool is_choice(const char *argument)
{
	return strchr(argument, '|');
}

static void put_words(const char *choice, char between)
{
	for (; *choice; choice++)
		putchar(*choice == '|' ? between : *choice);
}

static void put_commands(char end)
{
	for (const struct command *const *c = commands; *c; c++)
		printf("%s%c", (*c)->name, end);
}

/* bash. */

/* What sets COMPREPLY for an argument; nothing for a word of the user's own. */
static void bash_argument(const char *argument)
{
	if (!strcmp(argument, "FILE"))
		fputs("_baton_files -f", stdout);
	else if (!strcmp(argument, "DIR"))
		fputs("_baton_files -d", stdout);
	else if (!strcmp(argument, "COMMAND"))
		fputs("_baton_words \"$commands\"", stdout);
	else if (is_choice(argument)) {
		fputs("_baton_words '", stdout);
		put_words(argument, ' ');
		putchar('\'');
	} else
		putchar(':');
}

static void bash_option(const struct command_option *option)
{
	if (!option->argument)
		return;
	fputs("\t\t", stdout);
	if (option->key < COMMAND_LONG)
		printf("-%c | ", option->key);
	printf("--%s) ", option->name);
	bash_argument(option->argument);
	puts(" ;;");
}

static void bash_command(const struct command *command)
{
	printf("\t%s)\n\t\tcase $prev in\n", command->name);
	for (const struct command_option *o = command->options; o && o->name; o++)
		bash_option(o);
	fputs("\t\t*)\n\t\t\tcase $cur in\n\t\t\t-*) _baton_words '--help", stdout);
	for (const struct command_option *o = command->options; o && o->name; o++)
		printf(" --%s", o->name);
	fputs("' ;;\n\t\t\t*) ", stdout);
	bash_argument(command->operand ? command->operand : "");
	puts(" ;;\n\t\t\tesac\n\t\t\t;;\n\t\tesac\n\t\t;;");
}

static void bash(void)
{
	fputs("# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later\n"
	      "# shellcheck shell=bash\n"
	      "# Completes the command line of baton(1).\n\n"
	      "_baton_words() {\n"
	      "\tmapfile -t COMPREPLY < <(compgen -W \"$1\" -- \"$cur\")\n"
	      "}\n\n"
	      "_baton_files() {\n"
	      "\tcompopt -o filenames\n"
	      "\tmapfile -t COMPREPLY < <(compgen \"$1\" -- \"$cur\")\n"
	      "}\n\n"
	      "_baton() {\n"
	      "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}\n"
	      "\tlocal commands='",
	      stdout);
	put_commands(' ');
	fputs("'\n\n\tif [ \"$COMP_CWORD\" = 1 ]; then\n"
	      "\t\t_baton_words \"$commands --help --version\"\n"
	      "\t\treturn\n\tfi\n"
	      "\tcase ${COMP_WORDS[1]} in\n",
	      stdout);
	for (const struct command *const *c = commands; *c; c++)
		bash_command(*c);
	puts("\tesac\n}\n\ncomplete -F _baton baton");
}

/* zsh. */

static void zsh_argument(const char *argument)
{
	if (!strcmp(argument, "FILE"))
		fputs("_files", stdout);
	else if (!strcmp(argument, "DIR"))
		fputs("_files -/", stdout);
	else if (!strcmp(argument, "COMMAND"))
		fputs("_baton_commands", stdout);
	else if (is_choice(argument)) {
		putchar('(');
		put_words(argument, ' ');
		putchar(')');
	}
}

/* In a specification of _arguments, brackets and colons mean something. */
static void zsh_text(const char *text)
{
	for (; *text; text++) {
		if (strchr("[]:\\", *text))
			putchar('\\');
		if (*text != '\'')
			putchar(*text);
	}
}

static void zsh_option(const struct command_option *option)
{
	fputs("\t\t\t'", stdout);
	if (option->key < COMMAND_LONG)
		printf("(-%c --%s)'{-%c,--%s}'", option->key, option->name, option->key,
		       option->name);
	else
		printf("--%s", option->name);
	putchar('[');
	zsh_text(option->help);
	putchar(']');
	if (option->argument) {
		printf(":%s:", is_choice(option->argument) ? "word" : option->argument);
		zsh_argument(option->argument);
	}
	puts("' \\");
}

static void zsh_command(const struct command *command)
{
	static const struct command_option help = {'h', "help", NULL, "explain the command"};

	printf("\t\t%s)\n\t\t\t_arguments \\\n", command->name);
	for (const struct command_option *o = command->options; o && o->name; o++)
		zsh_option(o);
	zsh_option(&help);
	fputs("\t\t\t'*:argument:", stdout);
	zsh_argument(command->operand ? command->operand : "");
	puts("'\n\t\t\t;;");
}

static void zsh(void)
{
	puts("#compdef baton\n"
	     "# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later\n"
	     "# Completes the command line of baton(1).\n\n"
	     "_baton_commands() {\n"
	     "\tlocal -a commands=(");
	for (const struct command *const *c = commands; *c; c++) {
		printf("\t\t'%s:", (*c)->name);
		put_quoted((*c)->summary);
		puts("'");
	}
	puts("\t)\n"
	     "\t_describe command commands\n"
	     "}\n\n"
	     "_baton() {\n"
	     "\tlocal context state state_descr line\n"
	     "\tlocal -A opt_args\n\n"
	     "\t_arguments -C '(-)--help[list the commands]' '(-)--version[print "
	     "the version]' \\\n"
	     "\t\t'1:command:_baton_commands' '*::argument:->argument'\n"
	     "\t[[ $state == argument ]] || return\n"
	     "\tcase $words[1] in");
	for (const struct command *const *c = commands; *c; c++)
		zsh_command(*c);
	puts("\tesac\n}\n\n_baton \"$@\"");
}

int main(int argc, char **argv)
{
	const char *what = argc == 2 ? argv[1] : "";

	if (!strcmp(what, "bash"))
		bash();
	else if (!strcmp(what, "zsh"))
		zsh();
	else if (!strcmp(what, "commands"))
		put_commands('\n');
	else {
		fputs("usage: completion bash|zsh|commands\n", stderr);
		return CLI_USAGE;
	}
	return fflush(stdout) || ferror(stdout) ? CLI_FAILED : CLI_DONE;
}
