/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "hook.h"

#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/kernel/arm64.h"
#include "cli/kernel/blob.h"
#include "cli/kernel/bzimage.h"
#include "cli/kernel/kernel_file.h"
#include "cli/kernel/version.h"
#include "raspberrypi/model.h"

/* Debian's, and kernel-install(8)'s: the same script. */
#define POSTINST_FOLDER "/etc/kernel/postinst.d"
#define POSTINST POSTINST_FOLDER "/baton"
#define PLUGIN_FOLDER "/etc/kernel/install.d"
#define PLUGIN PLUGIN_FOLDER "/91-baton.install"

#define SCRIPT "hooks/kernel"
#define SCRIPT_MAX 65536
#define SCRIPT_MODE 0755

bool hook_is_there(const struct system *system)
{
	return system_has(system, POSTINST) || system_has(system, PLUGIN);
}

/* Of what calls scripts in @folder; true if there is no such folder. */
static bool write_script(struct changes *changes, const struct system *system, const char *folder,
			 const char *to)
{
	char *from, *path;
	size_t length;
	void *script;
	bool good;

	if (!system_has(system, folder))
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

/* Returns NULL, or what is wrong.  kernel_file_free() in either case. */
static const char *read_kernel(struct kernel_file *kernel, const char *path)
{
	size_t size;
	uint8_t *file = cli_read_file(path, BZIMAGE_MAX, &size);

	*kernel = (struct kernel_file){0};
	return file ? kernel_file_take(kernel, file, size) : strerror(errno);
}

struct kind {
	bool arm64, wrapped;
};

static struct kind kind_of_kernel(const char *path)
{
	struct kernel_file file;
	struct kind kind = {false, false};

	if (!read_kernel(&file, path))
		kind = (struct kind){arm64_is_image(file.image, file.size),
				     arm64_is_wrapped(file.image, file.size) ||
					     bzimage_is_wrapped(file.image, file.size)};
	kernel_file_free(&file);
	return kind;
}

static bool is_wrapped(const char *path)
{
	return kind_of_kernel(path).wrapped;
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

/* Replaces a kernel by what @turn makes of it; a symbolic link stays one. */
static bool turn_kernel(struct changes *changes, const char *path,
			const char *(*turn)(const struct kernel_file *kernel, uint8_t **out,
					    size_t *out_size))
{
	char *real = realpath(path, NULL);
	struct kernel_file kernel = {0};
	uint8_t *out = NULL;
	size_t out_size = 0;
	const char *wrong = real ? read_kernel(&kernel, real) : strerror(errno);
	bool good;

	if (!wrong)
		wrong = turn(&kernel, &out, &out_size);
	good = !wrong && change_write(changes, real, out, out_size, 0644);

	if (wrong)
		cli_error("%s: %s", path, wrong);
	free(out);
	kernel_file_free(&kernel);
	free(real);
	return good;
}

static const char *wrap(const struct kernel_file *kernel, uint8_t **out, size_t *out_size)
{
	static const struct wrap_options options = {0};
	struct bzimage image;
	const char *wrong;

	if (arm64_is_image(kernel->image, kernel->size))
		return kernel_file_wrap_arm64(kernel, 0, out, out_size);
	wrong = bzimage_read(&image, kernel->image, kernel->size);
	return wrong ? wrong
		     : bzimage_wrap(&image, blob_x86_64, blob_x86_64_size, &options, out, out_size);
}

/* If it was packed anew since, the Image in it is what is restored. */
static const char *unwrap(const struct kernel_file *kernel, uint8_t **out, size_t *out_size)
{
	bool as_it_was;

	return kernel_file_unwrap(kernel, out, out_size, &as_it_was);
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
	if (system_has(system, POSTINST_FOLDER) || system_has(system, PLUGIN_FOLDER))
		return true;
	if (system_has(system, "/usr/lib/kernel/install.d"))
		cli_error(PLUGIN_FOLDER ": not there: kernel-install(8) is what installs kernels "
					"here, and calls what is in that folder: make it, and "
					"install again");
	else
		cli_error(POSTINST_FOLDER ": not there, nor " PLUGIN_FOLDER
					  " of kernel-install(8): no package of this system would "
					  "call the hook");
	return false;
}

static bool has_arm64_kernels(const struct system *system)
{
	bool any = false;
	glob_t found;

	for (size_t p = 0; p < PLACES; p++) {
		find_kernels(system, p, &found);
		for (size_t i = 0; i < found.gl_pathc && !any; i++)
			any = kind_of_kernel(found.gl_pathv[i]).arm64;
		globfree(&found);
	}
	return any;
}

/* A stage for arm64 has no EFI stub: a loader that starts kernels as EFI programs refuses it. */
static bool check_arm64_loader(const struct system *system)
{
	static const char *const loaders[] = {
		"/etc/kernel/postinst.d/zz-flash-kernel", "/usr/sbin/flash-kernel",
		"/boot/extlinux/extlinux.conf", "/boot/boot.scr", "/boot/firmware/config.txt"};
	bool known = false;

	if (model_has_efi(system) || system_has(system, "/boot/grub/grub.cfg") ||
	    system_has(system, "/boot/loader")) {
		cli_error("kernels for arm64 are started here as EFI programs (GRUB, "
			  "systemd-boot), which a wrapped one is not: boot with nr_cpus=1, and "
			  "start it by kexec (\"baton kexec --wrap\"), or have U-Boot start it by "
			  "booti");
		return false;
	}
	for (size_t i = 0; i < sizeof(loaders) / sizeof(*loaders); i++)
		known |= system_has(system, loaders[i]);
	if (!known)
		cli_warning("it is not known what starts the kernels here: it must be U-Boot "
			    "(booti), or another that starts an Image for arm64, and take them "
			    "from /boot");
	return true;
}

/* What is started is a copy of the kernel, which is made when a kernel is installed. */
static void tell_of_copies(const struct system *system)
{
	static const struct {
		const char *script, *command;
	} copiers[] = {
		{"/etc/kernel/postinst.d/zz-flash-kernel", "flash-kernel"},
		{"/etc/kernel/postinst.d/z50-raspi-firmware", "update-initramfs -u -k all"},
	};

	for (size_t i = 0; i < sizeof(copiers) / sizeof(*copiers); i++)
		if (system_has(system, copiers[i].script))
			cli_warning("%s: what is started is a copy of the kernel: run \"%s\"%s, "
				    "so that it is made anew",
				    copiers[i].script, copiers[i].command,
				    system_runs(system) ? "" : " in that system");
}

bool hook_install(struct changes *changes, const struct system *system, bool all)
{
	unsigned before = changes->made;
	bool good;

	if (!check_callers(system))
		return false;
	if ((model_is_board(system) || has_arm64_kernels(system)) && !check_arm64_loader(system))
		return false;
	good = wrap_kernels(changes, system, all);
	if (changes->made > before)
		tell_of_copies(system);
	return good && write_script(changes, system, PLUGIN_FOLDER, PLUGIN) &&
	       write_script(changes, system, POSTINST_FOLDER, POSTINST);
}

bool hook_undo(struct changes *changes, const struct system *system)
{
	unsigned before = changes->made;
	bool good = true;
	glob_t found;

	if (!hook_is_there(system))
		return true;
	for (size_t p = 0; p < PLACES; p++) {
		find_kernels(system, p, &found);
		for (size_t i = 0; i < found.gl_pathc && good; i++)
			if (is_wrapped(found.gl_pathv[i]))
				good = turn_kernel(changes, found.gl_pathv[i], unwrap);
		globfree(&found);
	}
	if (changes->made > before)
		tell_of_copies(system);
	return good && remove_script(changes, system, PLUGIN) &&
	       remove_script(changes, system, POSTINST);
}
