/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "esp.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <mntent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"

#define GUID_LENGTH 36 /* of its text */

static bool is_folder(const char *path)
{
	struct stat s;

	return !stat(path, &s) && S_ISDIR(s.st_mode);
}

/*
 * What is mounted at @folder: its type, and its device, to be freed.  NULL: nothing
 * is.  A mount that is made when it is looked at comes second in the list.
 */
static char *mounted(const struct system *system, const char *folder, char **device)
{
	char *list = system_path(system, "/proc/self/mounts"), *type = NULL;
	FILE *mounts = setmntent(list, "re");
	struct mntent *mount;

	free(list);
	*device = NULL;
	while (mounts && (mount = getmntent(mounts))) {
		if (strcmp(mount->mnt_dir, folder))
			continue;
		free(type);
		free(*device);
		type = strdup(mount->mnt_type);
		*device = strdup(mount->mnt_fsname);
	}
	if (mounts)
		endmntent(mounts);
	return type;
}

/* Whether the ESP of a system is at @folder.  An image need not be mounted: it has files. */
static bool is_esp(const struct system *system, const char *folder, struct esp *esp)
{
	char *path = system_path(system, "%s", folder),
	     *efi = system_path(system, "%s/EFI", folder);
	bool has_efi = is_folder(efi); /* and if it is an automount, it is mounted now */
	char *device, *type = mounted(system, folder, &device);
	bool good = has_efi && (type ? !strcmp(type, "vfat") : !system_runs(system));

	if (good) {
		esp->folder = strdup(path);
		esp->device =
			device && strrchr(device, '/') ? strdup(strrchr(device, '/') + 1) : NULL;
	}
	free(device);
	free(type);
	free(efi);
	free(path);
	return good;
}

static const char *const usual[] = {"/boot/efi", "/efi", "/boot"};

static bool find_usual(const struct system *system, struct esp *esp)
{
	for (size_t i = 0; i < sizeof(usual) / sizeof(*usual); i++)
		if (is_esp(system, usual[i], esp))
			return true;
	return false;
}

bool esp_exists(const struct system *system)
{
	struct esp esp;

	if (!find_usual(system, &esp))
		return false;
	esp_free(&esp);
	return true;
}

bool esp_may_exist(const struct system *system)
{
	bool closed = false;

	for (size_t i = 0; i < sizeof(usual) / sizeof(*usual) && !closed; i++) {
		char *path = system_path(system, "%s", usual[i]);

		closed = access(path, X_OK) && errno == EACCES;
		free(path);
	}
	return closed;
}

/* Without slashes at its end, which the list of mounts does not have: shells add one. */
static bool is_esp_as_given(const struct system *system, const char *folder, struct esp *esp)
{
	size_t length = strlen(folder);
	char *plain;
	bool good;

	while (length > 1 && folder[length - 1] == '/')
		length--;
	plain = cli_text("%.*s", (int)length, folder);
	good = is_esp(system, plain, esp);
	free(plain);
	return good;
}

bool esp_find(const struct system *system, const char *folder, struct esp *esp)
{
	if (folder ? is_esp_as_given(system, folder, esp) : find_usual(system, esp))
		return true;
	if (folder)
		cli_error("%s: no EFI system partition: it is no FAT file system that is mounted "
			  "there with a folder EFI in it: name the ESP by --esp",
			  folder);
	else
		cli_error("no EFI system partition at /boot/efi, /efi or /boot: mount it there, or "
			  "name the folder by --esp");
	return false;
}

void esp_free(struct esp *esp)
{
	free(esp->folder);
	free(esp->device);
}

/* A number that a file of sysfs holds. */
static bool read_number(const struct system *system, const char *device, const char *name,
			uint64_t *value)
{
	char *path = system_path(system, "/sys/class/block/%s/%s", device, name);
	char *text = cli_read_file(path, 64, NULL);
	bool good = text && sscanf(text, "%" SCNu64, value) == 1;

	free(text);
	free(path);
	return good;
}

/* udev has a link for each partition, by its GUID. */
static bool read_guid(const struct system *system, const char *device, efi_guid_t *guid)
{
	char *path = system_path(system, "/dev/disk/by-partuuid");
	DIR *folder = opendir(path);
	struct dirent *entry;
	bool found = false;

	while (folder && !found && (entry = readdir(folder))) {
		char target[256];
		ssize_t n = readlinkat(dirfd(folder), entry->d_name, target, sizeof(target) - 1);

		target[n > 0 ? n : 0] = 0;
		found = strrchr(target, '/') && !strcmp(strrchr(target, '/') + 1, device) &&
			strlen(entry->d_name) == GUID_LENGTH &&
			!efi_str_to_guid(entry->d_name, guid);
	}
	if (folder)
		closedir(folder);
	free(path);
	return found;
}

bool esp_find_partition(const struct system *system, const efi_guid_t *guid, struct esp *esp)
{
	char *list = system_path(system, "/proc/self/mounts");
	FILE *mounts = setmntent(list, "re");
	struct mntent *mount;
	bool found = false;

	free(list);
	while (mounts && !found && (mount = getmntent(mounts))) {
		char *folder; /* is_esp() reads the list, too, and *mount changes */
		efi_guid_t other;
		bool esp_is_there;

		if (strcmp(mount->mnt_type, "vfat"))
			continue;
		folder = cli_text("%s", mount->mnt_dir);
		esp_is_there = is_esp(system, folder, esp);
		free(folder);
		if (!esp_is_there)
			continue;
		found = esp->device && read_guid(system, esp->device, &other) &&
			!memcmp(&other, guid, sizeof(other));
		if (!found)
			esp_free(esp);
	}
	if (mounts)
		endmntent(mounts);
	return found;
}

bool esp_partition(const struct system *system, const struct esp *esp,
		   struct esp_partition *partition)
{
	uint64_t number, block, start, size;

	if (!esp->device) {
		cli_error("%s: it is not known which device that is: name the ESP by --esp",
			  esp->folder);
		return false;
	}
	if (!strncmp(esp->device, "md", 2)) {
		cli_error("%s: a RAID, which firmware knows nothing of: it starts what is on its "
			  "members, each by a boot entry of its own: mount one of them in its "
			  "place, name it by --esp, and do the same for the others",
			  esp->device);
		return false;
	}
	if (!read_number(system, esp->device, "partition", &number) ||
	    !read_number(system, esp->device, "start", &start) ||
	    !read_number(system, esp->device, "size", &size) ||
	    !read_number(system, esp->device, "../queue/logical_block_size", &block) ||
	    block < 512 || number > UINT32_MAX) {
		cli_error("%s: no partition of a disk: /sys/class/block does not describe it: "
			  "name another ESP by --esp",
			  esp->device);
		return false;
	}
	if (!read_guid(system, esp->device, &partition->guid)) {
		cli_error("%s: no partition of a GPT: /dev/disk/by-partuuid does not name it; boot "
			  "entries need its GUID",
			  esp->device);
		return false;
	}
	partition->number = (uint32_t)number;
	partition->start = start / (block / 512); /* sysfs counts in 512 bytes, always */
	partition->size = size / (block / 512);
	return true;
}

/* The entry of @folder with this name, or with other letter case. */
static bool find_name(const char *folder, const char *name, size_t length, char *found)
{
	DIR *list = opendir(folder);
	struct dirent *entry;
	bool good = false;

	while (list && !good && (entry = readdir(list))) {
		good = strlen(entry->d_name) == length && !strncasecmp(entry->d_name, name, length);
		if (good)
			strcpy(found, entry->d_name);
	}
	if (list)
		closedir(list);
	return good;
}

char *esp_file(const struct esp *esp, const char *path)
{
	char *at = strdup(esp->folder), *next;
	char name[NAME_MAX + 1];

	for (size_t length; at && *path; path += length) {
		path += strspn(path, "\\/");
		length = strcspn(path, "\\/");
		if (!length)
			break;
		next = find_name(at, path, length, name) ? cli_text("%s/%s", at, name) : NULL;
		free(at);
		at = next;
	}
	return at;
}
