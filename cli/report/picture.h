/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#ifndef CLI_REPORT_PICTURE_H
#define CLI_REPORT_PICTURE_H

#include <stdio.h>

#include "timeline.h"

/* Write @t as a picture, in SVG; @page: as a part of an HTML page, which has the heading. */
void picture_draw(FILE *to, const struct timeline *t, bool page);

#endif /* CLI_REPORT_PICTURE_H */
