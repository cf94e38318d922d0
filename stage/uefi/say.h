/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * What the stage tells the user: on the firmware's console while there is one,
 * after ExitBootServices on the serial port, if the firmware's console had one.
 */
#ifndef STAGE_SAY_H
#define STAGE_SAY_H

#include "firmware.h"
#include <stdbool.h>

/* Before anything is said.  Boot services are available. */
void say_start(EFI_SYSTEM_TABLE *system);

/* Say details too. */
void say_verbosely(void);

/* The firmware's console is gone. */
void say_without_firmware(void);

/* One line; "baton: " and the line end are added.  Conversions: stage/format.h. */
void say(const char *text, ...) __attribute__((format(printf, 1, 2)));

/* The same, only when verbose. */
void say_detail(const char *text, ...) __attribute__((format(printf, 1, 2)));

/* What a status means, in words. */
const char *status_text(EFI_STATUS status);

#endif /* STAGE_SAY_H */
