/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* Values as JSON, by jansson. */
#ifndef CLI_TOJSON_H
#define CLI_TOJSON_H

#include <jansson.h>
#include <stdint.h>

/* "0x1f", for what has no place in a JSON number. */
json_t *tojson_hex(uint64_t value);

/* @text, or null if it is NULL.  Bytes that are not UTF-8 have no place in JSON: they become "?".
 */
json_t *tojson_text(const char *text);

/* Print @json and free it.  Returns an enum cli_exit. */
int tojson_print(json_t *json);

#endif /* CLI_TOJSON_H */
