/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "system.h"

#include <errno.h>
#include <mntent.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

bool system_runs(const struct system *system)
{
	return !*system->root;
}

char *system_path(const struct system *system, const char *format, ...)
{
	char *inside, *path;
	va_list args;

	va_start(args, format);
	inside = cli_vtext(format, args);
	va_end(args);
	path = cli_text("%s%s", system->root, inside);
	free(inside);
	return path;
}

void *system_read(const struct system *system, const char *path, size_t max, size_t *length)
{
	char *full = system_path(system, "%s", path);
	void *data = cli_read_file(full, max, length);
	int why = errno;

	free(full);
	errno = why;
	return data;
}

bool system_has(const struct system *system, const char *path)
{
	char *full = system_path(system, "%s", path);
	bool there = !access(full, F_OK);

	free(full);
	return there;
}

/* A mount that is made when it is looked at comes second in the list. */
char *system_mounted(const struct system *system, const char *folder, char **device)
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
