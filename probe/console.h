/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * What the probe says.  x86-64: on the serial port (COM1, as the firmware has set it
 * or 115200 8n1) and on the screen.  arm64: on the serial port that the device tree
 * names, as the firmware has set it.  After the loader; any CPU, one at a time.
 */
#ifndef PROBE_CONSOLE_H
#define PROBE_CONSOLE_H

#include <stdarg.h>
#include <stddef.h>

/* Look for the serial port.  (x86-64: screen_start() for the screen.) */
void console_start(void);

/* Write @text, newlines and all. */
void console_write(const char *text);

/*
 * As printf(), for %s, %u, %x (with l or ll), %%; a field width, padded by spaces
 * or zeros, may stand before the letter.
 */
void print(const char *text, ...) __attribute__((format(printf, 1, 2)));
size_t print_to(char *out, size_t size, const char *text, va_list arguments)
	__attribute__((format(printf, 3, 0)));

#endif /* PROBE_CONSOLE_H */
