/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "system.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
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

char *system_own_file(const char *name)
{
	static const char *const places[] = {"", "../lib/baton/"};
	char program[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", program, sizeof(program));

	if (length > 0 && length < (ssize_t)sizeof(program)) {
		program[length] = 0;
		*(strrchr(program, '/') + 1) = 0;
		for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
			char *path = cli_text("%s%s%s", program, places[i], name);

			if (!access(path, R_OK))
				return path;
			free(path);
		}
	}
	cli_error("%s: not beside the program, nor in ../lib/baton: install baton as a whole, or "
		  "name the file",
		  name);
	return NULL;
}
