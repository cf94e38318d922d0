/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "clock.h"
#include <baton/x86_64/cpu.h>

#define CALIBRATION_US 1000
#define POLLS_MAX 1000000 /* far more than fit into that: the clock stands still */

#define PM_TIMER_HZ 3579545 /* ACPI 6.6, 4.8.3.3; 24 bits at least */
#define PM_TIMER_MASK 0xffffff

#define PIT_HZ 1193182
#define PIT_CHANNEL_2 0x42
#define PIT_COMMAND 0x43
#define PIT_CHANNEL_2_MODE_0 0xb0 /* both bytes, binary */
#define PIT_GATE_PORT 0x61
#define PIT_GATE 0x01
#define PIT_SPEAKER 0x02
#define PIT_OUT 0x20

#define HYPERVISOR_LEAVES 0x40000000
#define HYPERVISOR_TIMING 0x40000010

/* Intel SDM volume 2, CPUID leaf 0x15: the crystal's frequency, and the ratio to it. */
static uint64_t by_processor(void)
{
	struct cpuid tsc;

	if (cpuid(0, 0).eax < 0x15)
		return 0;
	tsc = cpuid(0x15, 0);
	return tsc.eax && tsc.ebx && tsc.ecx ? (uint64_t)tsc.ecx * tsc.ebx / tsc.eax / 1000000 : 0;
}

/* kHz in EAX: VMware's interface, which others have taken up. */
static uint64_t by_hypervisor(void)
{
	if (!(cpuid(1, 0).ecx >> 31) || cpuid(HYPERVISOR_LEAVES, 0).eax < HYPERVISOR_TIMING)
		return 0;
	return cpuid(HYPERVISOR_TIMING, 0).eax / 1000;
}

static uint64_t by_pm_timer(uint16_t port)
{
	const uint32_t ticks = (uint64_t)PM_TIMER_HZ * CALIBRATION_US / 1000000;
	uint32_t first = in32(port), passed = 0;
	uint64_t start = rdtsc();

	for (int polls = 0; passed < ticks; polls++) {
		if (polls == POLLS_MAX)
			return 0;
		passed = (in32(port) - first) & PM_TIMER_MASK;
	}
	return (rdtsc() - start) * PM_TIMER_HZ / ((uint64_t)passed * 1000000);
}

static uint64_t by_pit(void)
{
	const uint32_t ticks = PIT_HZ * (CALIBRATION_US / 1000) / 1000;
	uint8_t gate = in8(PIT_GATE_PORT);
	uint64_t start, end;
	int polls = 0;

	out8(PIT_GATE_PORT, (gate & ~PIT_SPEAKER) | PIT_GATE);
	out8(PIT_COMMAND, PIT_CHANNEL_2_MODE_0);
	out8(PIT_CHANNEL_2, ticks & 0xff);
	start = rdtsc();
	out8(PIT_CHANNEL_2, ticks >> 8); /* it counts from here */
	while (!(in8(PIT_GATE_PORT) & PIT_OUT) && ++polls < POLLS_MAX)
		;
	end = rdtsc();
	out8(PIT_GATE_PORT, gate);
	/* One that is not there has its output high at once. */
	return polls && polls < POLLS_MAX ? (end - start) / CALIBRATION_US : 0;
}

uint64_t clock_tsc_per_us(uint16_t pm_timer)
{
	uint64_t rate = by_processor();

	if (!rate)
		rate = by_hypervisor();
	if (!rate && pm_timer)
		rate = by_pm_timer(pm_timer);
	return rate ? rate : by_pit();
}
