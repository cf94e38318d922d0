/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* What the stage in front of a bzImage looks for on a command line.  Plain C, for the host too. */
#ifndef STAGE_X86_64_BZIMAGE_CMDLINE_H
#define STAGE_X86_64_BZIMAGE_CMDLINE_H

#include <stdint.h>
#include "lib/cmdline.h"

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

#endif /* STAGE_X86_64_BZIMAGE_CMDLINE_H */
