/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "probe/time.h"
#include <baton/string.h>
#include <stddef.h>
#include "probe/tap.h"
#include "boot.h"
#include "tables.h"
#include "x86.h"

/* ACPI 6.6, 5.2.9 (FADT) and 4.8.3.3 (power management timer). */
#define FADT_PM_TIMER 76
#define PM_TIMER_HZ 3579545
#define PM_TIMER_TICKS (PM_TIMER_HZ / 50)
#define POLLS_MAX 10000000
#define GUESS_HZ 2000000000

static uint64_t ticks_per_us = 1;

/* The rate by the ACPI timer, which is 24 bits wide at least; 0: there is none. */
static uint64_t measure(void)
{
	const struct acpi_header *fadt = tables_find("FACP");
	uint32_t port, start, now;
	uint64_t tsc;

	if (!fadt || fadt->length < FADT_PM_TIMER + sizeof(port))
		return 0;
	memcpy(&port, (const uint8_t *)fadt + FADT_PM_TIMER, sizeof(port));
	if (!port || port > UINT16_MAX)
		return 0;
	start = in32((uint16_t)port);
	tsc = rdtsc();
	for (int polls = 0; polls < POLLS_MAX; polls++) {
		now = (in32((uint16_t)port) - start) & 0xffffff;
		if (now >= PM_TIMER_TICKS)
			return (rdtsc() - tsc) * PM_TIMER_HZ / now;
	}
	return 0;
}

void time_start(void)
{
	uint64_t hz = boot.tsc_hz_stall ? boot.tsc_hz_stall : measure();

	if (!hz) {
		remark("no clock to measure the time-stamp counter by: taken for 2 GHz");
		hz = GUESS_HZ;
	}
	ticks_per_us = hz / 1000000 ? hz / 1000000 : 1;
}

uint64_t time_us(void)
{
	return rdtsc() / ticks_per_us;
}

void delay_us(uint64_t us)
{
	for (uint64_t start = time_us(); time_us() - start < us;)
		cpu_relax();
}
