/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "apic.h"
#include "cpu.h"

void apic_quiet(uint64_t map_end)
{
	struct apic apic;
	uint32_t lvts;

	if (!apic_find(&apic, map_end))
		return;
	lvts = apic_read(&apic, APIC_VERSION) >> 16 & 0xff;
	if (lvts >= 3)
		apic_write(&apic, APIC_LVT_ERROR, APIC_LVT_MASKED);
	apic_write(&apic, APIC_LVT_TIMER, APIC_LVT_MASKED);
	apic_write(&apic, APIC_LVT_LINT0, APIC_LVT_MASKED);
	apic_write(&apic, APIC_LVT_LINT1, APIC_LVT_MASKED);
	if (lvts >= 4)
		apic_write(&apic, APIC_LVT_PERF, APIC_LVT_MASKED);
	if (lvts >= 5)
		apic_write(&apic, APIC_LVT_THERMAL, APIC_LVT_MASKED);
	if (lvts >= 6)
		apic_write(&apic, APIC_LVT_CMCI, APIC_LVT_MASKED);
	apic_write(&apic, APIC_SVR, APIC_SVR_VECTOR);
}

/* How many of the 256 vectors whose bitmap starts at register @offset are set. */
static uint32_t vectors(const struct apic *apic, uint32_t offset)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < 8; i++)
		for (uint32_t bits = apic_read(apic, offset + 16 * i); bits; bits &= bits - 1)
			n++;
	return n;
}

uint32_t apic_drain(uint64_t map_end)
{
	struct apic apic;
	uint32_t drained = 0;

	if (!apic_find(&apic, map_end))
		return 0;
	apic_write(&apic, APIC_TPR, 0);
	apic_write(&apic, APIC_SVR, APIC_SVR_ENABLE | APIC_SVR_VECTOR);

	/*
	 * Each round ends at least one interrupt, and there are 256 vectors; the
	 * bound is for a device that goes on sending to this CPU.
	 */
	for (int round = 0; round < 1024; round++) {
		uint32_t in_service = vectors(&apic, APIC_ISR);

		if (in_service) {
			apic_write(&apic, APIC_EOI, 0);
			drained++;
		} else if (!vectors(&apic, APIC_IRR)) {
			break;
		}
		/* The handler only returns: the EOI is due above, in the next round. */
		__asm__ volatile("sti; nop; nop; cli" ::: "memory");
	}
	apic_write(&apic, APIC_SVR, APIC_SVR_VECTOR);
	return drained;
}
