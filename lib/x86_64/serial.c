/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "serial.h"
#include <baton/x86_64/cpu.h>

#define DIVISOR_LOW 0 /* with the latch bit set */
#define DIVISOR_HIGH 1
#define INTERRUPT_ENABLE 1
#define FIFO_CONTROL 2
#define FIFO_ON_CLEARED 0x07
#define LINE_CONTROL 3
#define LINE_8N1 0x03
#define LINE_DIVISOR_LATCH 0x80
#define BAUD_BASE 115200

#define LINE_STATUS 5
#define TRANSMITTER_EMPTY 0x20
#define SCRATCH 7
#define POLLS_MAX 100000 /* of about 1 us each: far more than one byte takes */

/* A port that keeps what is written to its scratch register is there. */
bool serial_present(unsigned port)
{
	out8(port + SCRATCH, 0xa5);
	if (in8(port + SCRATCH) != 0xa5)
		return false;
	out8(port + SCRATCH, 0x5a);
	return in8(port + SCRATCH) == 0x5a;
}

bool serial_put(unsigned port, char c)
{
	int polls = 0;

	while (!(in8(port + LINE_STATUS) & TRANSMITTER_EMPTY))
		if (++polls == POLLS_MAX)
			return false;
	out8(port, c);
	return true;
}

void serial_write(unsigned port, const char *text)
{
	if (in8(port + LINE_STATUS) == 0xff) /* nothing there */
		return;
	while (*text && serial_put(port, *text))
		text++;
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

void serial_start(unsigned port, unsigned baud)
{
	out8(port + INTERRUPT_ENABLE, 0);
	serial_set_baud(port, baud);
	out8(port + FIFO_CONTROL, FIFO_ON_CLEARED);
}
