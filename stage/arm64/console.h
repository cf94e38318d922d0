/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* The console that the device tree names, for stage/say.h. */
#ifndef STAGE_ARM64_CONSOLE_H
#define STAGE_ARM64_CONSOLE_H

/*
 * Find the UART in @fdt, as the loader has set it up, and have it print what say() gets
 * from now on.  If there is none that is known, nothing is printed.
 */
void console_find(const void *fdt);

#endif /* STAGE_ARM64_CONSOLE_H */
