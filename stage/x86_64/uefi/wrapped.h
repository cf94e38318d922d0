/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The EFI entries of a wrapped kernel: the hand-over is prepared as baton.efi
 * does it, then the payload's own entry of the same kind is entered.  If that
 * fails, the stage prints the reason, and the payload starts all the same.
 */
#ifndef STAGE_X86_64_UEFI_WRAPPED_H
#define STAGE_X86_64_UEFI_WRAPPED_H

#include "firmware.h"
#include "lib/x86_64/bzimage.h"

/*
 * The PE entry: @handle is that of the wrapped image, loaded by the firmware,
 * which has checked its signature as a whole.  The payload gets an image of its
 * own, which LoadedImage then describes; load options, device and whatever
 * offers an initrd are as they were.  Returns only if the payload does, with all
 * undone.
 */
EFI_STATUS EFIAPI wrapped_main(EFI_HANDLE handle, EFI_SYSTEM_TABLE *system);

/*
 * The EFI handover entry (Linux, Documentation/arch/x86/boot.rst), for C: the
 * header in @params becomes the payload's.  Returns the address of the payload's
 * handover entry.  Boot services are available.
 */
uint64_t wrapped_handover(EFI_SYSTEM_TABLE *system, struct boot_params *params);

#endif /* STAGE_X86_64_UEFI_WRAPPED_H */
