/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The memory functions that a compiler may call on its own even in
 * freestanding code, and the only ones of libc that baton uses there.
 * The kernel that links libbaton provides them, as ISO C defines them.
 */
#ifndef BATON_STRING_H
#define BATON_STRING_H

#include <stddef.h>

void *memcpy(void *to, const void *from, size_t length);
void *memmove(void *to, const void *from, size_t length);
void *memset(void *to, int value, size_t length);
int memcmp(const void *a, const void *b, size_t length);

#endif /* BATON_STRING_H */
