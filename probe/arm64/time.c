/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "probe/time.h"
#include <baton/arm64/registers.h>

#define USUAL_FREQUENCY 1000000000 /* since Armv8.6; where CNTFRQ_EL0 is 0 */

static uint64_t frequency;

void time_start(void)
{
	frequency = read_register(cntfrq_el0);
	if (!frequency)
		frequency = USUAL_FREQUENCY;
}

uint64_t time_us(void)
{
	uint64_t ticks = read_register(cntpct_el0);

	return ticks / frequency * 1000000 + ticks % frequency * 1000000 / frequency;
}
