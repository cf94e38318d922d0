/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* Files on the stage's own volume, and starting an image from it. */
#ifndef STAGE_X86_64_UEFI_START_H
#define STAGE_X86_64_UEFI_START_H

#include "firmware.h"
#include <stdbool.h>
#include "lib/conf.h"

/*
 * Read the text of baton.conf, in the folder of the stage's own image: *@text
 * and *@length, from the pool.  False after printing the reason, if there is none or it is
 * longer than CONF_TEXT_MAX.
 */
bool start_read_conf(EFI_SYSTEM_TABLE *system, EFI_LOADED_IMAGE *self, char **text, size_t *length);

/*
 * Load what @conf names, with its initrds and options; *@image is ready to be
 * started.  False after printing the reason, if the firmware can't or won't.
 */
bool start_load(EFI_HANDLE self_handle, EFI_SYSTEM_TABLE *system, EFI_LOADED_IMAGE *self,
		const struct conf *conf, EFI_HANDLE *image);

/* Take back what start_load() has set up, after the image has returned. */
void start_unload(void);

#endif /* STAGE_X86_64_UEFI_START_H */
