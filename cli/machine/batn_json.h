/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#ifndef CLI_MACHINE_BATN_JSON_H
#define CLI_MACHINE_BATN_JSON_H

#include <jansson.h>

#include <baton/reader.h>

/* The BATN table but for its ledger: docs/ledger.schema.json. */
json_t *batn_json(const struct baton_table *table);

#endif /* CLI_MACHINE_BATN_JSON_H */
