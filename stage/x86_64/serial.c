/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "../serial.h"
#include <stdint.h>

#define LINE_STATUS 5
#define TRANSMITTER_EMPTY 0x20
#define POLLS_MAX 100000 /* of about 1 us each: far more than one byte takes */

static uint8_t in8(uint16_t port)
{
	uint8_t value;

	__asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
	return value;
}

static void out8(uint16_t port, uint8_t value)
{
	__asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

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
