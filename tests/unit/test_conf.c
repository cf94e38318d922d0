/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* lib/conf.c: baton.conf and load options, as people and firmware write them. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include <baton/table.h>
#include "lib/conf.h"

static struct conf conf;

typedef bool parse_function(struct conf *, const char *, size_t, struct conf_error *);

/* Parse a copy of @text that ends where it ends, for the address sanitizer. */
static bool parse(parse_function *parser, const char *text, size_t length, struct conf_error *error)
{
	char *copy = malloc(length);
	bool good;

	memcpy(copy, text, length);
	memset(&conf, 0xee, sizeof(conf)); /* what is not set shows */
	*error = (struct conf_error){NULL, 0xeeee};
	good = parser(&conf, copy, length, error);
	free(copy);
	assert_int_equal(good, error->message == NULL);
	return good;
}

static void good_bytes(parse_function *parser, const char *text, size_t length)
{
	struct conf_error error;

	if (!parse(parser, text, length, &error))
		fail_msg("refused in line %u: %s", error.line, error.message);
}

static void bad_bytes(parse_function *parser, const char *text, size_t length, unsigned line,
		      const char *why)
{
	struct conf_error error;

	if (parse(parser, text, length, &error))
		fail_msg("not refused for \"%s\": %s", why, text);
	if (!strstr(error.message, why))
		fail_msg("refused for \"%s\", not for \"%s\"", error.message, why);
	assert_int_equal(error.line, line);
}

static void good_file(const char *text)
{
	good_bytes(conf_parse_file, text, strlen(text));
}

static void bad_file(const char *text, unsigned line, const char *why)
{
	bad_bytes(conf_parse_file, text, strlen(text), line, why);
}

static void good_load_options(const char *text)
{
	good_bytes(conf_parse_load_options, text, strlen(text));
}

static void bad_load_options(const char *text, const char *why)
{
	bad_bytes(conf_parse_load_options, text, strlen(text), 0, why);
}

/* @before, then @count times @c, then @after; valid until the next call. */
static const char *repeat(const char *before, size_t count, char c, const char *after)
{
	static char text[CONF_TEXT_MAX + 100];
	size_t length = strlen(before);

	assert_true(length + count + strlen(after) < sizeof(text));
	memcpy(text, before, length);
	memset(text + length, c, count);
	memcpy(text + length + count, after, strlen(after) + 1);
	return text;
}

/* baton.conf */

static void file_linux(void **state)
{
	(void)state;
	good_file("linux \\vmlinuz\n");
	assert_string_equal(conf.image, "\\vmlinuz");
	assert_true(conf.is_linux);
	assert_int_equal(conf.initrds, 0);
	assert_string_equal(conf.options, "");
	assert_false(conf.verbose);
}

static void file_efi(void **state)
{
	(void)state;
	good_file("efi \\EFI\\debian\\grubx64.efi\noptions a b\n");
	assert_string_equal(conf.image, "\\EFI\\debian\\grubx64.efi");
	assert_false(conf.is_linux);
	assert_string_equal(conf.options, "a b");
}

static void file_everything(void **state)
{
	(void)state;
	good_file("# baton.conf\n"
		  "\n"
		  "linux   \\vmlinuz\n"
		  "initrd  \\microcode.img\n"
		  "  # indented\n"
		  "initrd  \\initrd.img\n"
		  "options root=/dev/vda1 quiet\n"
		  "options console=ttyS0\n"
		  "verbose\n");
	assert_string_equal(conf.image, "\\vmlinuz");
	assert_true(conf.is_linux);
	assert_int_equal(conf.initrds, 2);
	assert_string_equal(conf.initrd[0], "\\microcode.img");
	assert_string_equal(conf.initrd[1], "\\initrd.img");
	assert_string_equal(conf.options, "root=/dev/vda1 quiet console=ttyS0");
	assert_true(conf.verbose);
}

static void file_line_ends(void **state)
{
	(void)state;
	good_file("\r\n# dos\r\nlinux \\a b\r\nverbose\r\noptions x\r\n");
	assert_string_equal(conf.image, "\\a b");
	assert_string_equal(conf.options, "x");
	assert_true(conf.verbose);
	good_file("verbose\nlinux \\a"); /* no final newline */
	assert_string_equal(conf.image, "\\a");
	good_file("linux \\a\nverbose");
	assert_true(conf.verbose);
	good_file("\n\n\nlinux \\a\n\n\n");
	bad_file("linux \\a\rverbose\r", 1, "control character"); /* CR alone ends no line */
}

static void file_blanks(void **state)
{
	(void)state;
	good_file("\tlinux\t \\my kernel\t \n \t \noptions \t a\t b  \n  verbose\t\n");
	assert_string_equal(conf.image, "\\my kernel");
	assert_string_equal(conf.options, "a\t b");
	assert_true(conf.verbose);
}

static void file_byte_order_mark(void **state)
{
	(void)state;
	good_file("\xef\xbb\xbflinux \\a\n");
	assert_string_equal(conf.image, "\\a");
	good_file("\xef\xbb\xbf# comment\nlinux \\a\n");
	bad_file("\xef\xbb\xbf", 0, "nothing to start");
	bad_file("\xef\xbblinux \\a\n", 1, "not UTF-8");
	bad_file("\n\xef\xbb\xbflinux \\a\n", 2, "unknown key"); /* at the start only */
	bad_file("\xff\xfel", 1, "not UTF-8");			 /* UTF-16 */
}

static void file_utf8(void **state)
{
	static const char *const wrong[] = {
		"\x80",		    /* a continuation alone */
		"\xc3",		    /* cut off */
		"\xc3(",	    /* not continued */
		"\xc0\xaf",	    /* overlong */
		"\xe0\x80\xaf",	    /* overlong */
		"\xf0\x80\x80\xaf", /* overlong */
		"\xed\xa0\x80",	    /* a surrogate */
		"\xf4\x90\x80\x80", /* above U+10FFFF */
		"\xf8\x88\x80\x80\x80",
		"\xf9\x80\x80\x80", /* no lead byte, whatever its low bits say */
		"\xff",
		"\xe2\x82",
		"\xf0\x9f\x9a",
	};

	(void)state;
	good_file("linux \\K\xc3\xa4se\xe2\x82\xac\xf0\x9f\x9a\x80\n# \xf4\x8f\xbf\xbf\n");
	assert_string_equal(conf.image, "\\K\xc3\xa4se\xe2\x82\xac\xf0\x9f\x9a\x80");
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		char text[100] = "verbose\nlinux \\a";

		strcat(text, wrong[i]);
		bad_file(text, 2, "not UTF-8");
		strcat(text, "\n");
		bad_file(text, 2, "not UTF-8");
	}
}

static void file_control_characters(void **state)
{
	char text[] = "verbose\nlinux \\a?b\nverbose\n";
	char *at = strchr(text, '?');

	(void)state;
	for (int c = 0; c < 0x80; c++) {
		*at = (char)c;
		if (c == '\t' || (c >= ' ' && c < 0x7f))
			good_bytes(conf_parse_file, text, sizeof(text) - 1);
		else if (c != '\n')
			bad_bytes(conf_parse_file, text, sizeof(text) - 1, 2, "control character");
	}
	bad_file("linux \\a\nverbose\n# \x1b[2J\n", 3, "control character");
	bad_file("linux \\a\xc2\x9b\n", 1, "control character"); /* CSI, the 8-bit one */
	bad_bytes(conf_parse_file, "linux \\a\0", 9, 1, "control character");
	bad_bytes(conf_parse_file, "linux \\a\n\0", 10, 2, "control character");
}

static void file_paths(void **state)
{
	(void)state;
	good_file("linux /boot/vmlinuz\ninitrd \\a/b\\c\noptions root=/dev/vda\n");
	assert_string_equal(conf.image, "\\boot\\vmlinuz");
	assert_string_equal(conf.initrd[0], "\\a\\b\\c");
	assert_string_equal(conf.options, "root=/dev/vda");
	bad_file("linux vmlinuz\n", 1, "not absolute");
	bad_file("verbose\nefi EFI\\a.efi\n", 2, "not absolute");
	bad_file("linux \\a\ninitrd ./b\n", 2, "not absolute");
}

static void file_path_limits(void **state)
{
	(void)state;
	good_file(repeat("linux /", CONF_PATH_MAX - 2, 'x', "\n"));
	assert_int_equal(strlen(conf.image), CONF_PATH_MAX - 1);
	bad_file(repeat("linux /", CONF_PATH_MAX - 1, 'x', "\n"), 1, "longer than 255");
	bad_file(repeat("\nefi /", CONF_PATH_MAX - 1, 'x', ""), 2, "longer than 255");
	good_file(repeat("linux /a\ninitrd /", CONF_PATH_MAX - 2, 'x', "\n"));
	assert_int_equal(strlen(conf.initrd[0]), CONF_PATH_MAX - 1);
	bad_file(repeat("linux /a\ninitrd /", CONF_PATH_MAX - 1, 'x', "\n"), 2, "longer than 255");
	bad_file(repeat("linux /", 60000, 'x', "\n"), 1, "longer than 255");
}

static void file_keys(void **state)
{
	(void)state;
	bad_file("linux \\a\ninitrds \\b\n", 2, "unknown key");
	bad_file("Linux \\a\n", 1, "unknown key");
	bad_file("linu \\a\n", 1, "unknown key");
	bad_file("linuxx \\a\n", 1, "unknown key");
	bad_file("linux=\\a\n", 1, "unknown key");
	bad_file("unknown\n", 1, "unknown key");
	bad_file("title Debian\nlinux \\a\n", 1, "unknown key");
}

static void file_values(void **state)
{
	(void)state;
	bad_file("linux\n", 1, "path is missing");
	bad_file("linux \t \n", 1, "path is missing");
	bad_file("linux", 1, "path is missing");
	bad_file("efi\r\n", 1, "path is missing");
	bad_file("linux \\a\ninitrd\n", 2, "path is missing");
	bad_file("linux \\a\noptions \n", 2, "options are missing");
	bad_file("linux \\a\n\nverbose yes\n", 3, "takes no value");
}

static void file_wait(void **state)
{
	(void)state;
	good_file("linux \\a\n");
	assert_int_equal(conf.wait, CONF_WAIT_AUTO);
	good_file("linux \\a\nwait auto\n");
	assert_int_equal(conf.wait, CONF_WAIT_AUTO);
	good_file("wait mwait\nlinux \\a\n");
	assert_int_equal(conf.wait, BATON_WAIT_MWAIT);
	good_file("wait \thlt \r\nlinux \\a\n");
	assert_int_equal(conf.wait, BATON_WAIT_HLT);
	good_file("linux \\a\nwait pause");
	assert_int_equal(conf.wait, BATON_WAIT_PAUSE);
	bad_file("linux \\a\nwait\n", 2, "wait takes auto, mwait, hlt or pause");
	bad_file("wait \t\nlinux \\a\n", 1, "wait takes");
	bad_file("wait HLT\nlinux \\a\n", 1, "wait takes");
	bad_file("wait hl\nlinux \\a\n", 1, "wait takes");
	bad_file("wait hltt\nlinux \\a\n", 1, "wait takes");
	bad_file("wait hlt pause\nlinux \\a\n", 1, "wait takes");
	bad_file("wait 2\nlinux \\a\n", 1, "wait takes");
	bad_file("waits hlt\nlinux \\a\n", 1, "unknown key");
	bad_file("wait hlt\n", 0, "nothing to start");
}

static void file_images(void **state)
{
	(void)state;
	bad_file("", 0, "nothing to start");
	bad_file("\n", 0, "nothing to start");
	bad_file("# linux \\a\nverbose\noptions a\ninitrd \\b\n", 0, "nothing to start");
	bad_file("linux \\a\n\nefi \\b\n", 3, "only one image");
	bad_file("efi \\a\nlinux \\b\n", 2, "only one image");
	bad_file("linux \\a\nlinux \\a\n", 2, "only one image");
	bad_file("efi \\a\ninitrd \\b\n", 0, "initrd goes with linux");
	bad_file("initrd \\b\nefi \\a\n", 0, "initrd goes with linux");
}

static void file_initrds(void **state)
{
	char text[200] = "linux \\a\n";

	(void)state;
	for (unsigned i = 0; i < CONF_INITRDS_MAX; i++) {
		char line[] = "initrd \\0\n";

		line[8] = (char)('0' + i);
		strcat(text, line);
		good_file(text);
		assert_int_equal(conf.initrds, i + 1);
		assert_string_equal(conf.initrd[0], "\\0");
		assert_memory_equal(conf.initrd[i], line + 7, 2);
	}
	assert_string_equal(conf.image, "\\a");
	assert_string_equal(conf.options, "");
	strcat(text, "initrd \\8\n");
	bad_file(text, CONF_INITRDS_MAX + 2, "more than 8");
}

static void file_options_limits(void **state)
{
	(void)state;
	good_file(repeat("linux /a\noptions ", CONF_OPTIONS_MAX - 1, 'x', "\n"));
	assert_int_equal(strlen(conf.options), CONF_OPTIONS_MAX - 1);
	assert_false(conf.verbose);
	bad_file(repeat("linux /a\noptions ", CONF_OPTIONS_MAX, 'x', "\n"), 2, "longer than 4095");
	/* Two, with the space between them. */
	good_file(repeat("linux /a\noptions ", CONF_OPTIONS_MAX - 4, 'x', "\noptions yz\n"));
	assert_int_equal(strlen(conf.options), CONF_OPTIONS_MAX - 1);
	assert_string_equal(conf.options + CONF_OPTIONS_MAX - 5, "x yz");
	bad_file(repeat("linux /a\noptions ", CONF_OPTIONS_MAX - 3, 'x', "\noptions yz\n"), 3,
		 "longer than 4095");
	bad_file(repeat("linux /a\noptions ", CONF_OPTIONS_MAX - 1, 'x', "\noptions y\n"), 3,
		 "longer than 4095");
	bad_file(repeat("linux /a\noptions y\noptions ", CONF_OPTIONS_MAX - 2, 'x', "\n"), 3,
		 "longer than 4095");
}

static void file_size_limit(void **state)
{
	const char *text;

	(void)state;
	text = repeat("linux /a\n", CONF_TEXT_MAX - 9, '\n', "");
	good_bytes(conf_parse_file, text, CONF_TEXT_MAX);
	text = repeat("linux /a\n", CONF_TEXT_MAX - 8, '\n', "");
	bad_bytes(conf_parse_file, text, CONF_TEXT_MAX + 1, 0, "longer than 64 KiB");
}

static void file_cut_anywhere(void **state)
{
	static const char text[] =
		"\xef\xbb\xbf# \xc3\xa4\r\nlinux /a\r\ninitrd /b\noptions c\nverbose\n";
	struct conf_error error;

	(void)state;
	for (size_t length = 0; length < sizeof(text); length++)
		parse(conf_parse_file, text, length, &error); /* must not crash */
}

/* Load options */

static void load_options_everything(void **state)
{
	(void)state;
	good_load_options("linux=\\vmlinuz initrd=\\initrd.img verbose -- root=/dev/vda1 quiet");
	assert_string_equal(conf.image, "\\vmlinuz");
	assert_true(conf.is_linux);
	assert_int_equal(conf.initrds, 1);
	assert_string_equal(conf.initrd[0], "\\initrd.img");
	assert_string_equal(conf.options, "root=/dev/vda1 quiet");
	assert_true(conf.verbose);
}

static void load_options_without_dashes(void **state)
{
	(void)state;
	good_load_options("efi=/EFI/debian/grubx64.efi");
	assert_string_equal(conf.image, "\\EFI\\debian\\grubx64.efi");
	assert_false(conf.is_linux);
	assert_string_equal(conf.options, "");
	good_load_options("options=a=b linux=\\a options=c");
	assert_string_equal(conf.options, "a=b c");
}

static void load_options_dashes(void **state)
{
	(void)state;
	good_load_options("linux=\\a --");
	assert_string_equal(conf.options, "");
	good_load_options("linux=\\a -- \t");
	assert_string_equal(conf.options, "");
	good_load_options("linux=\\a --   a  b -- c verbose ");
	assert_string_equal(conf.options, "a  b -- c verbose");
	assert_false(conf.verbose);
	good_load_options("linux=\\a options=x --\ty");
	assert_string_equal(conf.options, "x y");
	bad_load_options("linux=\\a --quiet", "unknown key");
	bad_load_options("-- linux=\\a", "nothing to start");
}

static void load_options_blanks(void **state)
{
	(void)state;
	good_load_options(" \tlinux=\\a\t\tverbose  ");
	assert_string_equal(conf.image, "\\a");
	assert_true(conf.verbose);
	good_load_options("linux=\\a verbose\r\n"); /* from a file, by efibootmgr -@ */
	assert_true(conf.verbose);
	good_load_options("\xef\xbb\xbflinux=\\a");
}

static void load_options_wait(void **state)
{
	(void)state;
	good_load_options("linux=\\a");
	assert_int_equal(conf.wait, CONF_WAIT_AUTO);
	good_load_options("wait=auto linux=\\a");
	assert_int_equal(conf.wait, CONF_WAIT_AUTO);
	good_load_options("linux=\\a wait=mwait -- quiet");
	assert_int_equal(conf.wait, BATON_WAIT_MWAIT);
	good_load_options("wait=hlt linux=\\a");
	assert_int_equal(conf.wait, BATON_WAIT_HLT);
	good_load_options("linux=\\a wait=pause");
	assert_int_equal(conf.wait, BATON_WAIT_PAUSE);
	good_load_options("linux=\\a -- wait=hlt"); /* is the kernel's */
	assert_int_equal(conf.wait, CONF_WAIT_AUTO);
	bad_load_options("linux=\\a wait", "wait takes");
	bad_load_options("linux=\\a wait=", "wait takes");
	bad_load_options("linux=\\a wait= hlt", "wait takes");
	bad_load_options("linux=\\a wait=never", "wait takes");
}

static void load_options_wrong(void **state)
{
	(void)state;
	bad_load_options("", "nothing to start");
	bad_load_options("   ", "nothing to start");
	bad_load_options("verbose", "nothing to start");
	bad_load_options("linux", "path is missing");
	bad_load_options("linux=", "path is missing");
	bad_load_options("linux= \\a", "path is missing");
	bad_load_options("linux=\\a options=", "options are missing");
	bad_load_options("linux=\\a verbose=1", "takes no value");
	bad_load_options("linux \\a", "path is missing");
	bad_load_options("linux=\\a quiet", "unknown key");
	bad_load_options("linux=\\a =b", "unknown key");
	bad_load_options("linux=\\a efi=\\b", "only one image");
	bad_load_options("efi=\\a initrd=\\b", "initrd goes with linux");
	bad_load_options("linux=a", "not absolute");
	bad_load_options("linux=\\a # comment", "unknown key");
	bad_load_options("linux=\\a\nverbose", "control character"); /* one line */
	bad_load_options("linux=\\a -- a\x01", "control character");
	bad_load_options("linux=\\a -- \xff", "not UTF-8");
	bad_bytes(conf_parse_load_options, "linux=\\a\0verbose", 16, 0, "control character");
	bad_bytes(conf_parse_load_options, "linux=\\a\0", 9, 0, "control character");
}

static void load_options_limits(void **state)
{
	const char *text;

	(void)state;
	good_load_options(repeat("linux=/", CONF_PATH_MAX - 2, 'x', ""));
	bad_load_options(repeat("linux=/", CONF_PATH_MAX - 1, 'x', ""), "longer than 255");
	good_load_options(repeat("linux=/a -- ", CONF_OPTIONS_MAX - 1, 'x', ""));
	assert_int_equal(strlen(conf.options), CONF_OPTIONS_MAX - 1);
	bad_load_options(repeat("linux=/a -- ", CONF_OPTIONS_MAX, 'x', ""), "longer than 4095");
	bad_load_options(repeat("linux=/a options=y -- ", CONF_OPTIONS_MAX - 2, 'x', ""),
			 "longer than 4095");
	text = repeat("linux=/a", CONF_TEXT_MAX - 7, ' ', "");
	bad_bytes(conf_parse_load_options, text, CONF_TEXT_MAX + 1, 0, "longer than 64 KiB");
	good_bytes(conf_parse_load_options, text, CONF_TEXT_MAX);
}

static bool parse_system(const char *text, struct conf_system *into, struct conf_error *error)
{
	memset(into, 0xee, sizeof(*into));
	return conf_parse_system(into, text, strlen(text), error);
}

static void system_unproven(void **state)
{
	static const char comment[] = "# baton.conf\r\n\n\tunproven \tcontinue \r\n";
	struct conf_system conf_system;
	struct conf_error error;

	(void)state;
	assert_true(parse_system("", &conf_system, &error));
	assert_false(conf_system.unproven_continues);
	assert_true(parse_system("unproven reboot\n", &conf_system, &error));
	assert_false(conf_system.unproven_continues);
	assert_true(parse_system(comment, &conf_system, &error));
	assert_true(conf_system.unproven_continues);
}

static void system_wrong(void **state)
{
	static const struct {
		const char *text, *why;
		unsigned line;
	} wrong[] = {
		{"\nunproven maybe\n", "unproven takes reboot or continue", 2},
		{"unproven", "unproven takes reboot or continue", 1},
		{"unproven=continue", "unknown key: use unproven", 1},
		{"unproven reboot\n#\nlinux \\vmlinuz", "unknown key: use unproven", 3},
		{"unproven \x01", "control character", 1},
	};
	struct conf_system conf_system;
	struct conf_error error;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_false(parse_system(wrong[i].text, &conf_system, &error));
		assert_non_null(strstr(error.message, wrong[i].why));
		assert_int_equal(error.line, wrong[i].line);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(file_linux),
		cmocka_unit_test(file_efi),
		cmocka_unit_test(file_everything),
		cmocka_unit_test(file_line_ends),
		cmocka_unit_test(file_blanks),
		cmocka_unit_test(file_byte_order_mark),
		cmocka_unit_test(file_utf8),
		cmocka_unit_test(file_control_characters),
		cmocka_unit_test(file_paths),
		cmocka_unit_test(file_path_limits),
		cmocka_unit_test(file_keys),
		cmocka_unit_test(file_values),
		cmocka_unit_test(file_wait),
		cmocka_unit_test(file_images),
		cmocka_unit_test(file_initrds),
		cmocka_unit_test(file_options_limits),
		cmocka_unit_test(file_size_limit),
		cmocka_unit_test(file_cut_anywhere),
		cmocka_unit_test(load_options_everything),
		cmocka_unit_test(load_options_without_dashes),
		cmocka_unit_test(load_options_dashes),
		cmocka_unit_test(load_options_blanks),
		cmocka_unit_test(load_options_wait),
		cmocka_unit_test(load_options_wrong),
		cmocka_unit_test(load_options_limits),
		cmocka_unit_test(system_unproven),
		cmocka_unit_test(system_wrong),
	};

	return cmocka_run_group_tests_name("conf", tests, NULL, NULL);
}
