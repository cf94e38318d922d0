/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * In a TD the local APIC is an x2APIC, always.  IA32_APIC_BASE is not asked: the host would
 * answer, and an xAPIC's page that it names would be a page of the TD's that is written.
 */
#include "resident/x86_64/platform.h"
#include "area/x86_64/slot.h"
#include "lib/x86_64/tdx.h"

_Noreturn void hold_failed(struct slot *slot); /* in hold.c */

struct apic platform_apic(uint64_t map_end)
{
	(void)map_end;
	return (struct apic){.x2apic = 1, .usable = 1};
}

/* Those of the module (TDX module base specification, "Virtual APIC"), of those in use. */
static bool is_native(uint32_t offset)
{
	return offset == APIC_TPR || offset == APIC_EOI ||
	       (offset >= APIC_ISR && offset < APIC_ISR + 8 * 16);
}

/* Directly by TDVMCALL, not by #VE, which would be twice as many exits. */
uint32_t platform_apic_read(const struct apic *apic, uint32_t offset)
{
	uint32_t msr = MSR_X2APIC + offset / 16;
	uint64_t value = 0;

	(void)apic;
	if (is_native(offset))
		return (uint32_t)rdmsr(msr);
	tdx_rdmsr(msr, &value);
	return (uint32_t)value;
}

void platform_apic_write(const struct apic *apic, uint32_t offset, uint32_t value)
{
	uint32_t msr = MSR_X2APIC + offset / 16;

	(void)apic;
	if (is_native(offset))
		wrmsr(msr, value);
	else
		tdx_wrmsr(msr, value);
}

/* Earlier stores must be seen by the CPU that is woken, and an exit promises no such thing. */
void platform_apic_send(const struct apic *apic, uint32_t apic_id, uint32_t command)
{
	(void)apic;
	__asm__ volatile("mfence" ::: "memory");
	tdx_wrmsr(MSR_X2APIC + APIC_ICR_LOW / 16, (uint64_t)apic_id << 32 | command);
}

/* Above the stack of a #VE stands its slot. */
void tdx_port_fatal(struct tdx_frame *frame)
{
	hold_failed(((struct stack_owner *)(frame + 1))->slot);
}
