/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* What baton report is made of. */
#ifndef CLI_REPORT_REPORT_H
#define CLI_REPORT_REPORT_H

#include <stdio.h>

#include "timeline.h"

/* The picture, as SVG; @page: to stand in HTML. */
void draw_picture(FILE *to, const struct timeline *t, bool page);

/* One self-contained page with the picture, the tables and the machine. */
void write_page(FILE *to, const struct timeline *t, const char *source);

/* A sentence about a hand-over.  To be freed. */
char *handover_text(const struct timeline *t, const struct handover *h);

/* The name of a kernel that took CPUs at @time, "kernel 2?" where that is not sure. */
void kernel_at(const struct timeline *t, unsigned kernel, uint64_t time, char *name);

/* "4 kernels".  To be freed. */
char *kernels_text(const struct timeline *t);

/* What is missing from the ledger, in a sentence; NULL: nothing.  To be freed. */
char *missing_text(const struct timeline *t);

/* What an entry tells beside its event: a vector and so on; may be empty.  To be freed. */
char *entry_detail(const struct entry *e);

/* How often a CPU was proven to be held; "-" where that is not counted.  To be freed. */
char *proofs_text(const struct timeline *t, const struct baton_cpu_record *record);

/* "return" and so on, or "event 77"; up to TIMELINE_NAME bytes. */
void event_name(uint32_t what, char *name);

#endif /* CLI_REPORT_REPORT_H */
