/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "cmdline.h"

/* Behind @prefix at @at, or NULL if that is not there. */
static const char *after(const char *at, const char *prefix)
{
	while (*prefix && *at == *prefix) {
		at++;
		prefix++;
	}
	return *prefix ? NULL : at;
}

/* A number in C's manner, as far as it goes; *@at is behind it. */
static uint64_t number(const char **at)
{
	const char *hex = after(*at, "0x");
	unsigned base = hex ? 16 : 10;
	uint64_t n = 0;

	for (*at = hex ? hex : *at;; ++*at) {
		char c = **at;

		if (c >= '0' && c <= '9')
			n = n * base + c - '0';
		else if (hex && (c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			n = n * base + (c | 0x20) - 'a' + 10;
		else
			return n;
	}
}

/* The port that @at names, and what is behind it. */
static unsigned port_of(const char **at)
{
	static const uint16_t ports[] = {0x3f8, 0x2f8, 0x3e8, 0x2e8};
	const char *tty = after(*at, "ttyS"), *io = after(*at, "io,");
	uint64_t n;

	*at = tty ? tty : io ? io : *at;
	if (!tty && !after(*at, "0x"))
		return 0;
	n = number(at);
	if (tty)
		return n < sizeof(ports) / sizeof(ports[0]) ? ports[n] : 0;
	return n < 0x10000 ? n : 0;
}

/* One value of console=, earlyprintk= or earlycon=. */
static unsigned serial_of(const char *at, unsigned *baud)
{
	static const char skipped[][10] = {"serial,", "uart8250,", "uart,"};
	unsigned port;

	for (size_t i = 0; i < sizeof(skipped) / sizeof(skipped[0]); i++)
		if (after(at, skipped[i])) {
			at = after(at, skipped[i]);
			break;
		}
	port = port_of(&at);
	if (port && *at == ',') {
		at++;
		*baud = (unsigned)number(&at);
	}
	return port;
}

unsigned cmdline_serial(const char *line, unsigned *baud)
{
	static const char names[][12] = {"earlyprintk", "earlycon", "console"};
	char value[64];

	*baud = 0;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		for (unsigned k = 0; cmdline_value(line, names[i], k, value, sizeof(value)); k++) {
			unsigned port = serial_of(value, baud);

			if (port)
				return port;
		}
	return 0;
}

/* With a suffix K, M or G. */
static uint64_t size_of(const char **at)
{
	uint64_t n = number(at);
	unsigned shift = 0;

	switch (**at | 0x20) {
	case 'g':
		shift = 30;
		break;
	case 'm':
		shift = 20;
		break;
	case 'k':
		shift = 10;
		break;
	}
	if (shift)
		++*at;
	return n << shift;
}

bool cmdline_crashkernel(const char *line, unsigned index, uint64_t *start, uint64_t *size)
{
	char value[64];
	const char *at = value;

	if (!cmdline_value(line, "crashkernel", index, value, sizeof(value)))
		return false;
	*size = size_of(&at);
	*start = 0;
	if (*at == '@') {
		at++;
		*start = size_of(&at);
	} else {
		*size = 0;
	}
	return true;
}

bool cmdline_is_crash(const char *line)
{
	char value[2];

	return cmdline_value(line, "elfcorehdr", 0, value, sizeof(value));
}

bool cmdline_has_own_map(const char *line)
{
	char value[16];

	for (unsigned i = 0; cmdline_value(line, "memmap", i, value, sizeof(value)); i++)
		if (after(value, "exactmap"))
			return true;
	return false;
}
