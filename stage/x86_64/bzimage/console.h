/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * Where say() goes: the serial port that the kernel command line names as a
 * console, and the VGA text screen, if boot_params describes one.
 */
#ifndef STAGE_X86_64_BZIMAGE_CONSOLE_H
#define STAGE_X86_64_BZIMAGE_CONSOLE_H

#include "lib/x86_64/bzimage.h"

/* Before the first say().  The cursor in @params moves on with what is written. */
void console_bzimage(struct boot_params *params, const char *command_line);

#endif /* STAGE_X86_64_BZIMAGE_CONSOLE_H */
