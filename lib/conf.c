/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "conf.h"

#include <stdint.h>

#include <baton/string.h>
#include <baton/table.h>

/* A piece of the text; nothing in it is terminated. */
struct span {
	const char *at;
	size_t length;
};

static struct span skip(struct span span, size_t length)
{
	return (struct span){span.at + length, span.length - length};
}

/* The part of @span before the first of the two characters, or all of it. */
static struct span until(struct span span, char a, char b)
{
	size_t i = 0;

	while (i < span.length && span.at[i] != a && span.at[i] != b)
		i++;
	return (struct span){span.at, i};
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct span trim(struct span span)
{
	while (span.length && is_blank(span.at[0]))
		span = skip(span, 1);
	while (span.length && is_blank(span.at[span.length - 1]))
		span.length--;
	return span;
}

static bool is(struct span span, const char *word)
{
	size_t i = 0;

	while (i < span.length && word[i] && span.at[i] == word[i])
		i++;
	return i == span.length && !word[i];
}

static struct span skip_byte_order_mark(struct span text)
{
	return text.length >= 3 && !memcmp(text.at, "\xef\xbb\xbf", 3) ? skip(text, 3) : text;
}

static size_t utf8_length(unsigned char first)
{
	if (first < 0x80)
		return 1;
	if (first < 0xc0)
		return 0;
	if (first < 0xe0)
		return 2;
	if (first < 0xf0)
		return 3;
	return first < 0xf8 ? 4 : 0;
}

/*
 * Decode the character that @text (not empty) starts with, and tell its
 * length; 0 if it is not UTF-8, as overlong forms and surrogates are not.
 */
static size_t decode_utf8(struct span text, uint32_t *character)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	const unsigned char *byte = (const unsigned char *)text.at;
	size_t length = utf8_length(byte[0]);
	uint32_t c = length == 1 ? byte[0] : byte[0] & (0x7fu >> length);

	if (!length || length > text.length)
		return 0;
	for (size_t i = 1; i < length; i++) {
		if ((byte[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (byte[i] & 0x3f);
	}
	if (c < least[length] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		return 0;
	*character = c;
	return length;
}

static const char *check_characters(struct span text)
{
	uint32_t c;
	size_t length;

	for (; text.length; text = skip(text, length)) {
		length = decode_utf8(text, &c);
		if (!length)
			return "the text is not UTF-8: save it as ASCII or UTF-8";
		if ((c < ' ' && c != '\t') || (c >= 0x7f && c < 0xa0))
			return "there is a control character: remove it";
	}
	return NULL;
}

static const char *set_path(char *path, struct span value)
{
	if (!value.length)
		return "the path is missing";
	if (value.length >= CONF_PATH_MAX)
		return "the path is longer than 255 bytes";
	if (value.at[0] != '\\' && value.at[0] != '/')
		return "the path is not absolute: start it with \\";
	for (size_t i = 0; i < value.length; i++)
		path[i] = value.at[i] == '/' ? '\\' : value.at[i];
	path[value.length] = 0;
	return NULL;
}

static const char *set_image(struct conf *conf, struct span value, bool is_linux)
{
	if (conf->image[0])
		return "only one image can be started: keep one line of linux or efi";
	conf->is_linux = is_linux;
	return set_path(conf->image, value);
}

static const char *add_initrd(struct conf *conf, struct span value)
{
	if (conf->initrds == CONF_INITRDS_MAX)
		return "there are more than 8 initrds";
	return set_path(conf->initrd[conf->initrds++], value);
}

static const char *add_options(struct conf *conf, struct span value)
{
	size_t used = 0;

	if (!value.length)
		return "the options are missing";
	while (conf->options[used])
		used++;
	/* A space before them, unless they are the first, and a 0 behind. */
	if (value.length + (used > 0) >= CONF_OPTIONS_MAX - used)
		return "the options are longer than 4095 bytes together";
	if (used)
		conf->options[used++] = ' ';
	memcpy(conf->options + used, value.at, value.length);
	conf->options[used + value.length] = 0;
	return NULL;
}

static const char *set_verbose(struct conf *conf, struct span value)
{
	if (value.length)
		return "verbose takes no value";
	conf->verbose = true;
	return NULL;
}

static const char *set_wait(struct conf *conf, struct span value)
{
	if (is(value, "auto"))
		conf->wait = CONF_WAIT_AUTO;
	else if (is(value, "mwait"))
		conf->wait = BATON_WAIT_MWAIT;
	else if (is(value, "hlt"))
		conf->wait = BATON_WAIT_HLT;
	else if (is(value, "pause"))
		conf->wait = BATON_WAIT_PAUSE;
	else
		return "wait takes auto, mwait, hlt or pause";
	return NULL;
}

/* What is wrong with it, or NULL. */
static const char *set_key(void *into, struct span key, struct span value)
{
	struct conf *conf = into;

	if (is(key, "linux"))
		return set_image(conf, value, true);
	if (is(key, "efi"))
		return set_image(conf, value, false);
	if (is(key, "initrd"))
		return add_initrd(conf, value);
	if (is(key, "options"))
		return add_options(conf, value);
	if (is(key, "verbose"))
		return set_verbose(conf, value);
	if (is(key, "wait"))
		return set_wait(conf, value);
	return "unknown key: use linux, efi, initrd, options, verbose or wait";
}

static const char *set_system_key(void *into, struct span key, struct span value)
{
	struct conf_system *conf = into;

	if (!is(key, "unproven"))
		return "unknown key: use unproven";
	conf->unproven_continues = is(value, "continue");
	if (!conf->unproven_continues && !is(value, "reboot"))
		return "unproven takes reboot or continue";
	return NULL;
}

static const char *check_whole(const struct conf *conf)
{
	if (!conf->image[0])
		return "nothing to start: name a kernel (linux) or a boot loader (efi)";
	if (!conf->is_linux && conf->initrds)
		return "initrd goes with linux, not with efi: remove it";
	return NULL;
}

static bool fail(struct conf_error *error, const char *message, unsigned line)
{
	*error = (struct conf_error){message, line};
	return false;
}

typedef const char *set_function(void *into, struct span key, struct span value);

static const char *parse_line(set_function *set, void *into, struct span line)
{
	const char *message;
	struct span key;

	/* Of the line end CR LF, the CR is still there. */
	if (line.length && line.at[line.length - 1] == '\r')
		line.length--;
	message = check_characters(line);
	if (message)
		return message;
	line = trim(line);
	if (!line.length || line.at[0] == '#')
		return NULL;
	key = until(line, ' ', '\t');
	return set(into, key, trim(skip(line, key.length)));
}

static bool parse_lines(set_function *set, void *into, const char *text, size_t length,
			struct conf_error *error)
{
	struct span rest = skip_byte_order_mark((struct span){text, length});
	const char *message;

	if (length > CONF_TEXT_MAX)
		return fail(error, "the file is longer than 64 KiB", 0);

	for (unsigned number = 1; rest.length; number++) {
		struct span line = until(rest, '\n', '\n');

		rest = skip(rest, line.length);
		if (rest.length)
			rest = skip(rest, 1);
		message = parse_line(set, into, line);
		if (message)
			return fail(error, message, number);
	}
	return true;
}

bool conf_parse_file(struct conf *conf, const char *text, size_t length, struct conf_error *error)
{
	const char *message;

	memset(conf, 0, sizeof(*conf));
	if (!parse_lines(set_key, conf, text, length, error))
		return false;
	message = check_whole(conf);
	return message ? fail(error, message, 0) : true;
}

bool conf_parse_system(struct conf_system *conf, const char *text, size_t length,
		       struct conf_error *error)
{
	memset(conf, 0, sizeof(*conf));
	return parse_lines(set_system_key, conf, text, length, error);
}

static const char *parse_words(struct conf *conf, struct span rest)
{
	const char *message = check_characters(rest);

	while (!message && rest.length) {
		struct span word = until(rest, ' ', '\t');
		struct span key = until(word, '=', '=');
		struct span value = skip(word, key.length);

		rest = trim(skip(rest, word.length));
		if (is(word, "--"))
			return rest.length ? add_options(conf, rest) : NULL;
		if (value.length)
			value = skip(value, 1); /* the = */
		message = set_key(conf, key, value);
	}
	return message;
}

bool conf_parse_load_options(struct conf *conf, const char *text, size_t length,
			     struct conf_error *error)
{
	struct span line = skip_byte_order_mark((struct span){text, length});
	const char *message;

	memset(conf, 0, sizeof(*conf));
	if (length > CONF_TEXT_MAX)
		return fail(error, "the load options are longer than 64 KiB", 0);
	message = parse_words(conf, trim(line));
	if (!message)
		message = check_whole(conf);
	return message ? fail(error, message, 0) : true;
}
