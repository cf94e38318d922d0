/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* Board power.  @registers: the power registers' physical address, or 0. */
#ifndef RESIDENT_ARM64_POWER_H
#define RESIDENT_ARM64_POWER_H

#include <stdint.h>

/* Both return only if the board can't do it: @registers is 0. */
void power_off(uint64_t registers);
void power_reset(uint64_t registers);

#endif /* RESIDENT_ARM64_POWER_H */
