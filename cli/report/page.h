/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#ifndef CLI_REPORT_PAGE_H
#define CLI_REPORT_PAGE_H

#include <stdio.h>

#include "timeline.h"

/* Write one self-contained HTML page: the picture, the tables and the machine. */
void page_write(FILE *to, const struct timeline *t, const char *source);

#endif /* CLI_REPORT_PAGE_H */
