/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "console.h"
#include "lib/arm64/uart.h"
#include "lib/devices.h"
#include "lib/format.h"

#define LINE_MAX 256

static struct uart uart;

void console_start(const void *fdt)
{
	const char *compatible = NULL;
	uint64_t registers = devices_console(fdt, &compatible);

	uart = uart_find(registers, compatible);
}

static void write(const char *text)
{
	for (; *text; text++)
		uart_put(&uart, *text);
}

void say(const char *text, ...)
{
	char line[LINE_MAX];
	va_list arguments;

	va_start(arguments, text);
	format(line, sizeof(line), text, arguments);
	va_end(arguments);
	write("baton: ");
	write(line);
	write("\r\n");
}
