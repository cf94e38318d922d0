/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include <baton/string.h>
#include <stdint.h>

/* -fno-builtin keeps the compiler from making these loops into calls of themselves. */

void *memcpy(void *to, const void *from, size_t length)
{
	uint8_t *d = to;
	const uint8_t *s = from;

	while (length--)
		*d++ = *s++;
	return to;
}

void *memmove(void *to, const void *from, size_t length)
{
	uint8_t *d = to;
	const uint8_t *s = from;

	if ((uintptr_t)to <= (uintptr_t)from)
		return memcpy(to, from, length);
	while (length--)
		d[length] = s[length];
	return to;
}

void *memset(void *to, int value, size_t length)
{
	uint8_t *d = to;

	while (length--)
		*d++ = (uint8_t)value;
	return to;
}

int memcmp(const void *a, const void *b, size_t length)
{
	const uint8_t *x = a, *y = b;

	for (; length; length--, x++, y++)
		if (*x != *y)
			return *x - *y;
	return 0;
}
