/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "options.h"
#include <baton/string.h>
#include <stddef.h>

#define MIB (1ull << 20)

struct options options = {
	.rounds = 1000,
	.crashes = UINT32_MAX,
	.fill = UINT64_MAX,
	.seed = 1,
	.patience = 60,
	.slow = 5,
	.mode = "check",
	.command_line = "",
};

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The value behind "@name=" if the word @text of @length begins so, else NULL. */
static const char *value_of(const char *text, size_t length, const char *name, size_t *value_length)
{
	size_t n = 0;

	while (name[n])
		n++;
	if (length <= n || memcmp(text, name, n) || text[n] != '=')
		return NULL;
	*value_length = length - n - 1;
	return text + n + 1;
}

static bool read_number(const char *text, size_t length, uint64_t max, uint64_t *number)
{
	uint64_t n = 0;

	for (size_t i = 0; i < length; i++) {
		if (text[i] < '0' || text[i] > '9' || n > max / 10)
			return false;
		n = 10 * n + (uint64_t)(text[i] - '0');
	}
	if (!length || n > max)
		return false;
	*number = n;
	return true;
}

static bool read_word(const char *text, size_t length, char *out, size_t size)
{
	if (length >= size)
		return false;
	memcpy(out, text, length);
	out[length] = 0;
	return true;
}

static bool is_word(const char *text, size_t length, const char *word)
{
	size_t n = 0;

	while (word[n])
		n++;
	return n == length && !memcmp(text, word, n);
}

/* One of two words: @yes or @no. */
static bool read_choice(const char *text, size_t length, const char *yes, const char *no, bool *out)
{
	*out = is_word(text, length, yes);
	return *out || is_word(text, length, no);
}

static bool read_option(const char *word, size_t length)
{
	static const struct {
		const char *name;
		uint32_t *value;
	} numbers[] = {
		{"rounds", &options.rounds}, {"crashes", &options.crashes},
		{"seed", &options.seed},     {"patience", &options.patience},
		{"slow", &options.slow},
	};
	const char *value;
	uint64_t number;
	size_t n;

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		value = value_of(word, length, numbers[i].name, &n);
		if (!value)
			continue;
		if (!read_number(value, n, UINT32_MAX, &number))
			return false;
		*numbers[i].value = (uint32_t)number;
		return true;
	}
	value = value_of(word, length, "fill", &n);
	if (value) {
		if (!read_number(value, n, UINT64_MAX / MIB, &number))
			return false;
		options.fill = number * MIB;
		return true;
	}
	value = value_of(word, length, "nmi", &n);
	if (value)
		return read_choice(value, n, "yes", "no", &options.nmi);
	value = value_of(word, length, "end", &n);
	if (value)
		return read_choice(value, n, "reset", "halt", &options.reset);
	value = value_of(word, length, "mode", &n);
	if (value)
		return (is_word(value, n, "check") || is_word(value, n, "bench")) &&
		       read_word(value, n, options.mode, sizeof(options.mode));
	value = value_of(word, length, "linux", &n);
	if (value)
		return read_word(value, n, options.linux, sizeof(options.linux));
	value = value_of(word, length, "initrd", &n);
	if (value)
		return read_word(value, n, options.initrd, sizeof(options.initrd));
	/* What loaders put in front of the command line. */
	return value_of(word, length, "BOOT_IMAGE", &n) != NULL;
}

const char *options_parse(const char *text)
{
	const char *unknown = NULL;

	for (;;) {
		size_t length = 0;

		while (is_space(*text))
			text++;
		if (!*text)
			return unknown;
		while (text[length] && !is_space(text[length]))
			length++;
		if (is_word(text, length, "--")) {
			text += length;
			while (is_space(*text))
				text++;
			options.command_line = text;
			return unknown;
		}
		if (!read_option(text, length) && !unknown)
			unknown = text;
		text += length;
	}
}
