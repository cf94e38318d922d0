/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#ifndef LIB_X86_64_SERIAL_H
#define LIB_X86_64_SERIAL_H

#include <stdbool.h>

/* Whether there is a 16550 at I/O @port; changes its scratch register. */
bool serial_present(unsigned port);

/* Write @c to it, as it is set up.  Returns false if it does not drain. */
bool serial_put(unsigned port, char c);

/*
 * Write @text to the 16550 at I/O @port, as it is set up.  Gives
 * up on a port that is not there or does not drain.
 */
void serial_write(unsigned port, const char *text);

/* Set its speed, 8 bits without parity; nothing if the port is not there or can't do it. */
void serial_set_baud(unsigned port, unsigned baud);

/* Likewise, with its interrupts off and its FIFO on and empty. */
void serial_start(unsigned port, unsigned baud);

#endif /* LIB_X86_64_SERIAL_H */
