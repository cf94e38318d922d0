/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "probe/time.h"
#include <baton/string.h>
#include <baton/x86_64/cpu.h>
#include "lib/x86_64/clock.h"
#include "probe/tap.h"
#include "boot.h"
#include "tables.h"

#define FADT_PM_TIMER 76 /* ACPI 6.6, 5.2.9 */
#define GUESS_MHZ 2000

static uint64_t ticks_per_us = 1;

/* The I/O port of the ACPI power management timer, or 0. */
static uint16_t pm_timer(void)
{
	const struct acpi_header *fadt = tables_get("FACP");
	uint32_t port;

	if (!fadt || fadt->length < FADT_PM_TIMER + sizeof(port))
		return 0;
	memcpy(&port, (const uint8_t *)fadt + FADT_PM_TIMER, sizeof(port));
	return port <= UINT16_MAX ? (uint16_t)port : 0;
}

void time_start(void)
{
	uint64_t rate = boot_info.tsc_hz_stall / 1000000;

	if (!rate)
		rate = clock_tsc_per_us(pm_timer());
	if (!rate) {
		tap_remark("no clock to measure the time-stamp counter by: taken for 2 GHz");
		rate = GUESS_MHZ;
	}
	ticks_per_us = rate;
}

uint64_t time_us(void)
{
	return rdtsc() / ticks_per_us;
}
