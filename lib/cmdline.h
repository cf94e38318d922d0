/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* Words of a kernel command line, of any architecture.  Plain C, for the host too. */
#ifndef LIB_CMDLINE_H
#define LIB_CMDLINE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The value of word number @index, from 0, of those called @name on @line: what
 * follows "name=" up to a blank, or "" for the word "name" alone; in @value, of @size
 * bytes with its terminating 0, cut off if it is longer.  False if there are not so
 * many.  Quotes keep words together, as for Linux.
 */
bool cmdline_value(const char *line, const char *name, unsigned index, char *value, size_t size);

#endif /* LIB_CMDLINE_H */
