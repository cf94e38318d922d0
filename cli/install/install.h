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

/* The root that an option gives, made fit for struct system; NULL, told, if there is none. */
const char *install_root(char *argument);

enum conf_state { CONF_ABSENT, CONF_WRONG, CONF_GOOD };

/* Read the baton.conf that is installed; what is wrong with it is told. */
enum conf_state install_read_conf(const struct esp *esp, struct conf *conf);

/* Take away all that install has put there; false, told, if something stays. */
bool install_undo(struct changes *changes, const struct system *system, const struct esp *esp);

#endif /* CLI_INSTALL_INSTALL_H */
