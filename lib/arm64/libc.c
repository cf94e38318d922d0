/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* What the distribution's libfdt wants of libc beside <baton/string.h>. */
#include <stddef.h>
#include <stdint.h>
#include "lib/arm64/libc/string.h"

_Noreturn void __stack_chk_fail(void);
extern uintptr_t __stack_chk_guard;

uintptr_t __stack_chk_guard = 0x00a5f3c10d0aff00; /* a 0 byte ends strings before it */

_Noreturn void __stack_chk_fail(void)
{
	for (;;)
		__asm__ volatile("wfe");
}

size_t strnlen(const char *text, size_t max)
{
	size_t n = 0;

	while (n < max && text[n])
		n++;
	return n;
}

size_t strlen(const char *text)
{
	return strnlen(text, SIZE_MAX);
}

void *memchr(const void *memory, int c, size_t length)
{
	const uint8_t *at = memory;

	for (; length; at++, length--)
		if (*at == (uint8_t)c)
			return (void *)at;
	return NULL;
}

char *strchr(const char *text, int c)
{
	return memchr(text, c, strlen(text) + 1);
}

char *strrchr(const char *text, int c)
{
	char *last = NULL;

	for (; (text = strchr(text, c)); text++) {
		last = (char *)text;
		if (!c)
			break;
	}
	return last;
}
