/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * manual [COMMAND]: the manual page of a command, or of baton as a whole, on
 * standard output.  It says what --help says, from the same source.
 */
#include <stdio.h>
#include <string.h>

#include "cli/commands.h"

/* Text in which nothing means anything to roff; @ch at the start of a line neither. */
static void put(const char *text, size_t length)
{
	bool begins = true;

	for (size_t i = 0; i < length; i++) {
		if (begins && (text[i] == '.' || text[i] == '\''))
			fputs("\\&", stdout);
		begins = text[i] == '\n';
		if (text[i] == '\\')
			fputs("\\e", stdout);
		else if (text[i] == '-')
			fputs("\\-", stdout);
		else
			putchar(text[i]);
	}
}

static void put_text(const char *text)
{
	put(text, strlen(text));
}

/* Paragraphs are divided by an empty line. */
static void put_paragraphs(const char *text)
{
	const char *end;

	while ((end = strstr(text, "\n\n"))) {
		put(text, (size_t)(end - text));
		fputs("\n.PP\n", stdout);
		text = end + 2;
	}
	put_text(text);
	putchar('\n');
}

static void put_capital(const char *text)
{
	for (; *text; text++)
		putchar(*text >= 'a' && *text <= 'z' ? *text - 'a' + 'A' : *text);
}

static void put_title(const char *command)
{
	fputs(".\\\" SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later\n.TH BATON", stdout);
	if (command) {
		fputs("\\-", stdout);
		put_capital(command);
	}
	printf(" 1 \"\" \"baton %s\" \"baton\"\n.nh\n.ad l\n.SH NAME\nbaton", cli_version);
	if (command)
		printf("\\-%s", command);
	fputs(" \\- ", stdout);
}

static void put_synopsis(const struct command *command)
{
	const char *line = command->usage ? command->usage : "";

	puts(".SH SYNOPSIS");
	for (const char *before = ""; line; before = ".br\n") {
		size_t length = strcspn(line, "\n");

		printf("%s.B baton %s\n", before, command->name);
		put(line, length);
		if (length)
			putchar('\n');
		line = line[length] ? line + length + 1 : NULL;
	}
}

static void put_option(const struct command_option *option)
{
	puts(".TP");
	if (option->key < COMMAND_LONG)
		printf("\\fB\\-%c\\fR, ", option->key);
	fputs("\\fB\\-\\-", stdout);
	put_text(option->name);
	fputs("\\fR", stdout);
	if (option->argument) {
		fputs(" \\fI", stdout);
		put_text(option->argument);
		fputs("\\fR", stdout);
	}
	putchar('\n');
	put_text(option->help);
	puts(".");
}

static void put_examples(const struct command_example *example)
{
	if (!example || !example->command)
		return;
	puts(".SH EXAMPLES");
	for (; example->command; example++) {
		puts(".PP");
		put_text(example->what);
		fputs(":\n.PP\n.RS 4\n.EX\n", stdout);
		put_text(example->command);
		fputs("\n.EE\n.RE\n", stdout);
	}
}

static void put_exit_status(void)
{
	puts(".SH EXIT STATUS\n"
	     ".TP\n.B 0\nDone.\n"
	     ".TP\n.B 1\nRefused, or tried and failed. What was there before is unchanged.\n"
	     ".TP\n.B 2\nCalled wrongly. Nothing was tried.");
}

static void command_page(const struct command *command)
{
	static const struct command_option help = {'h', "help", NULL, "say what the command does"};

	put_title(command->name);
	put_text(command->summary);
	putchar('\n');
	put_synopsis(command);
	puts(".SH DESCRIPTION");
	put_paragraphs(command->text ? command->text : command->summary);
	puts(".SH OPTIONS");
	for (const struct command_option *o = command->options; o && o->name; o++)
		put_option(o);
	put_option(&help);
	put_examples(command->examples);
	put_exit_status();
	puts(".SH SEE ALSO\n.BR baton (1)");
}

static void overview_page(void)
{
	put_title(NULL);
	puts("keep a machine's secondary CPUs in trust between kernels\n"
	     ".SH SYNOPSIS\n.B baton\nCOMMAND [OPTION...] [ARGUMENT...]\n"
	     ".SH DESCRIPTION\n"
	     "baton puts a small program, the resident, into reserved memory. It takes every "
	     "CPU that no kernel owns, proves that it has it, and gives it to the next kernel on "
	     "request, by a standard interface: the ACPI Multiprocessor Wakeup structure, version "
	     "1. Linux takes its CPUs from there and gives them back, as it is.\n"
	     ".PP\n"
	     "This command says what a machine offers, puts baton into its way of booting, and "
	     "shows what has happened. Each command has a page of its own.\n"
	     ".SH COMMANDS");
	for (const struct command *const *c = commands; *c; c++) {
		printf(".TP\n.BR baton\\-%s (1)\n", (*c)->name);
		put_text((*c)->summary);
		putchar('\n');
	}
	puts(".SH OPTIONS\n"
	     ".TP\n\\fB\\-h\\fR, \\fB\\-\\-help\\fR\nlist the commands.\n"
	     ".TP\n\\fB\\-V\\fR, \\fB\\-\\-version\\fR\nsay which version this is.");
	put_exit_status();
	puts(".SH ENVIRONMENT\n"
	     ".TP\n.B NO_COLOR\nIf it is set and not empty, nothing is printed in colour.\n"
	     ".SH FILES\n"
	     ".TP\n.I \\eEFI\\ebaton\\ebaton.efi\n"
	     "on the EFI system partition: what the firmware starts.\n"
	     ".TP\n.I \\eEFI\\ebaton\\ebaton.conf\n"
	     "beside it: what that starts in its turn.\n"
	     ".TP\n.I /sys/firmware/acpi/tables/BATN\n"
	     "what the resident knows of every CPU, and the ledger.");
}

int main(int argc, char **argv)
{
	const struct command *command = argc > 1 ? commands_find(argv[1]) : NULL;

	if (argc > 2 || (argc > 1 && !command)) {
		fputs("usage: manual [COMMAND]\n", stderr);
		return CLI_USAGE;
	}
	if (command)
		command_page(command);
	else
		overview_page();
	return fflush(stdout) || ferror(stdout) ? CLI_FAILED : CLI_DONE;
}
