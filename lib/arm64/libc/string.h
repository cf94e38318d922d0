/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* What libfdt's header wants of libc, where there is none.  In libc.c and ../string.c. */
#ifndef LIB_ARM64_LIBC_STRING_H
#define LIB_ARM64_LIBC_STRING_H

#include <baton/string.h>

size_t strlen(const char *text);
size_t strnlen(const char *text, size_t max);
char *strchr(const char *text, int c);
char *strrchr(const char *text, int c);
void *memchr(const void *memory, int c, size_t length);

#endif /* LIB_ARM64_LIBC_STRING_H */
