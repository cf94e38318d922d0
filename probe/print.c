/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include <stdarg.h>
#include "lib/format.h"
#include "console.h"

#define LINE_MAX 512

void print(const char *text, ...)
{
	char line[LINE_MAX];
	va_list arguments;

	va_start(arguments, text);
	format(line, sizeof(line), text, arguments);
	va_end(arguments);
	for (const char *at = line; *at; at++)
		console_put(*at);
}
