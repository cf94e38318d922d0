/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "shutdown.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/reboot.h>
#include <time.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/machine/efivars.h"
#include "cli/machine/restart.h"
#include "kexec.h"
#include "prove.h"

bool shutdown_read_conf(const char *root, struct conf_system *conf)
{
	char *path = cli_text("%s" SHUTDOWN_CONF, root);
	struct conf_error error = {NULL, 0};
	size_t length;
	char *text = cli_read_file(path, CONF_TEXT_MAX, &length);
	bool good = text || errno == ENOENT;

	*conf = (struct conf_system){0};
	if (!good) {
		cli_file_error(path, "correct or remove it");
	} else if (text && !conf_parse_system(conf, text, length, &error)) {
		cli_error("%s: line %u: %s", path, error.line, error.message);
		*conf = (struct conf_system){0};
		good = false;
	}
	free(text);
	free(path);
	return good;
}

/* For the report of the kernel that the firmware is going to start. */
static void note(const char *names)
{
	time_t now = time(NULL);
	char when[32] = "", *text;

	strftime(when, sizeof(when), "%Y-%m-%d %H:%M UTC", gmtime(&now));
	text = cli_text("%s: not proven to have left: %.500s", when, names);
	if (!restart_note_write(text))
		cli_warning("the report of the next kernel will not have this: no UEFI variable "
			    "can be written");
	free(text);
}

/*
 * systemd starts what is loaded, and restarts the machine where nothing is.  First of all nothing
 * is: what comes after may fail.
 */
static void restart(const char *root, const char *names)
{
	bool unloaded = *root || kexec_unload();
	int error = errno;

	if (efivars_concern(root))
		note(names);
	if (unloaded)
		return;
	cli_warning("the loaded kernel can't be unloaded: %s: the machine is restarted at once",
		    strerror(error));
	sync();
	reboot(RB_AUTOBOOT);
	cli_error("the machine can't be restarted: %s", strerror(errno));
}

static int not_proven(const char *root, const struct conf_system *conf, const char *names)
{
	if (conf->unproven_continues) {
		cli_warning("the loaded kernel is started all the same: " SHUTDOWN_CONF
			    " has \"unproven continue\"");
		return CLI_DONE;
	}
	cli_error("not every CPU is proven to have left this kernel: the machine is restarted "
		  "instead of kexec; \"unproven continue\" in " SHUTDOWN_CONF
		  " would start the loaded kernel all the same");
	restart(root, names);
	return CLI_FAILED;
}

int shutdown_hook(const char *root, unsigned timeout_ms)
{
	struct conf_system conf;
	char *names;
	int code;

	shutdown_read_conf(root, &conf);
	if (prove_at_last(root, timeout_ms, &names)) {
		if (efivars_concern(root))
			restart_note_remove();
		return CLI_DONE;
	}
	code = not_proven(root, &conf, names);
	free(names);
	return code;
}
