/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#ifndef STAGE_X86_64_IMAGE_H
#define STAGE_X86_64_IMAGE_H

#include <stdint.h>

/*
 * The resident, as the stage carries it, BATON_RESIDENT_MAX bytes: for a TDX guest, and for
 * every other machine.  machine_resident() chooses.
 */
extern const uint8_t image_resident[], image_resident_tdx[];

#endif /* STAGE_X86_64_IMAGE_H */
