/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* The list of commands, and baton help, which prints it. */
#include "commands.h"

#include <getopt.h>
#include <string.h>

const struct command *commands_find(const char *name)
{
	const struct command *const *c = commands;

	while (*c && strcmp((*c)->name, name))
		c++;
	return *c;
}

void commands_print_overview(FILE *to)
{
	fputs("usage: baton COMMAND [OPTION...] [ARGUMENT...]\n\n"
	      "baton holds a machine's secondary CPUs while no kernel owns them.\n\n"
	      "Commands:\n",
	      to);
	for (const struct command *const *c = commands; *c; c++)
		fprintf(to, "  %-12s %s\n", (*c)->name, (*c)->summary);
	fputs("\n"
	      "\"baton help COMMAND\" explains one of them; \"baton --version\" prints "
	      "the version.\n"
	      "Exit code: 0 done, 1 refused or failed, 2 wrong usage.\n",
	      to);
}

static int help_main(const struct command *self, int argc, char **argv)
{
	const struct command *command;

	while (command_next_option(self, argc, argv) != -1)
		;
	if (argc - optind > 1)
		return command_usage(self, "one command at a time");
	if (argc == optind) {
		commands_print_overview(stdout);
		return CLI_DONE;
	}
	command = commands_find(argv[optind]);
	if (!command)
		return command_usage(self, "%s: no such command", argv[optind]);
	command_print_help(command, stdout);
	return CLI_DONE;
}

static const struct command help_command = {
	.name = "help",
	.summary = "explain baton and its commands",
	.usage = "[COMMAND]",
	.operand = "COMMAND",
	.text = "Explains COMMAND, with its options and examples. Without COMMAND, lists "
		"all commands.",
	.main = help_main,
};

/* clang-format off */
const struct command *const commands[] = {
	&inspect_command,
	&wrap_command,
	&unwrap_command,
	&kexec_command,
	&vm_command,
	&install_command,
	&uninstall_command,
	&status_command,
	&ledger_command,
	&report_command,
	&help_command,
	NULL,
};
/* clang-format on */
