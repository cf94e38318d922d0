/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * Changes to a system, one at a time: each is told before or when it is made,
 * left out if all is so already, and only told if it is to be a dry run.
 * Each returns false, with the error told, if it could not be made.
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

/* Tell of a change of another kind; true if it is to be made. */
bool change_begins(struct changes *changes, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* There is such a folder; the one that it is in is there. */
bool change_make_folder(struct changes *changes, const char *path);

/* The file @path has these contents. */
bool change_write(struct changes *changes, const char *path, const void *data, size_t length,
		  mode_t mode);

/* There is no such file; or no such folder, unless there is still something in it. */
bool change_remove(struct changes *changes, const char *path);
bool change_remove_folder(struct changes *changes, const char *path);

#endif /* CLI_INSTALL_CHANGE_H */
