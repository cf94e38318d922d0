/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* baton COMMAND ...: for people on Linux.  Finds the command and calls it. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"

/* A command whose output could not be written has failed. */
static int flushed(int code)
{
	if (!fflush(stdout) && !ferror(stdout))
		return code;
	cli_error("standard output: %s", strerror(errno));
	return code ? code : CLI_FAILED;
}

int main(int argc, char **argv)
{
	const struct command *command;

	if (argc < 2) {
		commands_print_overview(stderr);
		return CLI_USAGE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")) {
		commands_print_overview(stdout);
		return flushed(CLI_DONE);
	}
	if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-V")) {
		printf("baton %s\n", cli_version);
		return flushed(CLI_DONE);
	}
	command = commands_find(argv[1]);
	if (!command) {
		cli_error("%s: no such %s: \"baton --help\" lists the commands", argv[1],
			  argv[1][0] == '-' ? "option" : "command");
		return CLI_USAGE;
	}
	return flushed(command->main(command, argc - 1, argv + 1));
}
