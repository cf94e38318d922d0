/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "../console.h"
#include <stdbool.h>
#include <stdint.h>
#include "tree.h"

#define POLLS_MAX 1000000 /* far more than one byte takes */

/* Where it takes a byte, and the bit that says whether it can. */
static const struct uart {
	char kind[24];
	uint32_t data, status, bit;
	bool ready; /* the value of the bit when it can */
} uarts[] = {
	{"arm,pl011", 0x00, 0x18, 1u << 5, false},	      /* UARTFR.TXFF */
	{"brcm,bcm2835-aux-uart", 0x00, 0x14, 1u << 5, true}, /* AUX_MU_LSR: transmitter empty */
};

static const struct uart *uart;

static bool same(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return *a == *b;
}

void console_start(void)
{
	for (size_t i = 0; tree.console && i < sizeof(uarts) / sizeof(uarts[0]); i++)
		if (same(tree.console_kind, uarts[i].kind))
			uart = &uarts[i];
}

static void put(char c)
{
	volatile uint32_t *status = (uint32_t *)(tree.console + uart->status);

	for (int polls = 0; !(*status & uart->bit) == uart->ready; polls++)
		if (polls == POLLS_MAX)
			return;
	*(volatile uint32_t *)(tree.console + uart->data) = (uint8_t)c;
}

void console_write(const char *text)
{
	for (; uart && *text; text++) {
		if (*text == '\n')
			put('\r');
		put(*text);
	}
}
