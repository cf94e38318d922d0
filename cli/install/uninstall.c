/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* baton uninstall: undoes what baton install has done. */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "bootentry.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/machine/efivars.h"
#include "cli/machine/restart.h"
#include "hook.h"
#include "install.h"
#include "raspberrypi/armstub.h"

#define KEY_ESP (COMMAND_LONG + 0)
#define KEY_ROOT (COMMAND_LONG + 1)
#define KEY_BOOT (COMMAND_LONG + 2)

/* What is on the ESP, if there is one: kernels are wrapped on machines that have none. */
static bool undo_esp(struct changes *changes, const struct system *system, const char *folder)
{
	struct esp esp;
	bool good;

	if (!folder && !esp_exists(system))
		return true;
	if (!esp_find(system, folder, &esp))
		return false;
	good = install_undo(changes, system, &esp);
	esp_free(&esp);
	return good;
}

static int uninstall(struct changes *changes, const struct system *system, const char *folder,
		     const char *boot)
{
	if (!undo_esp(changes, system, folder) || !armstub_undo(changes, system, boot) ||
	    !hook_undo(changes, system))
		return CLI_FAILED;
	if (!changes->dry_run && efivars_concern(system->root))
		restart_note_remove();
	if (!changes->made)
		puts("baton is not installed: nothing to do");
	else if (!changes->dry_run)
		puts("baton is uninstalled; it holds the CPUs until the machine is rebooted");
	return CLI_DONE;
}

static int uninstall_main(const struct command *self, int argc, char **argv)
{
	struct changes changes = {false, 0};
	struct system system = {""};
	const char *folder = NULL, *boot = NULL;
	int key;

	while ((key = command_next_option(self, argc, argv)) != -1) {
		if (key == 'n')
			changes.dry_run = true;
		else if (key == KEY_ESP)
			folder = optarg;
		else if (key == KEY_BOOT)
			boot = optarg;
		else if (key == KEY_ROOT && !(system.root = install_root(optarg)))
			return CLI_FAILED;
	}
	if (optind < argc)
		return command_usage(self, "%s: uninstall takes no operands", argv[optind]);
	return uninstall(&changes, &system, folder, boot);
}

const struct command uninstall_command = {
	.name = "uninstall",
	.summary = "undo what install has done",
	.usage = "[--dry-run] [--esp DIR] [--boot DIR] [--root DIR]",
	.text = "Removes the boot entry, baton.efi and baton.conf; on a Raspberry Pi the stub, "
		"and baton's block in config.txt. If there is a hook, "
		"unwraps all kernels in /boot and removes it. The previous state is "
		"restored. A machine that runs under baton goes on doing so until it "
		"is rebooted. Needs root.",
	.options =
		(const struct command_option[]){
			{'n', "dry-run", NULL, "print what would be done, and change nothing"},
			{KEY_ESP, "esp", "DIR", "where the EFI system partition is mounted"},
			{KEY_BOOT, "boot", "DIR",
			 "where the boot partition of a Raspberry Pi is mounted"},
			{KEY_ROOT, "root", "DIR", "the system whose files are below DIR"},
			{0},
		},
	.examples =
		(const struct command_example[]){
			{"See what would be removed", "baton uninstall --dry-run"},
			{0},
		},
	.main = uninstall_main,
};
