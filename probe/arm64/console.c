/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "probe/console.h"
#include "lib/arm64/uart.h"
#include "tree.h"

static struct uart uart;

void console_start(void)
{
	uart = uart_find(tree.console, tree.console_kind);
}

void console_write(const char *text)
{
	for (; *text; text++) {
		if (*text == '\n')
			uart_put(&uart, '\r');
		uart_put(&uart, *text);
	}
}
