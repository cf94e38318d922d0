/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#ifndef LIB_FORMAT_H
#define LIB_FORMAT_H

#include <stdarg.h>
#include <stddef.h>

/*
 * As vsnprintf(), for the conversions %s, %u, %x, %llu and %llx and %%.  A number
 * may have a width, padded by spaces or, after a 0, by zeros.  Writes at most @size bytes, the
 * terminating 0 included
 * (@size is at least 1), and returns the length of what is there.
 */
size_t format(char *out, size_t size, const char *text, va_list arguments)
	__attribute__((format(printf, 3, 0)));

/* Likewise, as snprintf(). */
size_t format_to(char *out, size_t size, const char *text, ...)
	__attribute__((format(printf, 3, 4)));

#endif /* LIB_FORMAT_H */
