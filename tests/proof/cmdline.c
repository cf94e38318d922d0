/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* clang-format off */
/*
 * Words of a command line of arbitrary bytes: lib/cmdline.h.
 *
 * Sources: lib/cmdline.c
 * Proof: cmdline --unwind 9
 * Quick: cmdline
 * Mutant: cmdline lib/cmdline.c s/n + 1 < size/n < size/
 * Mutant: cmdline lib/cmdline.c s/at == end || \*at == '='/*at == '='/
 * Mutant: cmdline lib/cmdline.c s/quoted ^= \*at == '"'/quoted = false/
 * Mutant: cmdline lib/cmdline.c s/return \*name ? NULL : at/return at/
 * Mutant: cmdline lib/cmdline.c s/ && !index--//
 */
/* clang-format on */
#include "proof.h"
#include "lib/cmdline.h"

#define LINE 7	/* bytes, without the terminating 0 */
#define VALUE 4 /* bytes */

/* Linux, lib/cmdline.c: blanks part words, but not between quotes. */
static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

void proof_cmdline(void)
{
	char *line = any_bytes(LINE + 1), *value, name[] = {(char)any8(), 0};
	unsigned index = any32(), seen = 0, at = LINE;
	bool parts[LINE + 1], found, quoted = false;
	size_t size = any32(), n = 0;

	ASSUME_BOUND(line[LINE] == 0 && index < 3 && size >= 1 && size <= VALUE);
	ASSUME_CASE(name[0] && name[0] != '=' && name[0] != '"' && !is_blank(name[0]));
	value = any_bytes(size);
	found = cmdline_value(line, name, index, value, size);

	for (unsigned i = 0; i <= LINE; i++) {
		parts[i] = !line[i] || (!quoted && is_blank(line[i]));
		quoted ^= line[i] == '"';
	}
	for (unsigned i = 0; i < LINE && line[i]; i++) {
		bool starts = i == 0 || parts[i - 1];
		bool is = line[i] == name[0] && (parts[i + 1] || line[i + 1] == '=');

		if (starts && is && seen++ == index && at == LINE)
			at = i;
	}
	PROVE("found, if it is there", found == (at < LINE));
	if (!found)
		return;
	at += 1 + (line[at + 1] == '=');
	while (at < LINE && n + 1 < size && !parts[at])
		PROVE("the bytes behind =", value[n++] == line[at++]);
	PROVE("all of them, or as many as there is room for", value[n] == 0);
}
