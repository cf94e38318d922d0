/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * What the simulator says.  It goes to QEMU's debug console at port 0xe9, if there is one
 * (-debugcon), else to COM1, which is the guest's.
 */
#ifndef TESTS_TDX_CONSOLE_H
#define TESTS_TDX_CONSOLE_H

#include <stdarg.h>

void console_start(void);

/* Lines end with \n.  Conversions: those of lib/format.h. */
void console_print(const char *text, ...) __attribute__((format(printf, 1, 2)));

/* Likewise, and on COM1 in any case. */
void console_alarm(const char *text, va_list arguments) __attribute__((format(printf, 1, 0)));

#endif /* TESTS_TDX_CONSOLE_H */
