/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* What install, uninstall and status have to agree on. */
#ifndef CLI_INSTALL_INSTALL_H
#define CLI_INSTALL_INSTALL_H

#include <stdbool.h>

#include "lib/conf.h"
#include "change.h"
#include "esp.h"

#define INSTALL_NAME "baton" /* of the boot entry */
#define INSTALL_FOLDER "\\EFI\\baton"
#define INSTALL_PROGRAM INSTALL_FOLDER "\\baton.efi"
#define INSTALL_CONF INSTALL_FOLDER "\\baton.conf"

/* Where they are, or will be, on an ESP.  To be freed. */
char *install_folder(const struct esp *esp);
char *install_program(const struct esp *esp);
char *install_conf(const struct esp *esp);

/* The root in an option, as struct system needs it; NULL, after an error, if it is not there. */
const char *install_root(char *argument);

enum conf_state { CONF_ABSENT, CONF_WRONG, CONF_GOOD };

/* Reads the installed baton.conf, and reports what is wrong with it. */
enum conf_state install_read_conf(const struct esp *esp, struct conf *conf);

/* Removes all that install has made; returns false, after an error, if something stays. */
bool install_undo(struct changes *changes, const struct system *system, const struct esp *esp);

#endif /* CLI_INSTALL_INSTALL_H */
