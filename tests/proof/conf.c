/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* clang-format off */
/*
 * baton.conf and load options, of arbitrary bytes: lib/conf.h.  Each step by itself, on some bytes
 * with nothing behind them.
 *
 * Sources: lib/conf.c
 * Flags: -Dstatic= -Dmemcpy=proof_memcpy
 * Proof: utf8 --unwind 6
 * Proof: trim --unwind 7
 * Proof: path --unwind 8
 * Later: Proof options --unwind 7
 * Later: Proof lines --unwind 5 --unwindset memcmp.0:4
 * Later: Proof words --unwind 5 --unwindset memcmp.0:4
 * Quick: utf8 trim path
 * Mutant: utf8 lib/conf.c s/length > text.length/length > text.length + 1/
 * Mutant: utf8 lib/conf.c s/c < least\[length\] ||/0 ||/
 * Mutant: utf8 lib/conf.c s/(c >= 0xd800 \&\& c < 0xe000)/0/
 * Mutant: trim lib/conf.c s/while (span.length \&\& is_blank(span.at\[0\]))/while (is_blank(span.at[0]))/
 * Mutant: path lib/conf.c s/value.length >= CONF_PATH_MAX/value.length > CONF_PATH_MAX/
 * Mutant: path lib/conf.c s/if (!value.length)/if (0)/
 * Later: Mutant options lib/conf.c s/value.length + (used > 0) >= CONF_OPTIONS_MAX - used/value.length >= CONF_OPTIONS_MAX - used/
 * Later: Mutant lines lib/conf.c s/if (rest.length)$/if (1)/
 * Later: Mutant lines lib/conf.c s/return fail(error, message, number)/return fail(error, message, 0)/
 * Later: Mutant words lib/conf.c s/if (value.length)$/if (1)/
 */
/* clang-format on */
#include "proof.h"
#include "lib/conf.h"

/* With -Dstatic=: of conf.c. */
struct span {
	const char *at;
	size_t length;
};
typedef const char *set_function(void *into, struct span key, struct span value);
size_t decode_utf8(struct span text, uint32_t *character);
struct span trim(struct span span);
const char *set_path(char *path, struct span value);
const char *add_options(struct conf *conf, struct span value);
bool parse_lines(set_function *set, void *into, const char *text, size_t length,
		 struct conf_error *error);
const char *parse_words(struct conf *conf, struct span rest);

static struct conf conf;
static struct span text;

static void any_text(size_t max)
{
	text.length = any64();
	ASSUME_BOUND(text.length <= max);
	text.at = any_bytes(text.length);
}

/* What is copied is not looked at, but both places must be there. */
void *proof_memcpy(void *to, const void *from, size_t length)
{
	PROVE("room for the bytes, which are there",
	      __CPROVER_w_ok(to, length) && __CPROVER_r_ok(from, length));
	return to;
}

static bool between(unsigned char c, unsigned from, unsigned to)
{
	return c >= from && c <= to;
}

/* Unicode 15, table 3-7, "Well-formed UTF-8 byte sequences". */
static size_t well_formed(const unsigned char *b, size_t length)
{
	bool two = length >= 2 && between(b[1], 0x80, 0xbf);
	bool three = two && length >= 3 && between(b[2], 0x80, 0xbf);
	bool four = three && length >= 4 && between(b[3], 0x80, 0xbf);

	if (b[0] < 0x80)
		return 1;
	if (between(b[0], 0xc2, 0xdf))
		return two ? 2 : 0;
	if (between(b[0], 0xe0, 0xef))
		return three && (b[0] != 0xe0 || b[1] >= 0xa0) && (b[0] != 0xed || b[1] <= 0x9f)
			       ? 3
			       : 0;
	if (between(b[0], 0xf0, 0xf4))
		return four && (b[0] != 0xf0 || b[1] >= 0x90) && (b[0] != 0xf4 || b[1] <= 0x8f) ? 4
												: 0;
	return 0;
}

void proof_utf8(void)
{
	const unsigned char *b;
	size_t length;
	uint32_t c;

	any_text(5);
	ASSUME_CONTRACT("check_characters(): not empty", text.length);
	b = (const unsigned char *)text.at;
	length = decode_utf8(text, &c);
	PROVE("what is well-formed, and nothing else", length == well_formed(b, text.length));
	if (length == 1)
		PROVE("the character", c == b[0]);
	if (length == 3)
		PROVE("the character",
		      c == ((b[0] & 15u) << 12 | (b[1] & 63u) << 6 | (b[2] & 63u)));
}

static bool blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

void proof_trim(void)
{
	struct span got;

	any_text(5);
	got = trim(text);
	PROVE("inside of it", got.at >= text.at && got.at + got.length <= text.at + text.length);
	PROVE("no blank at its ends",
	      !got.length || (!blank(got.at[0]) && !blank(got.at[got.length - 1])));
	for (size_t i = 0; i < text.length; i++)
		PROVE("blanks alone are dropped",
		      blank(text.at[i]) ||
			      (text.at + i >= got.at && text.at + i < got.at + got.length));
}

void proof_path(void)
{
	static char path[CONF_PATH_MAX];
	size_t length = any64();
	const char *error;

	any_text(6);
	ASSUME_BOUND(length <= 6 || length >= CONF_PATH_MAX);
	ASSUME_CASE(length == text.length || length >= CONF_PATH_MAX);
	error = set_path(path, (struct span){text.at, length});
	if (!length || length >= CONF_PATH_MAX) {
		PROVE("missing, or too long", error);
		return;
	}
	PROVE("absolute", !error == (text.at[0] == '/' || text.at[0] == '\\'));
	if (error)
		return;
	for (size_t i = 0; i < length; i++)
		PROVE("the same, with \\ for /",
		      path[i] == (text.at[i] == '/' ? '\\' : text.at[i]) && path[i] != '/');
	PROVE("ends", !path[length]);
}

void proof_options(void)
{
	static char bytes[CONF_OPTIONS_MAX + 8];
	struct span value = {bytes, any64()};
	size_t used = any64(), after;
	const char *error;

	ASSUME_BOUND(used <= 4);
	for (size_t i = 0; i < 4; i++) {
		conf.options[i] = i < used ? any8() : 0;
		ASSUME_CASE(i >= used || conf.options[i]);
	}
	ASSUME_BOUND(value.length <= sizeof(bytes));
	error = add_options(&conf, value);
	after = used + (used > 0) + value.length;
	PROVE("some, and there is room for them and a 0",
	      !error == (value.length > 0 && after < CONF_OPTIONS_MAX));
	if (error)
		return;
	PROVE("behind the others, by a space", !used || conf.options[used] == ' ');
	PROVE("ends", !conf.options[after]);
}

static unsigned sets, refusals;

static const char *any_set(void *into, struct span key, struct span value)
{
	PROVE("the caller's", into == &conf);
	PROVE("a key, inside of the text",
	      key.length && key.at >= text.at && key.at + key.length <= text.at + text.length);
	PROVE("a value behind it, inside of the text",
	      value.at >= key.at + key.length && value.at + value.length <= text.at + text.length);
	PROVE("no blanks around", !blank(key.at[0]) && !blank(key.at[key.length - 1]) &&
					  (!value.length || !blank(value.at[0])));
	PROVE("no comment", key.at[0] != '#');
	sets++;
	if (any())
		return NULL;
	refusals++;
	return "refused";
}

void proof_lines(void)
{
	struct conf_error error = {NULL, 0};
	unsigned lines = 1;

	any_text(3);
	for (size_t i = 0; i < text.length; i++)
		lines += text.at[i] == '\n';
	if (parse_lines(any_set, &conf, text.at, text.length, &error))
		PROVE("no key was refused", !refusals && sets <= lines);
	else
		PROVE("a reason, and its line",
		      error.message && error.line >= 1 && error.line <= lines && refusals <= 1);
}

/* No key is so short, so each word is refused, but for the marker. */
void proof_words(void)
{
	const char *error;

	any_text(3);
	error = parse_words(&conf, trim(text));
	if (!error && text.length)
		PROVE("empty, or the marker for options",
		      blank(text.at[0]) || text.at[0] == '-' || text.length >= 3);
	PROVE("no image of so few bytes", !conf.image[0] || conf.image[0] == '\\');
}
