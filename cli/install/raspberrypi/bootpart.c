/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "bootpart.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "configtxt.h"

bool bootpart_has(const char *folder, const char *name)
{
	char *path = cli_text("%s/%s", folder, name);
	bool there = !access(path, F_OK);

	free(path);
	return there;
}

/* A firmware of any board, or the first part of one. */
static bool has_firmware(const char *folder)
{
	static const char *const files[] = {"start.elf", "start4.elf", "start_cd.elf",
					    "start4cd.elf", "bootcode.bin"};

	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		if (bootpart_has(folder, files[i]))
			return true;
	return false;
}

/*
 * Raspberry Pi OS leaves a config.txt in /boot that says where the real one is: it has no
 * firmware beside it.  In an image that is not mounted part by part, the files are enough.
 */
static bool is_bootpart(const struct system *system, const char *folder, const char *path)
{
	char *device, *type;
	bool good;

	if (!bootpart_has(path, CONFIGTXT_NAME) || !has_firmware(path))
		return false;
	type = system_mounted(system, folder, &device);
	good = type ? !strcmp(type, "vfat") : !system_runs(system);
	free(device);
	free(type);
	return good;
}

static char *find_at(const struct system *system, const char *given)
{
	char *folder = system_folder(system, given);
	char *path = system_path(system, "%s", folder);

	if (!is_bootpart(system, folder, path)) {
		free(path);
		path = NULL;
	}
	free(folder);
	return path;
}

char *bootpart_find(const struct system *system, const char *named)
{
	static const char *const usual[] = {"/boot/firmware", "/boot", "/boot/efi"};
	char *path = NULL;

	if (named)
		return find_at(system, named);
	for (size_t i = 0; i < sizeof(usual) / sizeof(*usual) && !path; i++)
		path = find_at(system, usual[i]);
	return path;
}

char *bootpart_need(const struct system *system, const char *named)
{
	char *path = bootpart_find(system, named);

	if (!path && named)
		cli_error("%s: no boot partition of a Raspberry Pi: it is no FAT file system that "
			  "is mounted there with the firmware (start.elf or start4.elf) and "
			  "config.txt: name the folder by --boot",
			  named);
	else if (!path)
		cli_error("no boot partition of a Raspberry Pi, with the firmware (start.elf or "
			  "start4.elf) and config.txt, at /boot/firmware or /boot: mount it "
			  "there, or name the folder by --boot");
	return path;
}
