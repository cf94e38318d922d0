/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "apic.h"
#include "platform.h"

/* A window for the timer's rate: the first, and how often it is doubled, to 51 ms. */
#define CALIBRATION_US 100
#define CALIBRATION_TRIES 10
#define DIVIDE_BY_16 3
#define TPR_HOLD 0xe0 /* priority classes 0xe and below wait */

static void mask_sources(const struct apic *apic)
{
	uint32_t lvts = platform_apic_read(apic, APIC_VERSION) >> 16 & 0xff;

	if (lvts >= 3)
		platform_apic_write(apic, APIC_LVT_ERROR, APIC_LVT_MASKED);
	platform_apic_write(apic, APIC_LVT_TIMER, APIC_LVT_MASKED);
	platform_apic_write(apic, APIC_LVT_LINT0, APIC_LVT_MASKED);
	platform_apic_write(apic, APIC_LVT_LINT1, APIC_LVT_MASKED);
	if (lvts >= 4)
		platform_apic_write(apic, APIC_LVT_PERF, APIC_LVT_MASKED);
	if (lvts >= 5)
		platform_apic_write(apic, APIC_LVT_THERMAL, APIC_LVT_MASKED);
	if (lvts >= 6)
		platform_apic_write(apic, APIC_LVT_CMCI, APIC_LVT_MASKED);
}

/* The interrupt handler only returns: the EOI is due outside of it. */
static void let_in(void)
{
	__asm__ volatile("sti; nop; nop; cli" ::: "memory");
}

/* Whether any of the 256 vectors is in service. */
static bool in_service(const struct apic *apic)
{
	uint32_t any = 0;

	for (uint32_t i = 0; i < 8; i++)
		any |= platform_apic_read(apic, APIC_ISR + 16 * i);
	return any;
}

/*
 * Take every interrupt that the task priority @tpr lets in; how many.  Each
 * round ends at least one, and there are 256 vectors; the bound is for a device
 * that goes on sending to this CPU.
 */
static uint32_t take_all(const struct apic *apic, uint32_t tpr)
{
	uint32_t taken = 0, idle = 0;

	platform_apic_write(apic, APIC_TPR, tpr);
	for (int round = 0; round < 1024 && idle < 2; round++) {
		if (in_service(apic)) {
			platform_apic_write(apic, APIC_EOI, 0);
			taken++;
			idle = 0;
		} else {
			idle++;
		}
		let_in();
	}
	return taken;
}

/* End what is in service of class 0xf, the last of the ISR's eight registers. */
static void end_own(const struct apic *apic)
{
	for (int ended = 0; ended < 16 && platform_apic_read(apic, APIC_ISR + 0x70) >> 16; ended++)
		platform_apic_write(apic, APIC_EOI, 0);
}

void apic_hold(const struct apic *apic)
{
	if (!apic->usable)
		return;
	mask_sources(apic);
	platform_apic_write(apic, APIC_TPR, TPR_HOLD);
	platform_apic_write(apic, APIC_SVR, APIC_SVR_ENABLE | APIC_SVR_VECTOR);
	/* The timer, stopped: while the CPU is held, only its count is written any more. */
	platform_apic_write(apic, APIC_TIMER_INITIAL, 0);
	platform_apic_write(apic, APIC_TIMER_DIVIDE, DIVIDE_BY_16);
	platform_apic_write(apic, APIC_LVT_TIMER, VECTOR_TIMER);
	/* An NMI or a machine check may have brought it here from the midst of a handler. */
	end_own(apic);
}

/* The task priority lets in class 0xf alone, so there is never more than one to end. */
void apic_sleep(const struct apic *apic)
{
	if (apic->usable && platform_halt())
		platform_apic_write(apic, APIC_EOI, 0);
}

/*
 * The rate in a window of @window ticks of the time-stamp counter, or 0.  The timer
 * starts at some time during the write of its count, and is read at some time during
 * the read: the middle of each is right to half of what both take, @*cost.  With more
 * than a quarter of the window, that says too little.
 */
static uint64_t rate_within(const struct apic *apic, uint64_t window, uint64_t tsc_per_ms,
			    uint64_t *cost)
{
	uint64_t start, started, end, elapsed;
	uint32_t left;

	start = rdtsc();
	platform_apic_write(apic, APIC_TIMER_INITIAL, UINT32_MAX);
	started = rdtsc();
	while ((end = rdtsc()) - started < window)
		cpu_relax();
	left = platform_apic_read(apic, APIC_TIMER_CURRENT);
	*cost = started - start + rdtsc() - end;
	elapsed = end - started + *cost / 2;
	return *cost < window / 4 ? (UINT32_MAX - left) * tsc_per_ms / elapsed : 0;
}

uint32_t apic_timer_rate(const struct apic *apic, uint32_t tsc_per_us, uint32_t *access_us)
{
	uint64_t window = (uint64_t)CALIBRATION_US * tsc_per_us;
	uint64_t rate = 0, cost = 0;

	if (!apic->usable)
		return 0;
	/* Where each access is an exit to a hypervisor, or one stalls the CPU: longer. */
	for (int tries = 0; !rate && tries < CALIBRATION_TRIES; tries++, window *= 2)
		rate = rate_within(apic, window, 1000ull * tsc_per_us, &cost);
	platform_apic_write(apic, APIC_TIMER_INITIAL, 0);
	*access_us = cost / 2 / tsc_per_us;
	return rate;
}

void apic_set_timer(const struct apic *apic, uint32_t ticks)
{
	if (apic->usable)
		platform_apic_write(apic, APIC_TIMER_INITIAL, ticks ? ticks : 1);
}

uint32_t apic_drain(const struct apic *apic)
{
	uint32_t stale;

	if (!apic->usable)
		return 0;
	mask_sources(apic);
	take_all(apic, TPR_HOLD); /* its own, and what else came in their class */
	stale = take_all(apic, 0);
	platform_apic_write(apic, APIC_SVR, APIC_SVR_VECTOR);
	return stale;
}
