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

/* Without what stands below the root, if @path is below it; else NULL. */
static const char *below(const char *root, const char *path)
{
	size_t length = strlen(root);

	return !strncmp(path, root, length) && path[length] == '/' ? path + length : NULL;
}

char *system_folder(const struct system *system, const char *given)
{
	char *full = system_path(system, "%s", given), *real = realpath(full, NULL);
	char *root = system_runs(system) ? strdup("") : realpath(system->root, NULL);
	const char *inside = root && real ? below(root, real) : NULL;
	char *folder = cli_text("%s", inside ? inside : given);

	free(root);
	free(real);
	free(full);
	return folder;
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
