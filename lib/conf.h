/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * What to start: baton.conf, or the load options of the boot entry.
 *
 * baton.conf is text in the manner of the Boot Loader Specification: one
 * "key value" a line, blank lines and lines that start with # are skipped:
 *
 *	linux   \vmlinuz		a kernel with an EFI stub, or
 *	efi     \EFI\debian\grubx64.efi	the next boot loader
 *	initrd  \initrd.img		may stand several times: they are joined
 *	options root=/dev/vda1 quiet	may stand several times: joined by a space
 *	verbose				say in detail what happens
 *	wait hlt			how held CPUs sleep: auto, mwait, hlt or pause
 *
 * Load options are the same keys on one line, as "key=value" words; whatever
 * follows a word "--" becomes the options:
 *
 *	linux=\vmlinuz initrd=\initrd.img verbose -- root=/dev/vda1 quiet
 *
 * Paths are absolute on baton.efi's own volume; / is taken for \.
 *
 * /etc/baton.conf, of the running system, is text of the same form.  Its keys:
 *
 *	unproven reboot			at "systemctl kexec", if it is not proven that every
 *					CPU has left: reboot (the default) or continue
 *
 * All text is ASCII or UTF-8 without control characters except tab and line ends
 * (CR LF too).  A byte order mark at the start is skipped.
 */
#ifndef LIB_CONF_H
#define LIB_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CONF_PATH_MAX 256     /* bytes, with the terminating 0 */
#define CONF_OPTIONS_MAX 4096 /* bytes, with the terminating 0 */
#define CONF_INITRDS_MAX 8
#define CONF_TEXT_MAX 65536 /* a longer baton.conf is refused */

#define CONF_WAIT_AUTO 0

struct conf {
	char image[CONF_PATH_MAX]; /* of "linux" or "efi" */
	bool is_linux;
	char initrd[CONF_INITRDS_MAX][CONF_PATH_MAX];
	size_t initrds;
	char options[CONF_OPTIONS_MAX];
	bool verbose;
	uint32_t wait; /* BATON_WAIT_... or CONF_WAIT_AUTO */
};

/* /etc/baton.conf. */
struct conf_system {
	bool unproven_continues; /* "unproven continue" */
};

/* What is wrong, and in which line (from 1; 0: in no certain line). */
struct conf_error {
	const char *message;
	unsigned line;
};

/*
 * Parse @length bytes of @text, which need not end with a 0, into @conf.
 * False, with @error set and @conf not to be used, if it is wrong: an unknown key,
 * a missing or too long value, both or none of linux and efi, initrd with
 * efi, a path that is not absolute, a control character.
 */
bool conf_parse_file(struct conf *conf, const char *text, size_t length, struct conf_error *error);
bool conf_parse_load_options(struct conf *conf, const char *text, size_t length,
			     struct conf_error *error);

/* The same for /etc/baton.conf; an empty text is good.  Wrong: an unknown key, another value. */
bool conf_parse_system(struct conf_system *conf, const char *text, size_t length,
		       struct conf_error *error);

#endif /* LIB_CONF_H */
