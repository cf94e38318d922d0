/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * Power-off and reset by the watchdog of Broadcom's BCM2835 and its successors
 * (Raspberry Pi).  Its registers and password are as in the device-tree binding
 * brcm,bcm2835-pm and the firmware's convention that partition 63 means halt.
 */
#include "power.h"

#define PM_RSTC 0x1c
#define PM_RSTS 0x20
#define PM_WDOG 0x24
#define PM_PASSWORD 0x5a000000u
#define PM_RSTC_CONFIG_CLEAR 0xffffffcfu
#define PM_RSTC_FULL_RESET 0x20u
#define PM_RSTS_HALT 0x555u /* the bits of partition 63 */
#define PM_TICKS 10u

static volatile uint32_t *at(uint64_t registers, unsigned offset)
{
	return (volatile uint32_t *)(uintptr_t)(registers + offset);
}

void power_reset(uint64_t registers)
{
	if (!registers)
		return;
	*at(registers, PM_WDOG) = PM_PASSWORD | PM_TICKS;
	*at(registers, PM_RSTC) =
		PM_PASSWORD | (*at(registers, PM_RSTC) & PM_RSTC_CONFIG_CLEAR) | PM_RSTC_FULL_RESET;
	for (;;)
		__asm__ volatile("wfe");
}

void power_off(uint64_t registers)
{
	if (!registers)
		return;
	*at(registers, PM_RSTS) = PM_PASSWORD | *at(registers, PM_RSTS) | PM_RSTS_HALT;
	power_reset(registers);
}
