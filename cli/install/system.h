/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The system that a command changes or looks at: the running one, or one whose
 * files are below another root, as an image that is mounted there.
 */
#ifndef CLI_INSTALL_SYSTEM_H
#define CLI_INSTALL_SYSTEM_H

#include <stdbool.h>
#include <stddef.h>

struct system {
	const char *root; /* "" for the running one; without a slash at the end */
};

/* True if it is the running one: then the machine itself can be examined, too. */
bool system_runs(const struct system *system);

/* As asprintf(), for a path in the system.  To be freed; never NULL. */
char *system_path(const struct system *system, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* A file of at most @max bytes of the system, or NULL with errno set.  To be freed. */
void *system_read(const struct system *system, const char *path, size_t max, size_t *length);

/* Whether it has a file, or folder, of that path. */
bool system_has(const struct system *system, const char *path);

/*
 * A folder that somebody named, as the list of mounts would: its path in the system, without
 * links, dots and slashes too many (shells add one at the end).  To be freed; never NULL.
 */
char *system_folder(const struct system *system, const char *given);

/*
 * What is mounted at the folder of that path: its type, and *device, each to be freed.
 * NULL: nothing is.
 */
char *system_mounted(const struct system *system, const char *folder, char **device);

#endif /* CLI_INSTALL_SYSTEM_H */
