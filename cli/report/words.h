/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* A timeline in words. */
#ifndef CLI_REPORT_WORDS_H
#define CLI_REPORT_WORDS_H

#include "timeline.h"

/* A sentence about a hand-over.  To be freed. */
char *words_handover(const struct timeline *t, const struct handover *h);

/* The name of the kernel that took CPUs at @time; "kernel 2?" if it is not certain. */
void words_kernel(const struct timeline *t, unsigned kernel, uint64_t time, char *name);

/* "4 kernels".  To be freed. */
char *words_kernels(const struct timeline *t);

/* What is missing from the ledger, in a sentence; NULL: nothing.  To be freed. */
char *words_missing(const struct timeline *t);

/* The details of an entry: a vector and so on; may be empty.  To be freed. */
char *words_detail(const struct entry *e);

/* How often a CPU was proven to be held; "-" where that is not counted.  To be freed. */
char *words_proofs(const struct timeline *t, const struct baton_cpu_record *record);

/* "return" and so on, or "event 77"; up to TIMELINE_NAME bytes. */
void words_event(uint32_t what, char *name);

#endif /* CLI_REPORT_WORDS_H */
