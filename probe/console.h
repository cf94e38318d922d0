/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * Where the probe prints.  x86-64: the serial port COM1, at 115200 8n1, and the screen.
 * arm64: the serial port that the device tree names, as the firmware has set it.  After the
 * loader has ended; any CPU, one at a time.
 */
#ifndef PROBE_CONSOLE_H
#define PROBE_CONSOLE_H

/* Of the architecture: look for the serial port.  (x86-64: screen_start() for the screen.) */
void console_open(void);

/* Of the architecture: write @c; a newline returns the carriage, too. */
void console_put(char c);

/* As printf(), for what lib/format.h has; at most 511 characters. */
void print(const char *text, ...) __attribute__((format(printf, 1, 2)));

#endif /* PROBE_CONSOLE_H */
