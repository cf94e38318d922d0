/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "say.h"
#include <stdbool.h>
#include "lib/format.h"

#define LINE_MAX 512

static void (*put_line)(const char *line);
static bool verbose;

void say_start(void (*put)(const char *line))
{
	put_line = put;
}

void say_verbosely(void)
{
	verbose = true;
}

static void vsay(const char *text, va_list arguments) __attribute__((format(printf, 1, 0)));
static void vsay(const char *text, va_list arguments)
{
	char line[LINE_MAX] = "baton: ";
	size_t prefix = sizeof("baton: ") - 1;
	size_t length = prefix + format(line + prefix, LINE_MAX - prefix - 2, text, arguments);

	line[length++] = '\r';
	line[length++] = '\n';
	line[length] = 0;
	if (put_line)
		put_line(line);
}

void say(const char *text, ...)
{
	va_list arguments;

	va_start(arguments, text);
	vsay(text, arguments);
	va_end(arguments);
}

void say_detail(const char *text, ...)
{
	va_list arguments;

	if (!verbose)
		return;
	va_start(arguments, text);
	vsay(text, arguments);
	va_end(arguments);
}
