/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "probe/console.h"
#include <stdbool.h>
#include <stdint.h>
#include "screen.h"
#include "x86.h"

/* 16550: the registers by their offset from the port. */
#define COM1 0x3f8
#define INTERRUPT_ENABLE 1
#define FIFO_CONTROL 2
#define LINE_CONTROL 3
#define LINE_STATUS 5
#define SCRATCH 7
#define TRANSMITTER_EMPTY 0x20
#define POLLS_MAX 100000 /* of about 1 us each: far more than one byte takes */

static bool serial;

/* A port that keeps what is written to its scratch register is there. */
static bool serial_present(void)
{
	out8(COM1 + SCRATCH, 0xa5);
	if (in8(COM1 + SCRATCH) != 0xa5)
		return false;
	out8(COM1 + SCRATCH, 0x5a);
	return in8(COM1 + SCRATCH) == 0x5a;
}

void console_start(void)
{
	serial = serial_present();
	if (serial) {
		out8(COM1 + INTERRUPT_ENABLE, 0);
		out8(COM1 + LINE_CONTROL, 0x83); /* divisor */
		out8(COM1, 1);			 /* 115200 */
		out8(COM1 + 1, 0);
		out8(COM1 + LINE_CONTROL, 3); /* 8n1 */
		out8(COM1 + FIFO_CONTROL, 7);
	}
}

static void serial_put(char c)
{
	int polls = 0;

	while (!(in8(COM1 + LINE_STATUS) & TRANSMITTER_EMPTY))
		if (++polls == POLLS_MAX)
			return;
	out8(COM1, (uint8_t)c);
}

void console_write(const char *text)
{
	for (; *text; text++) {
		if (serial && *text == '\n')
			serial_put('\r');
		if (serial)
			serial_put(*text);
		screen_put(*text);
	}
}
