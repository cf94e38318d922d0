/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "hook.h"

#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/kernel/blob.h"
#include "cli/kernel/bzimage.h"
#include "cli/kernel/version.h"
#include "cli/cli.h"

/* Debian's, and kernel-install(8)'s: the same script. */
#define POSTINST_FOLDER "/etc/kernel/postinst.d"
#define POSTINST POSTINST_FOLDER "/baton"
#define PLUGIN_FOLDER "/etc/kernel/install.d"
#define PLUGIN PLUGIN_FOLDER "/91-baton.install"

#define SCRIPT "hooks/kernel"
#define SCRIPT_MAX 65536
#define SCRIPT_MODE 0755

static bool exists(const struct system *system, const char *path)
{
	char *full = system_path(system, "%s", path);
	bool there = !access(full, F_OK);

	free(full);
	return there;
}

bool hook_is_there(const struct system *system)
{
	return exists(system, POSTINST) || exists(system, PLUGIN);
}

/* Of what calls scripts in @folder; true if there is no such folder. */
static bool write_script(struct changes *changes, const struct system *system, const char *folder,
			 const char *to)
{
	char *from, *path;
	size_t length;
	void *script;
	bool good;

	if (!exists(system, folder))
		return true;
	from = cli_own_file(SCRIPT);
	path = system_path(system, "%s", to);
	script = from ? cli_read_file(from, SCRIPT_MAX, &length) : NULL;
	good = script && change_write(changes, path, script, length, SCRIPT_MODE);
	if (from && !script)
		cli_file_error(from, "install all of baton");
	free(script);
	free(path);
	free(from);
	return good;
}

static bool remove_script(struct changes *changes, const struct system *system, const char *script)
{
	char *path = system_path(system, "%s", script);
	bool good = change_remove(changes, path);

	free(path);
	return good;
}

/* Where kernels are: those of packages, and copies that kernel-install has made. */
static const char *const places[] = {"/boot/vmlinuz-*", "/boot/*/*/linux", "/efi/*/*/linux",
				     "/boot/efi/*/*/linux"};
#define PLACES (sizeof(places) / sizeof(*places))

static void find_kernels(const struct system *system, size_t place, glob_t *found)
{
	char *pattern = system_path(system, "%s", places[place]);

	*found = (glob_t){0};
	glob(pattern, 0, NULL, found);
	free(pattern);
}

/* The newest by its version, as it is booted by default; no copy that was left over. */
static const char *newest(const glob_t *found)
{
	const char *best = NULL;

	for (size_t i = 0; i < found->gl_pathc; i++)
		if (version_is_better(found->gl_pathv[i], best))
			best = found->gl_pathv[i];
	return best;
}

static bool is_wrapped(const char *path)
{
	size_t size;
	uint8_t *file = cli_read_file(path, BZIMAGE_MAX, &size);
	bool wrapped = file && bzimage_is_wrapped(file, size);

	free(file);
	return wrapped;
}

struct hook_state hook_state(const struct system *system)
{
	struct hook_state state = {.newest = true};
	glob_t found;

	for (size_t p = 0; p < PLACES; p++) {
		find_kernels(system, p, &found);
		for (size_t i = 0; i < found.gl_pathc; i++) {
			bool wrapped = is_wrapped(found.gl_pathv[i]);

			state.kernels++;
			state.wrapped += wrapped;
			state.newest &= wrapped || found.gl_pathv[i] != newest(&found);
		}
		globfree(&found);
	}
	return state;
}

/* Replace a kernel by what @turn makes of it; a symbolic link stays one. */
static bool turn_kernel(struct changes *changes, const char *path,
			const char *(*turn)(const uint8_t *file, size_t size, uint8_t **out,
					    size_t *out_size))
{
	char *real = realpath(path, NULL);
	size_t size, out_size = 0;
	uint8_t *file = real ? cli_read_file(real, BZIMAGE_MAX, &size) : NULL, *out = NULL;
	const char *wrong = file ? turn(file, size, &out, &out_size) : strerror(errno);
	bool good = !wrong && change_write(changes, real, out, out_size, 0644);

	if (wrong)
		cli_error("%s: %s", path, wrong);
	free(out);
	free(file);
	free(real);
	return good;
}

static const char *wrap(const uint8_t *file, size_t size, uint8_t **out, size_t *out_size)
{
	static const struct wrap_options options = {0};
	struct bzimage image;
	const char *wrong = bzimage_read(&image, file, size);

	return wrong ? wrong
		     : bzimage_wrap(&image, blob_x86_64, blob_x86_64_size, &options, out, out_size);
}

/* Of each place the newest, or all: which of them the boot loader takes is not known. */
static bool wrap_kernels(struct changes *changes, const struct system *system, bool all)
{
	bool good = true, any = false;
	glob_t found;

	for (size_t p = 0; p < PLACES && good; p++) {
		find_kernels(system, p, &found);
		any |= found.gl_pathc > 0;
		for (size_t i = 0; i < found.gl_pathc && good; i++)
			if (((all && !version_is_left_over(found.gl_pathv[i])) ||
			     found.gl_pathv[i] == newest(&found)) &&
			    !is_wrapped(found.gl_pathv[i]))
				good = turn_kernel(changes, found.gl_pathv[i], wrap);
		globfree(&found);
	}
	if (!any)
		cli_warning("there is no kernel in /boot: the hook wraps the next one that is "
			    "installed");
	return good;
}

/* Whether anything would call the hook: Debian's packages, or kernel-install(8). */
static bool check_callers(const struct system *system)
{
	if (exists(system, POSTINST_FOLDER) || exists(system, PLUGIN_FOLDER))
		return true;
	if (exists(system, "/usr/lib/kernel/install.d"))
		cli_error(PLUGIN_FOLDER ": not there: kernel-install(8) is what installs kernels "
					"here, and calls what is in that folder: make it, and "
					"install again");
	else
		cli_error(POSTINST_FOLDER ": not there, nor " PLUGIN_FOLDER
					  " of kernel-install(8): no package of this system would "
					  "call the hook");
	return false;
}

bool hook_install(struct changes *changes, const struct system *system, bool all)
{
	return check_callers(system) && wrap_kernels(changes, system, all) &&
	       write_script(changes, system, PLUGIN_FOLDER, PLUGIN) &&
	       write_script(changes, system, POSTINST_FOLDER, POSTINST);
}

bool hook_undo(struct changes *changes, const struct system *system)
{
	bool good = true;
	glob_t found;

	if (!hook_is_there(system))
		return true;
	for (size_t p = 0; p < PLACES; p++) {
		find_kernels(system, p, &found);
		for (size_t i = 0; i < found.gl_pathc && good; i++)
			if (is_wrapped(found.gl_pathv[i]))
				good = turn_kernel(changes, found.gl_pathv[i], bzimage_unwrap);
		globfree(&found);
	}
	return good && remove_script(changes, system, PLUGIN) &&
	       remove_script(changes, system, POSTINST);
}
