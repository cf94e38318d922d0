/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "format.h"
#include <stdint.h>

struct output {
	char *at;
	char *end; /* where the terminating 0 goes at the latest */
};

static void put(struct output *out, char c)
{
	if (out->at < out->end)
		*out->at++ = c;
}

static void put_string(struct output *out, const char *s)
{
	while (*s)
		put(out, *s++);
}

static void put_number(struct output *out, uint64_t n, unsigned base, unsigned width, char pad)
{
	char digits[20];
	unsigned count = 0;

	do {
		digits[count++] = "0123456789abcdef"[n % base];
		n /= base;
	} while (n);
	for (unsigned i = count; i < width; i++)
		put(out, pad);
	while (count)
		put(out, digits[--count]);
}

size_t format(char *text_out, size_t size, const char *text, va_list arguments)
{
	struct output out = {text_out, text_out + size - 1};

	for (; *text; text++) {
		uint64_t n;
		unsigned longs = 0, width = 0;
		char pad = ' ';

		if (*text != '%') {
			put(&out, *text);
			continue;
		}
		if (*++text == '0')
			pad = *text++;
		for (; *text >= '0' && *text <= '9'; text++)
			width = 10 * width + (unsigned)(*text - '0');
		for (; *text == 'l'; text++)
			longs++;
		switch (*text) {
		case 's':
			put_string(&out, va_arg(arguments, const char *));
			break;
		case 'u':
		case 'x':
			n = longs ? va_arg(arguments, unsigned long long)
				  : va_arg(arguments, unsigned);
			put_number(&out, n, *text == 'x' ? 16 : 10, width, pad);
			break;
		case '\0':
			text--;
			break;
		default:
			put(&out, *text);
		}
	}
	*out.at = 0;
	return out.at - text_out;
}

size_t format_to(char *out, size_t size, const char *text, ...)
{
	va_list arguments;
	size_t length;

	va_start(arguments, text);
	length = format(out, size, text, arguments);
	va_end(arguments);
	return length;
}
