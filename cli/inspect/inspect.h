/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* The two faces of baton inspect: for people and for programs. */
#ifndef CLI_INSPECT_INSPECT_H
#define CLI_INSPECT_INSPECT_H

#include <jansson.h>

#include "machine.h"

/* docs/inspect.schema.json describes it. */
json_t *inspect_json(const struct machine *m, const struct verdict verdict[SUBJECTS]);

/* The BATN table but for its ledger: docs/ledger.schema.json. */
json_t *batn_json(const struct baton_table *table);

/* "0x1f", for what has no place in a JSON number. */
json_t *hex_json(uint64_t value);

/* @text, which NULL makes null; bytes that are not UTF-8 have no place in JSON either. */
json_t *text_json(const char *text);

/* Print it and free it.  An enum cli_exit. */
int print_json(json_t *json);

#endif /* CLI_INSPECT_INSPECT_H */
