/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* What the stage tells the user, on the console that the device tree names. */
#ifndef STAGE_ARM64_CONSOLE_H
#define STAGE_ARM64_CONSOLE_H

/* Find it: PL011, or the mini UART of Broadcom's BCM2835; as the loader has set it up. */
void console_start(const void *fdt);

/* One line; "baton: " and the line end are added.  Conversions: stage/format.h. */
void say(const char *text, ...) __attribute__((format(printf, 1, 2)));

#endif /* STAGE_ARM64_CONSOLE_H */
