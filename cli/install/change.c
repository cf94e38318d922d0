/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "change.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"

#define FILE_MAX (256u << 20)

bool change_begins(struct changes *changes, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs(changes->dry_run ? "would " : "", stdout);
	vprintf(format, args);
	putchar('\n');
	va_end(args);
	changes->made++;
	return !changes->dry_run;
}

static bool has_contents(const char *path, const void *data, size_t length)
{
	size_t there;
	void *old = cli_read_file(path, FILE_MAX, &there);
	bool same = old && there == length && !memcmp(old, data, length);

	free(old);
	return same;
}

bool change_make_folder(struct changes *changes, const char *path)
{
	if (!access(path, F_OK))
		return true;
	if (!change_begins(changes, "make the folder %s", path) || !mkdir(path, 0755))
		return true;
	cli_file_error(path, "mount its file system for writing");
	return false;
}

bool change_write(struct changes *changes, const char *path, const void *data, size_t length,
		  mode_t mode)
{
	if (has_contents(path, data, length))
		return true;
	if (!change_begins(changes, "write %s, %zu bytes", path, length))
		return true;
	/* A FAT file system has no modes: it refuses, or takes no notice. */
	if (cli_write_file(path, data, length) && (!chmod(path, mode) || errno == EPERM))
		return true;
	cli_file_error(path, "mount its file system for writing, and with room");
	return false;
}

bool change_remove(struct changes *changes, const char *path)
{
	struct stat old;

	if (lstat(path, &old) && errno == ENOENT)
		return true;
	if (!change_begins(changes, "remove %s", path) || !unlink(path))
		return true;
	cli_file_error(path, "mount its file system for writing");
	return false;
}

bool change_remove_folder(struct changes *changes, const char *path)
{
	if (access(path, F_OK) || !change_begins(changes, "remove the folder %s", path))
		return true;
	if (!rmdir(path) || errno == ENOENT)
		return true;
	if (errno == ENOTEMPTY) {
		cli_warning("%s: not removed: there is something else in it", path);
		return true;
	}
	cli_file_error(path, "mount its file system for writing");
	return false;
}
