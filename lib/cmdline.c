/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "cmdline.h"

/* The end of the word at @at: a blank that is not between quotes, or the end of the line. */
static const char *word_end(const char *at)
{
	bool quoted = false;

	for (; *at && (quoted || (*at != ' ' && *at != '\t' && *at != '\n')); at++)
		quoted ^= *at == '"';
	return at;
}

/* Behind @name at @at, or NULL if that is not there. */
static const char *after(const char *at, const char *name)
{
	while (*name && *at == *name) {
		at++;
		name++;
	}
	return *name ? NULL : at;
}

bool cmdline_value(const char *line, const char *name, unsigned index, char *value, size_t size)
{
	while (*line) {
		const char *end = word_end(line), *at = after(line, name);

		if (at && (at == end || *at == '=') && !index--) {
			size_t n = 0;

			for (at += at != end; at < end && n + 1 < size; at++)
				value[n++] = *at;
			value[n] = 0;
			return true;
		}
		line = *end ? end + 1 : end;
	}
	return false;
}
