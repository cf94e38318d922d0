/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#ifndef CLI_REPORT_LOAD_H
#define CLI_REPORT_LOAD_H

#include <stdbool.h>

#include "timeline.h"

/*
 * Makes a timeline of the BATN table in the file at @path, or of this machine's if
 * @path is NULL.  Its table is to be freed, after the timeline.  Returns false after
 * reporting an error.
 */
bool load_timeline(struct timeline *t, const char *path);

#endif /* CLI_REPORT_LOAD_H */
