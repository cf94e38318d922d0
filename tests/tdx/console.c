/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "console.h"
#include <baton/x86_64/cpu.h>
#include <stdbool.h>
#include "layout.h"
#include "lib/format.h"
#include "lib/x86_64/serial.h"

#define DEBUGCON 0xe9 /* reads as its own number */
#define LINE_MAX 256

static bool debugcon;
static unsigned lock;

void console_start(void)
{
	debugcon = in8(DEBUGCON) == DEBUGCON;
}

static void put(const char *line, bool com1)
{
	while (__atomic_exchange_n(&lock, 1, __ATOMIC_ACQUIRE))
		cpu_relax();
	for (; *line; line++) {
		if (debugcon)
			out8(DEBUGCON, *line);
		if (!com1 && debugcon)
			continue;
		if (*line == '\n')
			serial_put(COM1, '\r');
		serial_put(COM1, *line);
	}
	__atomic_store_n(&lock, 0, __ATOMIC_RELEASE);
}

void console_print(const char *text, ...)
{
	char line[LINE_MAX];
	va_list arguments;

	va_start(arguments, text);
	format(line, sizeof(line), text, arguments);
	va_end(arguments);
	put(line, false);
}

void console_alarm(const char *text, va_list arguments)
{
	char line[LINE_MAX];

	format(line, sizeof(line), text, arguments);
	put(line, true);
}
