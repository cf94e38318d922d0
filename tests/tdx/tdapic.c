/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "tdapic.h"
#include <baton/x86_64/cpu.h>

#define XAPIC_PAGE 0xfee00000u
#define APIC_LDR 0x0d0
#define APIC_DFR 0x0e0
#define DFR_FLAT 0xffffffff

#define X2APIC_ID 0x802
#define X2APIC_LDR 0x80d
#define X2APIC_ICR 0x830
#define X2APIC_SELF_IPI 0x83f

#define APIC_IRR 0x200 /* 8 registers */
#define TIMER_BY_1 0xb
#define TIMER_PER_US 1000 /* QEMU's counts nanoseconds */
#define SVR_RESET 0xff

#define ICR_MODE 0x700
#define ICR_MODE_INIT 0x500
#define ICR_MODE_SIPI 0x600
#define ICR_LOGICAL 0x800
#define ICR_SELF 0x40000
#define X2APIC_BROADCAST 0xffffffff
#define XAPIC_BROADCAST 0xff

#define VECTOR_NMI 2

static const struct apic xapic = {.mmio = (volatile uint8_t *)XAPIC_PAGE, .usable = 1};

uint32_t tdapic_id(void)
{
	return apic_read(&xapic, APIC_ID_REGISTER) >> 24;
}

/* In the flat model, the logical ID of an xAPIC has the bit that an x2APIC has in cluster 0. */
void tdapic_start(void)
{
	apic_write(&xapic, APIC_DFR, DFR_FLAT);
	apic_write(&xapic, APIC_LDR, 1u << tdapic_id() << 24);
}

static uint32_t offset_of(uint32_t msr)
{
	return (msr - APIC_MSR_FIRST) * 16;
}

uint64_t tdapic_read(uint32_t msr)
{
	uint32_t id = tdapic_id();

	switch (msr) {
	case X2APIC_ID:
		return id;
	case X2APIC_LDR:
		return (id >> 4) << 16 | 1u << (id & 15);
	case X2APIC_ICR:
		return (uint64_t)(apic_read(&xapic, APIC_ICR_HIGH) >> 24) << 32 |
		       apic_read(&xapic, APIC_ICR_LOW);
	default:
		return apic_read(&xapic, offset_of(msr));
	}
}

static bool send(uint32_t destination, uint32_t command)
{
	uint32_t mode = command & ICR_MODE;

	if (mode == ICR_MODE_INIT || mode == ICR_MODE_SIPI)
		return false;
	if (destination == X2APIC_BROADCAST)
		destination = XAPIC_BROADCAST;
	else if (command & ICR_LOGICAL)
		destination = destination >> 16 ? 0 : destination & 0xff;
	apic_write(&xapic, APIC_ICR_HIGH, destination << 24);
	apic_write(&xapic, APIC_ICR_LOW, command);
	return true;
}

bool tdapic_write(uint32_t msr, uint64_t value)
{
	switch (msr) {
	case X2APIC_ICR:
		return send(value >> 32, (uint32_t)value);
	case X2APIC_SELF_IPI:
		return send(0, ICR_SELF | (value & 0xff));
	case X2APIC_ID:
	case X2APIC_LDR:
		return true;
	default:
		apic_write(&xapic, offset_of(msr), (uint32_t)value);
		return true;
	}
}

void tdapic_send(uint32_t id, uint32_t vector)
{
	send(id, vector == VECTOR_NMI ? ICR_NMI : ICR_FIXED | vector);
}

void tdapic_timer_start(uint32_t vector, uint32_t us)
{
	apic_write(&xapic, APIC_SVR, SVR_RESET | APIC_SVR_ENABLE);
	apic_write(&xapic, APIC_TIMER_DIVIDE, TIMER_BY_1);
	apic_write(&xapic, APIC_LVT_TIMER, vector);
	apic_write(&xapic, APIC_TIMER_INITIAL, us * TIMER_PER_US);
}

void tdapic_timer_stop(void)
{
	apic_write(&xapic, APIC_TIMER_INITIAL, 0);
	apic_write(&xapic, APIC_LVT_TIMER, APIC_LVT_MASKED);
}

void tdapic_end_of_interrupt(void)
{
	apic_write(&xapic, APIC_EOI, 0);
}

static bool is_pending_besides(uint32_t vector)
{
	for (uint32_t i = 0; i < 8; i++) {
		uint32_t pending = apic_read(&xapic, APIC_IRR + 16 * i);

		if (i == vector / 32)
			pending &= ~(1u << vector % 32);
		if (pending)
			return true;
	}
	return false;
}

bool tdapic_is_only_pending(uint32_t vector)
{
	return apic_read(&xapic, APIC_IRR + 16 * (vector / 32)) >> vector % 32 & 1 &&
	       !is_pending_besides(vector);
}

bool tdapic_is_any_pending(void)
{
	return is_pending_besides(~0u);
}

void tdapic_reset(void)
{
	apic_write(&xapic, APIC_TIMER_DIVIDE, 0);
	apic_write(&xapic, APIC_SVR, SVR_RESET);
}
