/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * baton install: baton.efi on the EFI system partition, with a boot entry before
 * that of the boot loader, which baton.efi starts.  On a Raspberry Pi, raspberrypi/armstub.c.
 */
#include "install.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "bootentry.h"
#include "change.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "hook.h"
#include "raspberrypi/armstub.h"
#include "raspberrypi/model.h"
#include "refuse.h"
#include "cli/kernel/bzimage.h"
#include "cli/kernel/kind.h"
#include "cli/machine/efivars.h"

#define IMAGE_MAX (16u << 20)
#define REMOVABLE_LOADER "\\EFI\\BOOT\\BOOTX64.EFI"

struct install {
	struct changes changes;
	struct system system;
	struct esp esp;
	struct esp_partitions partitions;
	const char *loader;	/* that baton.efi is to start, or NULL: the present one */
	const char *image_path; /* of baton.efi, or NULL: baton's own */
	void *image;
	size_t image_length;
	bool entry;	/* a boot entry is wanted */
	bool hook, all; /* not that, but wrap kernels: the newest, or all */
};

static char *on_esp(const struct esp *esp, const char *path)
{
	char *file = esp_file(esp, path);
	char *at;

	if (file)
		return file;
	file = cli_text("%s%s", esp->folder, path);
	for (at = file + strlen(esp->folder); *at; at++)
		if (*at == '\\')
			*at = '/';
	return file;
}

char *install_folder(const struct esp *esp)
{
	return on_esp(esp, INSTALL_FOLDER);
}

char *install_program(const struct esp *esp)
{
	return on_esp(esp, INSTALL_PROGRAM);
}

char *install_conf(const struct esp *esp)
{
	return on_esp(esp, INSTALL_CONF);
}

const char *install_root(char *argument)
{
	size_t length = strlen(argument);

	if (access(argument, F_OK)) {
		cli_file_error(argument, "give the folder that is the system's /");
		return NULL;
	}
	while (length && argument[length - 1] == '/')
		argument[--length] = 0;
	return argument;
}

enum conf_state install_read_conf(const struct esp *esp, struct conf *conf)
{
	char *path = install_conf(esp);
	struct conf_error error;
	size_t length;
	char *text = cli_read_file(path, CONF_TEXT_MAX, &length);
	enum conf_state state = CONF_GOOD;

	if (!text && errno == ENOENT) {
		state = CONF_ABSENT;
	} else if (!text) {
		cli_file_error(path, "correct or remove it");
		state = CONF_WRONG;
	} else if (!conf_parse_file(conf, text, length, &error)) {
		cli_error("%s: line %u: %s", path, error.line, error.message);
		state = CONF_WRONG;
	}
	free(text);
	free(path);
	return state;
}

bool install_undo(struct changes *changes, const struct system *system, const struct esp *esp)
{
	char *program = install_program(esp), *conf = install_conf(esp),
	     *folder = install_folder(esp);
	struct esp_partitions partitions;
	bool good = true;

	/* The entry first: one without its program would be worse than the reverse. */
	if (efi_variables_supported() && esp->device)
		good = esp_find_partitions(system, esp, &partitions) &&
		       bootentry_remove(changes, &partitions, INSTALL_PROGRAM);
	good = good && change_remove(changes, program) && change_remove(changes, conf) &&
	       change_remove_folder(changes, folder);
	free(folder);
	free(conf);
	free(program);
	return good;
}

static bool is_there(const struct esp *esp, const char *path)
{
	char *file = esp_file(esp, path);
	bool there = file;

	free(file);
	return there;
}

enum program { LOADER, KERNEL, UKI };

/* What baton.efi is to start: a line of baton.conf each.  @options: of a kernel, or NULL. */
struct start {
	const char *path;
	const char *options;
	enum program program;
};

static enum program program_at(const struct install *install, const char *path)
{
	char *file = esp_file(&install->esp, path);
	size_t size;
	uint8_t *data = file ? cli_read_file(file, BZIMAGE_MAX, &size) : NULL;
	enum program program = LOADER;
	struct bzimage image;

	if (data && (!bzimage_read(&image, data, size) || bzimage_is_wrapped(data, size)))
		program = KERNEL;
	else if (data && kind_is_uki(data, size))
		program = UKI;
	free(data);
	free(file);
	return program;
}

/* The boot loader that has started this system, if it is a file on this ESP. */
static struct start present_loader(const struct install *install)
{
	static struct bootentry entry;
	int number = install->entry ? bootentry_current() : BOOTENTRY_NONE;
	bool known = number != BOOTENTRY_NONE && bootentry_read(number, &entry) && *entry.path;
	struct start start = {.path = is_there(&install->esp, REMOVABLE_LOADER) ? REMOVABLE_LOADER
										: NULL};

	if (known && strcasecmp(entry.path, INSTALL_PROGRAM) &&
	    esp_has_partition(&install->partitions, &entry.partition)) {
		start.path = entry.path;
		start.program = program_at(install, entry.path);
		if (entry.has_options && start.program != LOADER)
			start.options = entry.options;
		else if (entry.has_options)
			cli_warning(
				"the boot entry \"%s\" has load options, which are not passed on: "
				"if they matter, add a line of options to baton.conf",
				entry.name);
	} else if (install->entry && known && strcasecmp(entry.path, INSTALL_PROGRAM)) {
		cli_warning("this system was booted by \"%s\", %s, which is on another partition "
			    "than %s: if baton is to start that, mount its ESP and name it by "
			    "--esp, or name a loader by --loader",
			    entry.name, entry.path, install->esp.folder);
	} else if (install->entry && !known) {
		cli_warning("it is not known what has booted this system: name the loader by "
			    "--loader if it is another than %s",
			    REMOVABLE_LOADER);
	}
	return start;
}

static bool check_loader(const struct install *install, const char *loader)
{

	if (!loader) {
		cli_error("no boot loader: neither has this system been booted by one on the ESP, "
			  "nor is there %s: name one by --loader",
			  REMOVABLE_LOADER);
		return false;
	}
	if (*loader != '\\' && *loader != '/') {
		cli_error("%s: give its path on the ESP, as \\EFI\\debian\\grubx64.efi", loader);
		return false;
	}
	if (is_there(&install->esp, loader))
		return true;
	cli_error("%s: not on the ESP, %s: name the boot loader by --loader", loader,
		  install->esp.folder);
	return false;
}

/*
 * The lines for a kernel that is started with @options: initrd= is for the EFI stub, and all
 * else for the kernel.
 */
static char *kernel_lines(const struct start *start)
{
	char *copy = strdup(start->options), *lines = cli_text("linux %s\n", start->path), *rest;
	char *options = cli_text("options"), *longer;

	for (char *word = strtok_r(copy, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
		if (!strncmp(word, "initrd=", 7)) {
			longer = cli_text("%sinitrd %s\n", lines, word + 7);
			free(lines);
			lines = longer;
		} else {
			longer = cli_text("%s %s", options, word);
			free(options);
			options = longer;
		}
	}
	longer = cli_text("%s%s\n", lines, options);
	free(options);
	free(lines);
	free(copy);
	return longer;
}

static char *conf_text(const struct start *start)
{
	char *lines, *text;

	if (!start->options)
		lines = cli_text("efi %s\n", start->path ? start->path : "");
	else if (start->program == UKI) /* the initrd is in it */
		lines = cli_text("efi %s\noptions %s\n", start->path, start->options);
	else
		lines = kernel_lines(start);
	text = cli_text("# What baton.efi starts.  Made by \"baton install\".\n%s", lines);

	free(lines);
	return text;
}

/* Load options that can't be carried over must not be lost: the next boot would fail. */
static bool check_options(const struct start *start, const char *text)
{
	struct conf conf;
	struct conf_error error;

	if (!start->options)
		return true;
	if (*start->options && conf_parse_file(&conf, text, strlen(text), &error))
		return true;
	cli_error("%s: a kernel, and the load options of its boot entry can't be carried over: "
		  "write baton.conf by hand (docs/use-pc.md), or name a loader by --loader",
		  start->path);
	return false;
}

/* baton.conf: what is there stays, if it is good, and no other loader is asked for. */
static bool write_conf(struct install *install)
{
	char *path = install_conf(&install->esp), *text;
	const char *loader = install->loader;
	struct conf conf;
	enum conf_state state = loader ? CONF_ABSENT : install_read_conf(&install->esp, &conf);
	bool good = state == CONF_GOOD;

	if (state == CONF_WRONG)
		cli_error("%s: correct or remove it, and install again", path);
	if (state == CONF_GOOD)
		good = check_loader(install, conf.image);
	if (state == CONF_ABSENT) {
		struct start start = {.path = loader};

		if (!loader)
			start = present_loader(install);
		text = conf_text(&start);
		good = check_loader(install, start.path) && check_options(&start, text) &&
		       (change_begins(&install->changes, "let baton start %s", start.path) ||
			true) &&
		       change_write(&install->changes, path, text, strlen(text), 0644);
		free(text);
	}
	free(path);
	return good;
}

static bool check_room(const struct install *install)
{
	struct statvfs fs;

	if (statvfs(install->esp.folder, &fs) ||
	    (unsigned long long)fs.f_bavail * fs.f_frsize >= 2 * install->image_length)
		return true;
	cli_error("%s: too little room: make some, %zu KiB are needed", install->esp.folder,
		  2 * install->image_length / 1024);
	return false;
}

static bool read_image(struct install *install)
{
	char *path = install->image_path ? strdup(install->image_path) : cli_own_file("baton.efi");

	if (!path)
		return false;
	install->image = cli_read_file(path, IMAGE_MAX, &install->image_length);
	if (!install->image)
		cli_file_error(path, "name another by --image");
	free(path);
	return install->image && refuse_image(install->image, install->image_length,
					      install->entry && bootentry_is_secure());
}

/* The ESP that is named; else the one that this system was booted from; else a usual one. */
static bool find_esp(struct install *install, const char *folder)
{
	static struct bootentry entry;
	int number = install->entry && !folder ? bootentry_current() : BOOTENTRY_NONE;

	if (number != BOOTENTRY_NONE && bootentry_read(number, &entry) && *entry.path &&
	    esp_find_partition(&install->system, &entry.partition, &install->esp))
		return true;
	return esp_find(&install->system, folder, &install->esp);
}

/* Checks everything before the first change. */
static bool prepare(struct install *install, const char *folder)
{
	install->entry = efivars_concern(install->system.root);
	if (!refuse_machine(&install->system))
		return false;
	if (install->entry && !bootentry_available())
		return false;
	if (!find_esp(install, folder))
		return false;
	if (install->entry &&
	    !esp_find_partitions(&install->system, &install->esp, &install->partitions))
		return false;
	return read_image(install) && check_room(install);
}

static bool make_changes(struct install *install)
{
	char *folder = install_folder(&install->esp), *program = install_program(&install->esp);
	bool good = change_make_folder(&install->changes, folder) && write_conf(install) &&
		    change_write(&install->changes, program, install->image, install->image_length,
				 0644);

	free(program);
	free(folder);
	if (good && install->entry)
		good = bootentry_add(&install->changes, &install->partitions, INSTALL_PROGRAM,
				     INSTALL_NAME);
	return good;
}

static int report_done(const struct install *install)
{
	if (!install->changes.made)
		puts("baton is installed already: nothing to do");
	else if (!install->changes.dry_run)
		puts("baton is installed: it takes effect when the machine is rebooted");
	return CLI_DONE;
}

/* Without firmware that starts baton, kernels are wrapped. */
static int install_hook(struct install *install)
{
	bool was_there = hook_is_there(&install->system);

	if (model_is_board(&install->system)) {
		if (model_has_psci(&install->system))
			return CLI_FAILED;
	} else if (!refuse_machine(&install->system)) {
		return CLI_FAILED;
	}
	if (system_runs(&install->system) && bootentry_is_secure())
		return cli_error(
			"Secure Boot is in force, and kernels that are wrapped have lost their "
			"signature: wrap and sign them yourself (\"baton wrap --sign\"), or "
			"install without --hook");
	if (hook_install(&install->changes, &install->system, install->all))
		return report_done(install);
	if (!was_there && install->changes.made && !install->changes.dry_run)
		cli_warning("kernels that were wrapped before that stay so: \"baton unwrap\" gives "
			    "them back");
	return CLI_FAILED;
}

/* The firmware of a Raspberry Pi starts no boot loader, but a stub at EL3. */
static int install_stub(struct install *install, const char *boot)
{
	if (install->loader || install->image_path)
		return cli_error("this is no PC with UEFI: leave out --loader and --image");
	return armstub_install(&install->changes, &install->system, boot) ? report_done(install)
									  : CLI_FAILED;
}

static int install(struct install *install, const char *folder)
{
	char *program = NULL;
	bool good = prepare(install, folder), was_there;

	if (!good)
		return CLI_FAILED;
	program = install_program(&install->esp);
	was_there = !access(program, F_OK);
	free(program);
	good = make_changes(install);
	if (!good && !was_there && install->changes.made && !install->changes.dry_run) {
		puts("all that was done is undone:");
		install_undo(&install->changes, &install->system, &install->esp);
	}
	if (!good)
		return CLI_FAILED;
	if (!install->entry)
		cli_warning("no boot entry was made: the other system's firmware is not here");
	return report_done(install);
}

#define KEY_ESP (COMMAND_LONG + 0)
#define KEY_LOADER (COMMAND_LONG + 1)
#define KEY_IMAGE (COMMAND_LONG + 2)
#define KEY_ROOT (COMMAND_LONG + 3)
#define KEY_HOOK (COMMAND_LONG + 4)
#define KEY_ALL (COMMAND_LONG + 5)
#define KEY_BOOT (COMMAND_LONG + 6)

static int install_main(const struct command *self, int argc, char **argv)
{
	struct install new = {.system.root = ""};
	const char *folder = NULL, *boot = NULL;
	int key, code;

	while ((key = command_next_option(self, argc, argv)) != -1) {
		if (key == 'n')
			new.changes.dry_run = true;
		else if (key == KEY_HOOK)
			new.hook = true;
		else if (key == KEY_ALL)
			new.all = true;
		else if (key == KEY_ESP)
			folder = optarg;
		else if (key == KEY_BOOT)
			boot = optarg;
		else if (key == KEY_LOADER)
			new.loader = optarg;
		else if (key == KEY_IMAGE)
			new.image_path = optarg;
		else if (key == KEY_ROOT && !(new.system.root = install_root(optarg)))
			return CLI_FAILED;
	}
	if (optind < argc)
		return command_usage(self, "%s: install takes no operands", argv[optind]);
	if (new.all && !new.hook)
		return command_usage(self, "--all needs --hook");
	if (new.hook && (folder || boot || new.loader || new.image_path))
		return command_usage(self, "--hook works without the firmware: leave out --esp, "
					   "--boot, --loader and --image");
	if (boot && (folder || new.loader || new.image_path))
		return command_usage(self, "--boot is for a Raspberry Pi: leave out --esp, "
					   "--loader and --image, which are for UEFI");
	if (new.hook)
		code = install_hook(&new);
	else if (!folder && armstub_is_for(&new.system, boot))
		code = install_stub(&new, boot);
	else
		code = install(&new, folder);
	free(new.image);
	esp_free(&new.esp);
	return code;
}

const struct command install_command = {
	.name = "install",
	.summary = "have the firmware start baton before the kernel",
	.usage = "[--dry-run] [--loader PATH] [--image FILE] [--esp DIR] [--root DIR]\n"
		 "[--dry-run] [--boot DIR] [--root DIR]\n"
		 "--hook [--all] [--dry-run] [--root DIR]",
	.text = "On a PC with UEFI: copies baton.efi to the EFI system partition, as "
		"\\EFI\\baton\\baton.efi. "
		"A baton.conf beside it names the present boot loader, which baton.efi "
		"starts. A boot entry for baton.efi becomes the first one. From the "
		"next boot on, baton collects the secondary CPUs before the kernel starts. "
		"The boot loader and the kernels stay as they are.\n\n"
		"Anything that is in place already stays as it is, also a baton.conf "
		"that you have changed. Boot loaders put their own boot entry first "
		"when they are installed again; call this command again after that. "
		"\"baton uninstall\" removes everything.\n\n"
		"On a Raspberry Pi 3, 4 or Zero 2 W: copies baton-armstub8.bin to the boot "
		"partition, and puts a marked block into config.txt that has the firmware start "
		"it. The rest of config.txt stays as it is. Where Debian's raspi-firmware writes "
		"config.txt, /etc/default/raspi-firmware-custom gets the same block. The kernels "
		"stay as they are. Refuses a Raspberry Pi 5 and older boards, 32-bit kernels, "
		"another armstub=, and kernels that U-Boot or an EFI firmware starts.\n\n"
		"With --hook, for machines without UEFI, the newest kernel is wrapped "
		"in place, as \"baton wrap\" does; on an arm64 board, where U-Boot starts the "
		"kernels. A script in /etc/kernel/postinst.d "
		"wraps each kernel that is installed later. Where kernel-install is what installs "
		"kernels, as on Fedora, the same script is its plugin. "
		"Older kernels stay as they are, and are the way back if something is "
		"wrong.\n\n"
		"Refuses, before any change, to install where baton can't work: on a PC without "
		"UEFI, with Secure Boot in force and an unsigned baton.efi, in an SEV "
		"guest, or with a broken table of CPUs. Needs root.",
	.options =
		(const struct command_option[]){
			{'n', "dry-run", NULL, "print what would be done, and change nothing"},
			{KEY_LOADER, "loader", "PATH",
			 "the boot loader to start: its path on the EFI system partition; by "
			 "default the one that started this system"},
			{KEY_IMAGE, "image", "FILE",
			 "this baton.efi instead of the one that came with the command, for "
			 "example "
			 "one that you have signed for Secure Boot"},
			{KEY_HOOK, "hook", NULL,
			 "wrap kernels instead, also those that are installed later"},
			{KEY_ALL, "all", NULL, "with --hook: wrap older kernels, too"},
			{KEY_ESP, "esp", "DIR",
			 "where the EFI system partition is mounted; by default /boot/efi, /efi or "
			 "/boot"},
			{KEY_BOOT, "boot", "DIR",
			 "where the boot partition of a Raspberry Pi is mounted; by default "
			 "/boot/firmware or /boot"},
			{KEY_ROOT, "root", "DIR",
			 "install into the system whose files are below DIR; no boot entry is made "
			 "unless EFIVARFS_PATH names a folder with its firmware's variables"},
			{0},
		},
	.examples =
		(const struct command_example[]){
			{"See what would be done", "baton install --dry-run"},
			{"Start GRUB, without shim in between",
			 "baton install --loader '\\EFI\\debian\\grubx64.efi'"},
			{"With Secure Boot, signed with your own key",
			 "baton install --image baton-signed.efi"},
			{0},
		},
	.main = install_main,
};
