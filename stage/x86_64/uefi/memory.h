/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* The firmware's memory map, as it was when the stage looked.  Boot services are needed. */
#ifndef STAGE_X86_64_UEFI_MEMORY_H
#define STAGE_X86_64_UEFI_MEMORY_H

#include "firmware.h"
#include <stdbool.h>
#include <stdint.h>

/* Read the map; false after printing the reason, if the firmware does not give it. */
bool memory_read(EFI_BOOT_SERVICES *boot);

/* It is not needed any more: the image that was started has come back. */
void memory_forget(void);

/* True if the map describes all of [@address, @address + @length) as memory of any kind. */
bool memory_holds(uint64_t address, uint64_t length);

/* True if it describes all of that as memory which no kernel takes for its own. */
bool memory_reserved(uint64_t address, uint64_t length);

/* End of the highest memory that a kernel may use. */
uint64_t memory_usable_end(void);

/* @size bytes of @type below @limit, zeroed, page-aligned; NULL if there is none. */
void *memory_allocate(EFI_MEMORY_TYPE type, uint64_t limit, size_t size);
void memory_free(void *memory, size_t size);

#endif /* STAGE_X86_64_UEFI_MEMORY_H */
