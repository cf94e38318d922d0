/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "tojson.h"

#include <inttypes.h>
#include <stdlib.h>

#include "cli.h"

json_t *tojson_hex(uint64_t value)
{
	return json_sprintf("0x%" PRIx64, value);
}

json_t *tojson_text(const char *text)
{
	json_t *json = text ? json_string(text) : json_null();
	char *other;

	if (json)
		return json;
	other = cli_printable(cli_text("%s", text)); /* it is not UTF-8 */
	json = json_string(other);
	free(other);
	return json;
}

int tojson_print(json_t *json)
{
	int code = CLI_DONE;

	if (!json)
		return cli_error("no memory left");
	if (json_dumpf(json, stdout, JSON_INDENT(2)) || putchar('\n') == EOF)
		code = CLI_FAILED;
	json_decref(json);
	return code;
}
