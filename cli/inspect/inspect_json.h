/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#ifndef CLI_INSPECT_INSPECT_JSON_H
#define CLI_INSPECT_INSPECT_JSON_H

#include <jansson.h>

#include "cli/machine/verdict.h"

/* All that inspect knows: docs/inspect.schema.json describes it. */
json_t *inspect_json(const struct machine *m, const struct verdict verdict[SUBJECTS]);

#endif /* CLI_INSPECT_INSPECT_JSON_H */
