/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "serial.h"
#include <baton/x86_64/cpu.h>

#define DIVISOR_LOW 0 /* with the latch bit set */
#define DIVISOR_HIGH 1
#define LINE_CONTROL 3
#define LINE_8N1 0x03
#define LINE_DIVISOR_LATCH 0x80
#define BAUD_BASE 115200

#define LINE_STATUS 5
#define TRANSMITTER_EMPTY 0x20
#define POLLS_MAX 100000 /* of about 1 us each: far more than one byte takes */

void serial_write(unsigned port, const char *text)
{
	if (in8(port + LINE_STATUS) == 0xff) /* nothing there */
		return;
	for (; *text; text++) {
		int polls = 0;

		while (!(in8(port + LINE_STATUS) & TRANSMITTER_EMPTY))
			if (++polls == POLLS_MAX)
				return;
		out8(port, *text);
	}
}

void serial_set_baud(unsigned port, unsigned baud)
{
	unsigned divisor = BAUD_BASE / baud;

	if (!divisor || divisor > 0xffff || in8(port + LINE_STATUS) == 0xff)
		return;
	out8(port + LINE_CONTROL, LINE_8N1 | LINE_DIVISOR_LATCH);
	out8(port + DIVISOR_LOW, divisor & 0xff);
	out8(port + DIVISOR_HIGH, divisor >> 8);
	out8(port + LINE_CONTROL, LINE_8N1);
}
