/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The hand-over under UEFI: everything is prepared while there are boot services.
 * The CPUs are collected right after the real ExitBootServices, whichever program
 * calls it: so any loader may run in between.
 */
#ifndef STAGE_X86_64_UEFI_PREPARE_H
#define STAGE_X86_64_UEFI_PREPARE_H

#include "firmware.h"
#include <stdbool.h>
#include <stdint.h>

/*
 * Reserve the area, install the resident, publish the tables, hook
 * ExitBootServices.  If anything fails, this prints the reason, undoes
 * everything and returns false: the next image starts as without the stage.
 * @wait: how held CPUs shall sleep, BATON_WAIT_... or CONF_WAIT_AUTO for what
 * the processor has.
 */
bool prepare_handover(EFI_SYSTEM_TABLE *system, uint32_t wait);

/* Undo it: the image that was started has come back. */
void prepare_undo(void);

#endif /* STAGE_X86_64_UEFI_PREPARE_H */
