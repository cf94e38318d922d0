/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The stage's work under UEFI: everything is prepared while there are boot
 * services, the CPUs are collected right after the real ExitBootServices,
 * whoever calls it, so that any loader may come in between.
 */
#ifndef STAGE_X86_64_UEFI_HANDOVER_H
#define STAGE_X86_64_UEFI_HANDOVER_H

#include "firmware.h"
#include <stdbool.h>
#include <stdint.h>

/*
 * Reserve the area, install the resident, publish the tables, hook
 * ExitBootServices.  False, and said why, if anything fails: then everything is
 * undone, and whatever starts next starts as without the stage.
 * @wait: how held CPUs shall sleep, BATON_WAIT_... or CONF_WAIT_AUTO for what
 * the processor has.
 */
bool handover_prepare(EFI_SYSTEM_TABLE *system, uint32_t wait);

/* Undo it: the image that was started has come back. */
void handover_undo(void);

#endif /* STAGE_X86_64_UEFI_HANDOVER_H */
