/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include <string.h>

#include "cli.h"
#include "commands.h"

#ifndef BATON_VERSION
#error "the build says which version this is"
#endif

const char cli_version[] = BATON_VERSION;

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

const struct command *find_command(const char *name)
{
	const struct command *const *c = commands;

	while (*c && strcmp((*c)->name, name))
		c++;
	return *c;
}
