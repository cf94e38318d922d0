/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * A UART as the firmware or loader has set it up, for programs without a system: PL011
 * (Arm DDI 0183, section 3.3) or the mini UART of Broadcom's BCM2835 (BCM2835 ARM Peripherals,
 * section 2.2).  Its registers are mapped at their physical address, as Device memory or with
 * the MMU off.  Any CPU state; one CPU at a time.
 */
#ifndef LIB_ARM64_UART_H
#define LIB_ARM64_UART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UART_POLLS_MAX 1000000 /* far more than one byte takes */

/* Where it takes a byte, and the bit that shows whether it can. */
struct uart_kind {
	char compatible[24];
	uint32_t data, status, bit;
	bool ready; /* the value of the bit when it can */
};

static const struct uart_kind uart_kinds[] = {
	{"arm,pl011", 0x00, 0x18, 1u << 5, false},	      /* UARTFR.TXFF */
	{"brcm,bcm2835-aux-uart", 0x00, 0x14, 1u << 5, true}, /* AUX_MU_LSR: transmitter empty */
};

struct uart {
	const struct uart_kind *kind; /* NULL: none */
	uint64_t registers;	      /* physical address */
};

static inline bool uart_is(const struct uart_kind *kind, const char *compatible)
{
	const char *name = kind->compatible;

	while (*name && *name == *compatible)
		name++, compatible++;
	return *name == *compatible;
}

/* The UART at @registers (0: none) whose node in a device tree has @compatible. */
static inline struct uart uart_find(uint64_t registers, const char *compatible)
{
	struct uart uart = {.registers = registers};

	for (size_t i = 0; registers && i < sizeof(uart_kinds) / sizeof(uart_kinds[0]); i++)
		if (uart_is(&uart_kinds[i], compatible))
			uart.kind = &uart_kinds[i];
	return uart;
}

/* Print @c, if there is a UART that takes it in time. */
static inline void uart_put(const struct uart *uart, char c)
{
	const struct uart_kind *kind = uart->kind;
	volatile uint32_t *status;

	if (!kind)
		return;
	status = (volatile uint32_t *)(uart->registers + kind->status);
	for (int polls = 0; !(*status & kind->bit) == kind->ready; polls++)
		if (polls == UART_POLLS_MAX)
			return;
	*(volatile uint32_t *)(uart->registers + kind->data) = (uint8_t)c;
}

#endif /* LIB_ARM64_UART_H */
