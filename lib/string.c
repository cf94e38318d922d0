/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include <baton/string.h>
#include <stdint.h>

/* -fno-builtin keeps the compiler from making these loops into calls of themselves. */

/* Most of what is copied, cleared and compared is long and aligned: eight bytes at once. */
typedef uint64_t __attribute__((may_alias)) word;

static size_t words(uintptr_t a, uintptr_t b, size_t length)
{
	return (a | b) % sizeof(word) ? 0 : length / sizeof(word);
}

void *memcpy(void *to, const void *from, size_t length)
{
	size_t n = words((uintptr_t)to, (uintptr_t)from, length);
	uint8_t *d = to;
	const uint8_t *s = from;

	for (size_t i = 0; i < n; i++)
		((word *)to)[i] = ((const word *)from)[i];
	for (size_t i = n * sizeof(word); i < length; i++)
		d[i] = s[i];
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
	size_t n = words((uintptr_t)to, 0, length);
	uint8_t *d = to;

	for (size_t i = 0; i < n; i++)
		((word *)to)[i] = (uint8_t)value * 0x0101010101010101u;
	for (size_t i = n * sizeof(word); i < length; i++)
		d[i] = (uint8_t)value;
	return to;
}

int memcmp(const void *a, const void *b, size_t length)
{
	size_t n = words((uintptr_t)a, (uintptr_t)b, length), i = 0;
	const uint8_t *x = a, *y = b;

	while (i < n && ((const word *)a)[i] == ((const word *)b)[i])
		i++;
	for (i *= sizeof(word); i < length; i++)
		if (x[i] != y[i])
			return x[i] - y[i];
	return 0;
}
