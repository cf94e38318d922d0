/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "probe/console.h"
#include "lib/arm64/uart.h"
#include "tree.h"

static struct uart uart;

void console_open(void)
{
	uart = uart_find(tree.console, tree.console_kind);
}

void console_put(char c)
{
	if (c == '\n')
		uart_put(&uart, '\r');
	uart_put(&uart, c);
}
