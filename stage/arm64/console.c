/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "console.h"
#include "lib/arm64/uart.h"
#include "lib/devices.h"
#include "stage/say.h"

static struct uart uart;

static void put_line(const char *line)
{
	for (; *line; line++)
		uart_put(&uart, *line);
}

void console_find(const void *fdt)
{
	const char *compatible = NULL;
	uint64_t registers = devices_console(fdt, &compatible);

	uart = uart_find(registers, compatible);
	say_start(put_line);
}
