/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "probe/console.h"
#include <stdbool.h>
#include "lib/x86_64/serial.h"
#include "screen.h"

#define COM1 0x3f8
#define BAUD 115200

static bool serial;

void console_open(void)
{
	serial = serial_present(COM1);
	if (serial)
		serial_start(COM1, BAUD);
}

void console_put(char c)
{
	if (serial && c == '\n')
		serial_put(COM1, '\r');
	if (serial)
		serial_put(COM1, c);
	screen_put(c);
}
