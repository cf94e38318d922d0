/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* What starting, putting offline, kexec and a crash kernel come to on a machine. */
#ifndef CLI_MACHINE_VERDICT_H
#define CLI_MACHINE_VERDICT_H

#include "machine.h"

enum result {
	RESULT_WORKS,	 /* and is proven */
	RESULT_UNPROVEN, /* works; but nothing verifies its conditions */
	RESULT_LIMITED,	 /* some of the CPUs are lost */
	RESULT_REFUSED,	 /* by the kernel, with an error */
	RESULT_HANGS,
	RESULT_UNKNOWN,
};

enum subject { SUBJECT_START, SUBJECT_OFFLINE, SUBJECT_KEXEC, SUBJECT_CRASH, SUBJECTS };

struct verdict {
	enum result result;
	char *text;
	size_t cpus; /* of RESULT_LIMITED: so many are left; 0: one */
	/* With baton, where that would be different; else text is NULL. */
	enum result with_result;
	char *with_text;
};

void verdict_make(const struct machine *m, struct verdict verdict[SUBJECTS]);
/* How many CPUs the kernel has in the end; -1: not known. */
long verdict_cpus(const struct machine *m, const struct verdict *v);
void verdict_free(struct verdict verdict[SUBJECTS]);

/* One word each, as in JSON: part of its schema. */
extern const char *const verdict_result_names[];
extern const char *const verdict_subject_names[];

#endif /* CLI_MACHINE_VERDICT_H */
