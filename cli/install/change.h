/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * Changes to a system, one at a time.  Each is printed when it is made, and skipped if
 * its result is there already; a dry run only prints it.  Each returns false after
 * reporting an error.
 */
#ifndef CLI_INSTALL_CHANGE_H
#define CLI_INSTALL_CHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct changes {
	bool dry_run;
	unsigned made; /* or would have been */
};

/* Prints a change of another kind; returns true if the caller is to make it. */
bool change_begins(struct changes *changes, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Makes a folder in a folder that exists. */
bool change_make_folder(struct changes *changes, const char *path);

/* Gives the file @path these contents. */
bool change_write(struct changes *changes, const char *path, const void *data, size_t length,
		  mode_t mode);

/* Removes a file; or a folder, unless there is still something in it. */
bool change_remove(struct changes *changes, const char *path);
bool change_remove_folder(struct changes *changes, const char *path);

#endif /* CLI_INSTALL_CHANGE_H */
