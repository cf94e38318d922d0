/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "armstub.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

#include "bootpart.h"
#include "cli/cli.h"
#include "configtxt.h"
#include "model.h"

#define STUB_MAX (1u << 20)
#define CONFIG_ROOM (64u << 10) /* bytes, for a new config.txt beside the old one */
/* raspberrypi/tools, armstubs/armstub8.S: the firmware looks for this word in a stub. */
#define STUB_MAGIC_AT 0xf0
#define STUB_MAGIC 0x5afe570bu

/* Debian's raspi-firmware writes config.txt anew with each kernel, and puts this file at its end.
 */
#define CUSTOM "/etc/default/raspi-firmware-custom"
#define RASPI_FIRMWARE "/etc/kernel/postinst.d/z50-raspi-firmware"

struct paths {
	char *folder; /* the boot partition */
	char *stub, *config, *custom;
};

static void paths_of(struct paths *paths, const struct system *system, char *folder)
{
	paths->folder = folder;
	paths->stub = cli_text("%s/" CONFIGTXT_STUB, folder);
	paths->config = cli_text("%s/" CONFIGTXT_NAME, folder);
	paths->custom = system_path(system, CUSTOM);
}

static void free_paths(struct paths *paths)
{
	free(paths->folder);
	free(paths->stub);
	free(paths->config);
	free(paths->custom);
}

bool armstub_is_for(const struct system *system, const char *folder)
{
	bool board = folder || model_is_board(system);
	char *found = board || system_runs(system) ? NULL : bootpart_find(system, NULL);

	board |= found != NULL;
	free(found);
	return board;
}

/* The package of this name that Raspberry Pi OS has does not write config.txt. */
static bool is_generated(const struct system *system, const struct configtxt *config)
{
	char *script = system_read(system, RASPI_FIRMWARE, CONFIGTXT_MAX, NULL);
	bool generated = config->generated || (script && strstr(script, "raspi-firmware-custom"));

	free(script);
	return generated;
}

/* Install. */

static bool refuse_line(const struct paths *paths, const struct configtxt_line *line,
			const char *name, const char *what)
{
	cli_error("%s/%s: line %u: %s=%s: %s", paths->folder, line->file, line->line, name,
		  line->value, what);
	return false;
}

/* What others have put into config.txt stays, and is not worked around. */
static bool check_config(const struct system *system, const struct paths *paths,
			 const struct configtxt *config)
{
	if (config->armstub.file && !strcmp(config->armstub.value, CONFIGTXT_STUB))
		return refuse_line(paths, &config->armstub, "armstub",
				   "baton's stub, by hand: take out this line, and install again: "
				   "install then puts its own, with all that it needs");
	if (config->armstub.file)
		return refuse_line(
			paths, &config->armstub, "armstub",
			"another stub, which stays: if it is TF-A or a UEFI firmware, it "
			"offers PSCI itself, and baton has nothing to do; else take out "
			"this line, and install again");
	if (config->kernel.file)
		return refuse_line(paths, &config->kernel, "kernel", config->kernel_is);
	if (config->bits.file)
		return refuse_line(paths, &config->bits, "arm_64bit",
				   "this starts a 32-bit kernel, which baton's stub can't start: "
				   "take out this line if the system is one for 64 bits, and "
				   "install again");
	if (!config->sure && !model_is_board(system) &&
	    !bootpart_has(paths->folder, "kernel8.img")) {
		cli_error("%s: neither arm_64bit=1 in config.txt nor kernel8.img: the system may "
			  "be one for 32 bits, which baton's stub can't start: run install on the "
			  "board itself, or add arm_64bit=1 if it is one for 64 bits",
			  paths->folder);
		return false;
	}
	return true;
}

static void *read_stub(size_t *length)
{
	char *path = cli_own_file(CONFIGTXT_STUB);
	uint8_t *stub = path ? cli_read_file(path, STUB_MAX, length) : NULL;
	uint32_t magic = 0;

	if (path && !stub)
		cli_file_error(path, "install all of baton");
	if (stub && *length >= STUB_MAGIC_AT + sizeof(magic))
		memcpy(&magic, stub + STUB_MAGIC_AT, sizeof(magic));
	if (stub && magic != STUB_MAGIC) {
		cli_error("%s: no stub for a Raspberry Pi: install all of baton again", path);
		free(stub);
		stub = NULL;
	}
	free(path);
	return stub;
}

static bool is_own(const char *path)
{
	size_t a_length = 0, b_length = 0;
	void *a = cli_read_file(path, STUB_MAX, &a_length), *b = read_stub(&b_length);
	bool same = a && b && a_length == b_length && !memcmp(a, b, a_length);

	free(a);
	free(b);
	return same;
}

static bool check_room(const struct paths *paths, size_t need)
{
	struct statvfs fs;

	if (is_own(paths->stub) || statvfs(paths->folder, &fs) ||
	    (unsigned long long)fs.f_bavail * fs.f_frsize >= need + CONFIG_ROOM)
		return true;
	cli_error("%s: too little room: make some, %zu KiB are needed", paths->folder,
		  (need + CONFIG_ROOM) / 1024);
	return false;
}

static bool has_block(const char *path)
{
	size_t length, without;
	char *text = cli_read_file(path, CONFIGTXT_MAX, &length);
	const char *wrong;
	char *plain = text ? configtxt_take(text, length, &without, &wrong) : NULL;
	bool has = plain && without != length;

	free(plain);
	free(text);
	return has;
}

/* The text of a file; one that is not there is empty.  NULL: reported, it can't be read. */
static char *read_text(const char *path, size_t *length, bool *there)
{
	char *text = cli_read_file(path, CONFIGTXT_MAX, length);

	*there = text;
	if (text)
		return text;
	*length = 0;
	if (errno == ENOENT)
		return cli_text("%s", "");
	cli_file_error(path, "correct it");
	return NULL;
}

/*
 * A file with baton's block put in, or taken out.  One that becomes empty was made for the
 * block, if @made.
 */
static bool edit(struct changes *changes, const char *path, bool made,
		 char *(*turn)(const char *text, size_t length, size_t *new_length,
			       const char **wrong))
{
	size_t length, new_length;
	bool there, good;
	char *old = read_text(path, &length, &there), *new;
	const char *wrong = NULL;

	if (!old)
		return false;
	new = turn(old, length, &new_length, &wrong);
	if (!new)
		good = !cli_error("%s: %s", path, wrong);
	else if (there && made && length && !new_length)
		good = change_remove(changes, path);
	else if (!there && !new_length)
		good = true;
	else
		good = change_write(changes, path, new, new_length, 0644);
	free(new);
	free(old);
	return good;
}

static bool can_edit(const char *path)
{
	size_t length, new_length;
	bool there;
	char *old = read_text(path, &length, &there), *new;
	const char *wrong = NULL;

	if (!old)
		return false;
	new = configtxt_put(old, length, &new_length, &wrong);
	free(new);
	free(old);
	if (wrong)
		cli_error("%s: %s", path, wrong);
	return !wrong;
}

static bool make_changes(struct changes *changes, const struct system *system,
			 const struct paths *paths, const struct configtxt *config,
			 const void *stub, size_t length)
{
	if (!config->block)
		change_begins(changes, "let the firmware start baton's stub on the boards %s",
			      configtxt_filters);
	/* config.txt last: it must not name what is not there. */
	return change_write(changes, paths->stub, stub, length, 0644) &&
	       (!is_generated(system, config) ||
		edit(changes, paths->custom, false, configtxt_put)) &&
	       edit(changes, paths->config, false, configtxt_put);
}

static bool undo_blocks(struct changes *changes, const struct paths *paths)
{
	return edit(changes, paths->config, false, configtxt_take) &&
	       edit(changes, paths->custom, true, configtxt_take);
}

static void undo_install(struct changes *changes, const struct paths *paths, bool had_stub)
{
	puts("all that was done is undone:");
	if (undo_blocks(changes, paths) && !had_stub)
		change_remove(changes, paths->stub);
}

static bool install(struct changes *changes, const struct system *system, const struct paths *paths)
{
	struct configtxt config;
	size_t length = 0;
	void *stub = NULL;
	bool had_stub = bootpart_has(paths->folder, CONFIGTXT_STUB);
	bool good = configtxt_read(&config, paths->folder) && can_edit(paths->config) &&
		    can_edit(paths->custom) && check_config(system, paths, &config) &&
		    (stub = read_stub(&length)) && check_room(paths, length);

	if (good)
		good = make_changes(changes, system, paths, &config, stub, length);
	if (!good && stub && !config.block && changes->made && !changes->dry_run)
		undo_install(changes, paths, had_stub);
	if (good && config.overridden)
		cli_warning("%s: lines behind baton's block take back what it says: move it to "
			    "the end",
			    paths->config);
	free(stub);
	configtxt_free(&config);
	return good;
}

bool armstub_install(struct changes *changes, const struct system *system, const char *folder)
{
	struct paths paths;
	char *found;
	bool good;

	if (!model_is_served(system))
		return false;
	if (model_has_efi(system)) {
		cli_error(
			"an EFI firmware has started this board, which baton leaves as it is: if "
			"\"baton inspect\" finds PSCI, nothing is to be done; else boot with "
			"nr_cpus=1, and start a wrapped kernel by kexec (\"baton kexec --wrap\")");
		return false;
	}
	found = bootpart_need(system, folder);
	if (!found)
		return false;
	paths_of(&paths, system, found);
	good = !model_has_psci(system) && install(changes, system, &paths);
	free_paths(&paths);
	return good;
}

/* Uninstall. */

/* Whether config.txt still names the stub: then the board may not start without the file. */
static bool is_named(const struct paths *paths, bool *good)
{
	struct configtxt config;
	bool named;

	*good = configtxt_read(&config, paths->folder);
	named = config.armstub.file && !strcmp(config.armstub.value, CONFIGTXT_STUB);
	if (*good && named)
		cli_warning("%s/%s: line %u: names " CONFIGTXT_STUB ", and baton has not put it "
			    "there: the file stays: remove both by hand",
			    paths->folder, config.armstub.file, config.armstub.line);
	configtxt_free(&config);
	return named;
}

static bool undo(struct changes *changes, const struct paths *paths)
{
	bool named, good;

	if (!undo_blocks(changes, paths))
		return false;
	named = is_named(paths, &good);
	return good && (named || change_remove(changes, paths->stub));
}

bool armstub_undo(struct changes *changes, const struct system *system, const char *folder)
{
	struct paths paths;
	char *custom = system_path(system, CUSTOM);
	/* Without the partition it is not known whether there is anything, but for this file. */
	bool needed = folder || has_block(custom), good;
	char *found = needed ? bootpart_need(system, folder) : bootpart_find(system, NULL);

	free(custom);
	if (!found)
		return !needed;
	paths_of(&paths, system, found);
	good = undo(changes, &paths);
	free_paths(&paths);
	return good;
}

/* Status. */

static void judge(struct armstub_state *state, const struct system *system,
		  const struct paths *paths, const struct configtxt *config)
{
	bool custom = has_block(paths->custom);
	bool named = config->armstub.file && !strcmp(config->armstub.value, CONFIGTXT_STUB);

	state->installed = state->program || config->block || custom || named;
	state->starts = false;
	if (!state->installed && config->armstub.file)
		state->config = cli_text("starts %s, of another", config->armstub.value);
	else if (!state->installed)
		state->config = NULL;
	else if (!config->block && !named)
		state->config = cli_text("does not start it: baton's block is missing: install "
					 "again");
	else if (!state->program)
		state->config = cli_text("starts a stub that is not there: install again");
	else if (!config->block) {
		state->config = cli_text("starts it, by a line that was written by hand");
		state->starts = true;
	} else if (config->overridden)
		state->config = cli_text("does not start it: lines behind baton's block take it "
					 "back: move the block to the end");
	else if (is_generated(system, config) && !custom)
		state->config = cli_text("starts it until raspi-firmware writes it anew: " CUSTOM
					 " has no such block: install again");
	else {
		state->config = cli_text("starts it on the boards %s", configtxt_filters);
		state->starts = true;
	}
}

struct armstub_state armstub_state(const struct system *system, const char *folder)
{
	struct armstub_state state = {.folder = bootpart_find(system, folder)};
	struct configtxt config;
	struct paths paths;

	if (!state.folder)
		return state;
	paths_of(&paths, system, cli_text("%s", state.folder));
	if (bootpart_has(state.folder, CONFIGTXT_STUB)) {
		state.program = cli_text("%s", paths.stub);
		state.own = is_own(paths.stub);
	}
	if (configtxt_read(&config, state.folder))
		judge(&state, system, &paths, &config);
	configtxt_free(&config);
	free_paths(&paths);
	return state;
}

void armstub_state_free(struct armstub_state *state)
{
	free(state->folder);
	free(state->program);
	free(state->config);
}
