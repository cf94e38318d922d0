/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* gnu-efi's headers, as they can be used with clang for a Windows-like target. */
#ifndef STAGE_X86_64_UEFI_FIRMWARE_H
#define STAGE_X86_64_UEFI_FIRMWARE_H

#include <efi.h>
#include <stddef.h>

/* They take this target for Microsoft's compiler and define attributes away. */
#undef __attribute__

#endif /* STAGE_X86_64_UEFI_FIRMWARE_H */
