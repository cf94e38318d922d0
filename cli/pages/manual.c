/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * manual [COMMAND]: the manual page of a command, or of baton as a whole, on
 * standard output.  Its text is that of --help, from the same source.
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
	     ".TP\n"
	     ".B 0\n"
	     "Done.\n"
	     ".TP\n"
	     ".B 1\n"
	     "Refused, or tried and failed. What was there before is unchanged.\n"
	     ".TP\n"
	     ".B 2\n"
	     "Wrong usage. Nothing was tried.");
}

static void command_page(const struct command *command)
{
	static const struct command_option help = {'h', "help", NULL, "explain the command"};

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
	puts("hold a machine's secondary CPUs while no kernel owns them\n"
	     ".SH SYNOPSIS\n"
	     ".B baton\n"
	     "COMMAND [OPTION...] [ARGUMENT...]\n"
	     ".SH DESCRIPTION\n"
	     "baton puts a small program, the resident, into reserved memory. The "
	     "resident holds every CPU that no kernel owns, and proves that it does. "
	     "It gives CPUs to the next kernel on request, by a standard interface: "
	     "the ACPI Multiprocessor Wakeup structure, version 1. Unmodified Linux "
	     "takes its CPUs from there and returns them.\n"
	     ".PP\n"
	     "This command reports what a machine offers, installs baton, and shows "
	     "the recorded hand-overs. Each of its commands has a manual page of "
	     "its own.\n"
	     ".SH COMMANDS");
	for (const struct command *const *c = commands; *c; c++) {
		printf(".TP\n.BR baton\\-%s (1)\n", (*c)->name);
		put_text((*c)->summary);
		putchar('\n');
	}
	puts(".SH OPTIONS\n"
	     ".TP\n"
	     "\\fB\\-h\\fR, \\fB\\-\\-help\\fR\n"
	     "list the commands.\n"
	     ".TP\n"
	     "\\fB\\-V\\fR, \\fB\\-\\-version\\fR\n"
	     "print the version.");
	put_exit_status();
	puts(".SH ENVIRONMENT\n"
	     ".TP\n"
	     ".B NO_COLOR\n"
	     "If it is set and not empty, nothing is printed in colour.\n"
	     ".SH FILES\n"
	     ".TP\n"
	     ".I \\eEFI\\ebaton\\ebaton.efi\n"
	     "on the EFI system partition: the program that the firmware starts.\n"
	     ".TP\n"
	     ".I \\eEFI\\ebaton\\ebaton.conf\n"
	     "beside it: names the program that baton.efi starts.\n"
	     ".TP\n"
	     ".I /sys/firmware/acpi/tables/BATN\n"
	     "the state of every CPU, and the ledger.");
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
