/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#ifndef TESTS_FUZZ_INSPECT_H
#define TESTS_FUZZ_INSPECT_H

#include "cli/inspect/inspect_json.h"

/* All that "baton inspect" makes of a machine that has been read; frees @m. */
static inline void inspect_machine(struct machine *m)
{
	struct verdict verdict[SUBJECTS] = {0};

	verdict_make(m, verdict);
	for (int i = 0; i < SUBJECTS; i++)
		verdict_cpus(m, &verdict[i]);
	json_decref(inspect_json(m, verdict));
	verdict_free(verdict);
	machine_free(m);
}

#endif /* TESTS_FUZZ_INSPECT_H */
