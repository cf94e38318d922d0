/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* "systemctl kexec": the proof that the CPUs have left, late in the shutdown. */
#ifndef CLI_KEXEC_SHUTDOWN_H
#define CLI_KEXEC_SHUTDOWN_H

#include <stdbool.h>

#include "lib/conf.h"

#define SHUTDOWN_CONF "/etc/baton.conf"

/*
 * Reads @root/etc/baton.conf; where there is none, all is as by default.  Returns false after
 * an error that names the line; then, too, all is as by default.
 */
bool shutdown_read_conf(const char *root, struct conf_system *conf);

/*
 * systemd calls this when all processes have ended and no file system can be written any more,
 * just before it starts the loaded kernel.  Takes all CPUs but one offline, and asks for the
 * proof.  If that fails, the kernel is unloaded, so that systemd finds none and restarts the
 * machine, with a note for the report of the next kernel (cli/machine/restart.h); or nothing is
 * done about it, as /etc/baton.conf says.  In a @root other than "" nothing is unloaded.  Returns
 * CLI_DONE if the loaded kernel is to be started.
 */
int shutdown_hook(const char *root, unsigned timeout_ms);

#endif /* CLI_KEXEC_SHUTDOWN_H */
