/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* baton status: whether baton is in force now, and what is installed where. */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bootentry.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "hook.h"
#include "install.h"
#include "raspberrypi/armstub.h"
#include "cli/machine/batn.h"

#define BATN "/sys/firmware/acpi/tables/BATN"

struct status {
	struct system system;
	struct esp esp;
	bool installed, broken;
};

static void line(enum cli_style style, const char *what, const char *text)
{
	printf("%-12s", what);
	cli_print(style, "%s\n", text);
}

static void bad(struct status *status, const char *what, const char *text)
{
	status->broken = true;
	line(CLI_BAD, what, text);
}

static void print_table(const struct baton_table *table)
{
	char *text = cli_text("in force: %u CPUs, %u of them held, %u missing", table->ncpus,
			      baton_count_value(table->held), table->missing);

	line(table->missing ? CLI_WARN : CLI_GOOD, "now", text);
	free(text);
}

static void print_now(const struct system *system)
{
	char *path = system_path(system, BATN);
	const char *why;
	struct baton_table *table =
		system_runs(system) ? batn_load_live(&why) : batn_load(path, &why);

	if (table)
		print_table(table);
	else if (errno == ENOENT)
		line(CLI_PLAIN, "now", "not in force: this system was started without it");
	else if (errno == EACCES)
		line(CLI_WARN, "now", "in force; run it as root to see more");
	else
		line(CLI_WARN, "now", why);
	free(table);
	free(path);
}

/* Whether the baton.efi that is installed is the one that comes with this command. */
static bool is_own(const char *path)
{
	char *own = cli_own_file("baton.efi");
	size_t a_length, b_length;
	void *a = cli_read_file(path, SIZE_MAX, &a_length);
	void *b = own ? cli_read_file(own, SIZE_MAX, &b_length) : NULL;
	bool same = a && b && a_length == b_length && !memcmp(a, b, a_length);

	free(a);
	free(b);
	free(own);
	return same;
}

static void print_program(struct status *status)
{
	char *path = esp_file(&status->esp, INSTALL_PROGRAM);
	char *text;

	status->installed = path;
	if (!path) {
		line(CLI_PLAIN, "program", "not installed");
		return;
	}
	text = cli_text("%s, %s", path,
			is_own(path) ? "that of this version"
				     : "not that of this version: signed, or older");
	line(CLI_PLAIN, "program", text);
	free(text);
	free(path);
}

static void print_loader(struct status *status)
{
	struct conf conf;
	char *file;

	switch (install_read_conf(&status->esp, &conf)) {
	case CONF_ABSENT:
		if (status->installed)
			bad(status, "starts", "nothing: baton.conf is missing: install again");
		return;
	case CONF_WRONG:
		bad(status, "starts", "nothing: baton.conf is wrong: correct it");
		return;
	case CONF_GOOD:
		file = esp_file(&status->esp, conf.image);
		if (file)
			line(CLI_PLAIN, "starts", conf.image);
		else
			bad(status, "starts", "a file that is not there: correct baton.conf");
		free(file);
	}
}

/* @first: how many entries of baton's may be the first ones, one for each member of a mirror. */
static void print_entry(struct status *status, const struct esp_partition *partition, size_t first)
{
	int number = bootentry_find(&partition->guid, INSTALL_PROGRAM), place;
	bool is_first;
	char *text;

	if (number == BOOTENTRY_NONE) {
		if (status->installed)
			bad(status, "boot entry", "missing: install again");
		return;
	}
	place = bootentry_place(number);
	is_first = place >= 0 && place < (int)first;
	text = cli_text("Boot%04X, %s%s", (unsigned)number,
			is_first    ? place ? "before all others" : "the first"
			: place > 0 ? "not the first: another is booted; install again"
				    : "not in the boot order: install again",
			bootentry_current() == number ? ", booted now" : "");
	if (is_first)
		line(CLI_GOOD, "boot entry", text);
	else
		bad(status, "boot entry", text);
	free(text);
}

static void print_entries(struct status *status)
{
	struct esp_partitions partitions;

	if (!efi_variables_supported()) {
		line(CLI_PLAIN, "boot entry", "none: there are no UEFI variables");
		return;
	}
	if (!status->esp.device || !esp_find_partitions(&status->system, &status->esp, &partitions))
		return;
	for (size_t i = 0; i < partitions.count; i++)
		print_entry(status, &partitions.partition[i], partitions.count);
}

static void print_hook(struct status *status)
{
	struct hook_state state;
	char *text;

	if (!hook_is_there(&status->system))
		return;
	status->installed = true;
	state = hook_state(&status->system);
	text = cli_text("wraps kernels that are installed; %u of %u are wrapped%s", state.wrapped,
			state.kernels, state.newest ? "" : ", the newest is not: install again");
	if (state.newest)
		line(CLI_PLAIN, "hook", text);
	else
		bad(status, "hook", text);
	free(text);
}

static void print_stub(struct status *status, const char *boot)
{
	struct armstub_state state = armstub_state(&status->system, boot);
	char *text;

	status->installed = state.installed;
	if (!state.folder) {
		line(CLI_PLAIN, "boot", "no boot partition of a Raspberry Pi");
	} else {
		line(CLI_PLAIN, "boot", state.folder);
		text = state.program
			       ? cli_text("%s, %s", state.program,
					  state.own ? "that of this version"
						    : "not that of this version: install again")
			       : cli_text("not installed");
		line(CLI_PLAIN, "stub", text);
		free(text);
	}
	if (state.config && state.installed && !state.starts)
		bad(status, "config.txt", state.config);
	else if (state.config)
		line(state.starts ? CLI_GOOD : CLI_PLAIN, "config.txt", state.config);
	armstub_state_free(&state);
}

static int status(struct status *status, const char *folder, const char *boot)
{
	print_now(&status->system);
	if (!folder && armstub_is_for(&status->system, boot)) {
		print_stub(status, boot);
	} else if (folder || esp_exists(&status->system)) {
		if (!esp_find(&status->system, folder, &status->esp))
			return CLI_FAILED;
		print_program(status);
		print_loader(status);
		print_entries(status);
		esp_free(&status->esp);
	} else if (esp_may_exist(&status->system)) {
		bad(status, "ESP", "not visible to this user: run it as root");
	} else {
		line(CLI_PLAIN, "ESP", "none at /boot/efi, /efi or /boot");
	}
	print_hook(status);
	return status->broken || !status->installed ? CLI_FAILED : CLI_DONE;
}

#define KEY_ESP (COMMAND_LONG + 0)
#define KEY_ROOT (COMMAND_LONG + 1)
#define KEY_BOOT (COMMAND_LONG + 2)

static int status_main(const struct command *self, int argc, char **argv)
{
	struct status what = {.system.root = ""};
	const char *folder = NULL, *boot = NULL;
	int key;

	while ((key = command_next_option(self, argc, argv)) != -1) {
		if (key == KEY_ESP)
			folder = optarg;
		else if (key == KEY_BOOT)
			boot = optarg;
		else if (key == KEY_ROOT && !(what.system.root = install_root(optarg)))
			return CLI_FAILED;
	}
	if (optind < argc)
		return command_usage(self, "%s: status takes no operands", argv[optind]);
	return status(&what, folder, boot);
}

const struct command status_command = {
	.name = "status",
	.summary = "report whether baton is installed, and in force",
	.usage = "[--esp DIR] [--boot DIR] [--root DIR]",
	.text = "Reports whether the running system was started under baton, and how "
		"many CPUs baton holds; which baton.efi is installed, what it starts, "
		"and the position of its boot entry in the boot order; on a Raspberry Pi, "
		"whether its firmware starts baton's stub. Only root can see all of "
		"this.\n\n"
		"The exit code is 0 if baton is installed and will be started at the "
		"next boot, otherwise 1.",
	.options =
		(const struct command_option[]){
			{KEY_ESP, "esp", "DIR", "where the EFI system partition is mounted"},
			{KEY_BOOT, "boot", "DIR",
			 "where the boot partition of a Raspberry Pi is mounted"},
			{KEY_ROOT, "root", "DIR", "the system whose files are below DIR"},
			{0},
		},
	.examples =
		(const struct command_example[]){
			{"What is installed here", "baton status"},
			{0},
		},
	.main = status_main,
};
