/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * config.txt, what a Raspberry Pi's firmware goes by: what it says for the boards that
 * baton's stub serves, and baton's block in it.  As text: nothing here changes a file.
 * Raspberry Pi's documentation, "config.txt".
 *
 * Lines are "name=value", the last one counts.  "[pi4]" and the like are filters: the lines
 * behind one are for those boards only.  Filters of different kinds add up, until "[all]".
 */
#ifndef CLI_INSTALL_RASPBERRYPI_CONFIGTXT_H
#define CLI_INSTALL_RASPBERRYPI_CONFIGTXT_H

#include <stdbool.h>
#include <stddef.h>

#define CONFIGTXT_NAME "config.txt"
#define CONFIGTXT_STUB "baton-armstub8.bin"
#define CONFIGTXT_MAX (1u << 20) /* bytes of a file */

/* The filters that baton's block has, in words. */
extern const char configtxt_filters[];

/* A setting outside of baton's block that may be for a board which baton serves. */
struct configtxt_line {
	char *file;    /* as the firmware names it; NULL: there is no such line */
	unsigned line; /* from 1 */
	char *value;
};

struct configtxt {
	struct configtxt_line armstub; /* the last armstub= */
	struct configtxt_line kernel;  /* a kernel= that is no Linux kernel for 64 bits, or NULL */
	const char *kernel_is;	       /* what it is, and what to do */
	struct configtxt_line bits;    /* an arm_64bit=0 that counts */
	bool sure;		       /* each board is told to run 64-bit kernels */
	bool generated;		       /* by Debian's raspi-firmware, which says so in it */
	bool block;		       /* baton's block is there */
	bool overridden;	       /* and a line behind it takes it back: armstub, or bits */
};

/*
 * Reads config.txt in @folder, and the files that it includes.  Returns false, after
 * reporting an error, if that can't be done.  configtxt_free() in any case.
 */
bool configtxt_read(struct configtxt *config, const char *folder);
void configtxt_free(struct configtxt *config);

/*
 * The text with baton's block, at its end if it has none, or without it.  Only the block
 * differs, to the byte.  To be freed; NULL: *wrong says why not.  A block that another put
 * elsewhere in the text stays there.
 */
char *configtxt_put(const char *text, size_t length, size_t *new_length, const char **wrong);
char *configtxt_take(const char *text, size_t length, size_t *new_length, const char **wrong);

#endif /* CLI_INSTALL_RASPBERRYPI_CONFIGTXT_H */
