/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * Where say() goes: the firmware's console while there is one, after
 * ExitBootServices the serial port, if the firmware's console had one.
 */
#ifndef STAGE_X86_64_UEFI_CONSOLE_H
#define STAGE_X86_64_UEFI_CONSOLE_H

#include "firmware.h"

/* Before the first say().  Boot services are available. */
void console_uefi(EFI_SYSTEM_TABLE *system);

/* The firmware's console is gone. */
void console_without_firmware(void);

/* What a status means, in words. */
const char *console_status_text(EFI_STATUS status);

#endif /* STAGE_X86_64_UEFI_CONSOLE_H */
