/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* Every command of baton, and the file that defines it. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "command.h"

extern const struct command inspect_command;   /* inspect.c */
extern const struct command wrap_command;      /* wrap.c */
extern const struct command unwrap_command;    /* unwrap.c */
extern const struct command kexec_command;     /* kexec.c */
extern const struct command vm_command;	       /* vm.c */
extern const struct command install_command;   /* install.c */
extern const struct command uninstall_command; /* uninstall.c */
extern const struct command status_command;    /* status.c */
extern const struct command ledger_command;    /* ledger.c */
extern const struct command report_command;    /* report.c */

extern const struct command *const commands[]; /* ends with NULL */

/* The command called @name, or NULL. */
const struct command *commands_find(const char *name);

/* What "baton --help" prints. */
void commands_print_overview(FILE *to);

#endif /* CLI_COMMANDS_H */
