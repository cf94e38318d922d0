/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "console.h"
#include <baton/string.h>
#include <stdbool.h>
#include <stdint.h>
#include "../devicetree.h"
#include "../format.h"

#define LINE_MAX 256
#define POLLS_MAX 1000000 /* far more than one byte takes */

/* A UART: where it takes a byte, and the bit that says whether it can. */
struct uart {
	const char *compatible;
	uint32_t data, status, bit;
	bool ready; /* the value of the bit when it can */
};

static const struct uart uarts[] = {
	{"arm,pl011", 0x00, 0x18, 1u << 5, false},	      /* UARTFR.TXFF */
	{"brcm,bcm2835-aux-uart", 0x00, 0x14, 1u << 5, true}, /* AUX_MU_LSR: transmitter empty */
};

static const struct uart *uart;
static uint64_t registers;

static bool same(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return *a == *b;
}

void console_start(const void *fdt)
{
	const char *compatible = NULL;
	uint64_t address = devicetree_console(fdt, &compatible);

	for (unsigned i = 0; address && i < sizeof(uarts) / sizeof(uarts[0]); i++)
		if (same(compatible, uarts[i].compatible)) {
			uart = &uarts[i];
			registers = address;
		}
}

static void put(char c)
{
	volatile uint32_t *status = (uint32_t *)(registers + uart->status);

	for (int polls = 0; !(*status & uart->bit) == uart->ready; polls++)
		if (polls == POLLS_MAX)
			return;
	*(volatile uint32_t *)(registers + uart->data) = (uint8_t)c;
}

static void write(const char *text)
{
	for (; uart && *text; text++)
		put(*text);
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
