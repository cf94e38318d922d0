/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "console.h"
#include <stdint.h>

#define LINE_MAX 512

struct output {
	char *at;
	char *end; /* where the terminating 0 goes at the latest */
};

static void put(struct output *out, char c)
{
	if (out->at < out->end)
		*out->at++ = c;
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

size_t print_to(char *text_out, size_t size, const char *text, va_list arguments)
{
	struct output out = {text_out, text_out + size - 1};

	for (; *text; text++) {
		unsigned longs = 0, width = 0;
		char pad = ' ';

		if (*text != '%') {
			put(&out, *text);
			continue;
		}
		text++;
		if (*text == '0')
			pad = *text++;
		for (; *text >= '0' && *text <= '9'; text++)
			width = 10 * width + (unsigned)(*text - '0');
		for (; *text == 'l'; text++)
			longs++;
		if (*text == 's') {
			const char *s = va_arg(arguments, const char *);

			while (*s)
				put(&out, *s++);
		} else if (*text == 'u' || *text == 'x') {
			uint64_t n = longs ? va_arg(arguments, unsigned long long)
					   : va_arg(arguments, unsigned);

			put_number(&out, n, *text == 'x' ? 16 : 10, width, pad);
		} else if (*text) {
			put(&out, *text);
		} else {
			break;
		}
	}
	*out.at = 0;
	return (size_t)(out.at - text_out);
}

void print(const char *text, ...)
{
	char line[LINE_MAX];
	va_list arguments;

	va_start(arguments, text);
	print_to(line, sizeof(line), text, arguments);
	va_end(arguments);
	console_write(line);
}
