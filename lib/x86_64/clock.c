/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "clock.h"
#include <stdbool.h>
#include <baton/x86_64/cpu.h>

#define CALIBRATION_US 1000
#define POLLS_MAX 100000 /* far more than fit into that: the clock stands still */

#define PM_TIMER_HZ 3579545 /* ACPI 6.6, 4.8.3.3; 24 bits at least */
#define PM_TIMER_MASK 0xffffff

#define PIT_HZ 1193182
#define PIT_MAX_US 32000 /* it has 16 bits */
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

/* Something that happened between two readings of the time-stamp counter. */
struct moment {
	uint64_t before, after;
};

static uint64_t between(const struct moment *first, const struct moment *last)
{
	return (last->before - first->before) / 2 + (last->after - first->after) / 2;
}

static uint64_t doubt(const struct moment *moment)
{
	return moment->after - moment->before;
}

/*
 * Each access may be an exit to a hypervisor, and that may stall the CPU.  The middles of
 * both moments are right to half of their doubt: together, to an eighth of the time between.
 */
static bool is_measured(const struct moment *first, const struct moment *last)
{
	return doubt(first) + doubt(last) < between(first, last) / 4;
}

static uint32_t read_pm_timer(uint16_t port, struct moment *moment)
{
	uint32_t count;

	moment->before = rdtsc();
	count = in32(port);
	moment->after = rdtsc();
	return count;
}

/* Begins anew at a read that stood in less doubt, ends where the time is long enough. */
static uint64_t by_pm_timer(uint16_t port)
{
	const uint32_t ticks = (uint64_t)PM_TIMER_HZ * CALIBRATION_US / 1000000;
	struct moment first, now;
	uint32_t start = read_pm_timer(port, &first);

	for (int polls = 0; polls < POLLS_MAX; polls++) {
		uint32_t count = read_pm_timer(port, &now);
		uint32_t passed = (count - start) & PM_TIMER_MASK;

		if (passed >= ticks && is_measured(&first, &now))
			return between(&first, &now) * PM_TIMER_HZ / ((uint64_t)passed * 1000000);
		if (doubt(&now) < doubt(&first) / 2) {
			start = count;
			first = now;
		}
	}
	return 0;
}

/* Have the PIT count to 0 for @us; false if it was not seen to do so. */
static bool count_down(uint32_t us, struct moment *first, struct moment *last)
{
	const uint32_t ticks = (uint64_t)PIT_HZ * us / 1000000;
	uint64_t poll;

	out8(PIT_COMMAND, PIT_CHANNEL_2_MODE_0);
	out8(PIT_CHANNEL_2, ticks & 0xff);
	first->before = rdtsc();
	out8(PIT_CHANNEL_2, ticks >> 8); /* it counts from here */
	first->after = poll = rdtsc();
	for (int polls = 0; polls < POLLS_MAX; polls++) {
		bool out;

		last->before = poll; /* of the poll before: its output was low then */
		poll = rdtsc();
		out = in8(PIT_GATE_PORT) & PIT_OUT;
		last->after = rdtsc();
		if (out)
			return polls; /* one that is not there has its output high at once */
	}
	return false;
}

static uint64_t by_pit(void)
{
	uint8_t gate = in8(PIT_GATE_PORT);
	struct moment first, last;
	uint64_t rate = 0;

	out8(PIT_GATE_PORT, (gate & ~PIT_SPEAKER) | PIT_GATE);
	for (uint32_t us = CALIBRATION_US; us <= PIT_MAX_US; us *= 2) {
		if (!count_down(us, &first, &last))
			continue; /* not there, or over before it was looked at */
		rate = between(&first, &last) / us;
		if (is_measured(&first, &last))
			break;
	}
	out8(PIT_GATE_PORT, gate);
	return rate;
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
