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

/* Whether the ESP of a system is at @folder.  An image need not be mounted: it has files. */
static bool is_esp(const struct system *system, const char *folder, struct esp *esp)
{
	char *path = system_path(system, "%s", folder),
	     *efi = system_path(system, "%s/EFI", folder);
	bool has_efi = is_folder(efi); /* and if it is an automount, it is mounted now */
	char *device, *type = system_mounted(system, folder, &device);
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

static bool is_esp_as_given(const struct system *system, const char *given, struct esp *esp)
{
	char *folder = system_folder(system, given);
	bool good = is_esp(system, folder, esp);

	free(folder);
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

/* The line that a file of sysfs holds, without its end.  To be freed; NULL: there is none. */
static char *read_line(const struct system *system, const char *device, const char *name)
{
	char *path = system_path(system, "/sys/class/block/%s/%s", device, name);
	char *text = cli_read_file(path, 64, NULL);

	free(path);
	if (text)
		text[strcspn(text, "\n")] = 0;
	return text;
}

/* A number that one holds. */
static bool read_number(const struct system *system, const char *device, const char *name,
			uint64_t *value)
{
	char *text = read_line(system, device, name);
	bool good = text && sscanf(text, "%" SCNu64, value) == 1;

	free(text);
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

/* Why @device is no partition that a boot entry can name; NULL: it is, and *partition is. */
static const char *read_partition(const struct system *system, const char *device,
				  struct esp_partition *partition)
{
	uint64_t number, block, start, size;

	if (!read_number(system, device, "partition", &number) ||
	    !read_number(system, device, "start", &start) ||
	    !read_number(system, device, "size", &size) ||
	    !read_number(system, device, "../queue/logical_block_size", &block) || block < 512 ||
	    number > UINT32_MAX)
		return "no partition of a disk: /sys/class/block does not describe it: name "
		       "another ESP by --esp";
	if (!read_guid(system, device, &partition->guid))
		return "no partition of a GPT: /dev/disk/by-partuuid does not name it; boot "
		       "entries need its GUID";
	partition->number = (uint32_t)number;
	partition->start = start / (block / 512); /* sysfs counts in 512 bytes, always */
	partition->size = size / (block / 512);
	return NULL;
}

static bool is_raid(const struct system *system, const char *device)
{
	char *level = read_line(system, device, "md/level");
	bool raid = level || !strncmp(device, "md", 2);

	free(level);
	return raid;
}

/*
 * Why firmware can't read what is on the RAID whose md/ of sysfs is at @md; NULL: it can.
 * With metadata 1.0 and 0.90, which stand at the end, each member of a mirror looks like
 * what is on it (md(4), "Superblocks").  "external" is the firmware's own kind of RAID.
 */
static const char *judge_raid(const struct system *system, const char *device, const char *md,
			      bool *is_external)
{
	char *level_file = cli_text("%s/level", md),
	     *version_file = cli_text("%s/metadata_version", md);
	char *level = read_line(system, device, level_file);
	char *version = read_line(system, device, version_file);
	const char *wrong = NULL;

	*is_external = version && !strncmp(version, "external:", 9);
	if (!level || !version)
		wrong = "a RAID that /sys/class/block does not describe (md/level, "
			"md/metadata_version): name an ESP outside of it by --esp";
	else if (!strcmp(version, "1.1") || !strcmp(version, "1.2"))
		wrong = "a RAID whose metadata (1.1 or 1.2) stands at the start of its members: "
			"firmware finds no file system there, and starts nothing of it: make it "
			"anew by \"mdadm --create --level=1 --metadata=1.0\", or name an ESP "
			"outside of it by --esp";
	else if (!*is_external && strcmp(level, "raid1"))
		wrong = "a RAID that is no mirror (raid1): firmware, which reads one member "
			"alone, does not find all of the file system there: name an ESP outside "
			"of it by --esp";
	else if (!*is_external && strcmp(version, "1.0") && strcmp(version, "0.90"))
		wrong = "a RAID with metadata that is not known: name an ESP outside of it by "
			"--esp";
	free(version);
	free(level);
	free(version_file);
	free(level_file);
	return wrong;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* The members of the mirror @device. */
static const char *read_members(const struct system *system, const char *device,
				struct esp_partitions *partitions)
{
	char *path = system_path(system, "/sys/class/block/%s/slaves", device);
	struct dirent **list = NULL;
	const char *wrong = NULL;
	int n = scandir(path, &list, NULL, by_name);

	for (int i = 0; i < n; i++) {
		if (list[i]->d_name[0] != '.' && !wrong) {
			if (partitions->count == ESP_PARTITIONS_MAX)
				wrong = "a RAID of too many members: name an ESP outside of it by "
					"--esp";
			else
				wrong = read_partition(system, list[i]->d_name,
						       &partitions->partition[partitions->count++]);
		}
		free(list[i]);
	}
	free(list);
	free(path);
	if (!wrong && !partitions->count)
		wrong = "a RAID whose members /sys/class/block does not name: name an ESP outside "
			"of it by --esp";
	return wrong;
}

static const char *find_partitions(const struct system *system, const char *device,
				   struct esp_partitions *partitions)
{
	uint64_t number;
	bool whole = !read_number(system, device, "partition", &number), is_external = false;
	const char *wrong = NULL;

	partitions->count = 0;
	if (is_raid(system, device))
		wrong = judge_raid(system, device, whole ? "md" : "../md", &is_external);
	else
		whole = false;
	if (wrong)
		return wrong;
	if (whole && !is_external)
		return read_members(system, device, partitions);
	partitions->count = 1;
	return read_partition(system, device, partitions->partition);
}

bool esp_has_partition(const struct esp_partitions *partitions, const efi_guid_t *guid)
{
	for (size_t i = 0; i < partitions->count; i++)
		if (!memcmp(&partitions->partition[i].guid, guid, sizeof(*guid)))
			return true;
	return false;
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
		struct esp_partitions partitions;
		bool esp_is_there;

		if (strcmp(mount->mnt_type, "vfat"))
			continue;
		folder = cli_text("%s", mount->mnt_dir);
		esp_is_there = is_esp(system, folder, esp);
		free(folder);
		if (!esp_is_there)
			continue;
		found = esp->device && !find_partitions(system, esp->device, &partitions) &&
			esp_has_partition(&partitions, guid);
		if (!found)
			esp_free(esp);
	}
	if (mounts)
		endmntent(mounts);
	return found;
}

bool esp_find_partitions(const struct system *system, const struct esp *esp,
			 struct esp_partitions *partitions)
{
	const char *wrong;

	if (!esp->device) {
		cli_error("%s: it is not known which device that is: name the ESP by --esp",
			  esp->folder);
		return false;
	}
	wrong = find_partitions(system, esp->device, partitions);
	if (wrong)
		cli_error("%s: %s", esp->device, wrong);
	return !wrong;
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
