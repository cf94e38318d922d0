/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#ifndef CLI_REPORT_LEDGER_JSON_H
#define CLI_REPORT_LEDGER_JSON_H

#include <jansson.h>

#include "timeline.h"

/* The table with its ledger, read from @source: docs/ledger.schema.json describes it. */
json_t *ledger_json(const struct timeline *t, const char *source);

#endif /* CLI_REPORT_LEDGER_JSON_H */
