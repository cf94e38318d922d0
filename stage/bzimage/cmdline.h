/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* Words of a kernel command line.  Plain C, for the host too. */
#ifndef STAGE_CMDLINE_H
#define STAGE_CMDLINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The value of word number @index, from 0, of those called @name on @line: what
 * follows "name=" up to a blank, or "" for the word "name" alone; in @value, of @size
 * bytes with its terminating 0, cut off if it is longer.  False if there are not so
 * many.  Quotes keep words together, as for Linux.
 */
bool cmdline_value(const char *line, const char *name, unsigned index, char *value, size_t size);

/*
 * The I/O port of the serial console that the kernel is told to use: console=,
 * earlyprintk= or earlycon= with ttyS0 to ttyS3, or with an I/O port (uart8250,io,
 * or 0x3f8 alone).  0: none.  *@baud is its speed, 0 if that is not told.
 */
unsigned cmdline_serial(const char *line, unsigned *baud);

/*
 * Word number @index of crashkernel=SIZE@START: memory that the kernel wants at
 * that place; *@size is 0 if it leaves the place open.  False: there are not so many.
 */
bool cmdline_crashkernel(const char *line, unsigned index, uint64_t *start, uint64_t *size);

/* Whether the kernel is one that is started after a crash, to save the memory of another. */
bool cmdline_is_crash(const char *line);

/* Whether the kernel does not go by the memory map that it is given. */
bool cmdline_has_own_map(const char *line);

#endif /* STAGE_CMDLINE_H */
