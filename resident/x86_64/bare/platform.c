/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "resident/x86_64/platform.h"

struct apic platform_apic(uint64_t map_end)
{
	return apic_find(map_end);
}

uint32_t platform_apic_read(const struct apic *apic, uint32_t offset)
{
	return apic_read(apic, offset);
}

void platform_apic_write(const struct apic *apic, uint32_t offset, uint32_t value)
{
	apic_write(apic, offset, value);
}

void platform_apic_send(const struct apic *apic, uint32_t apic_id, uint32_t command)
{
	apic_send(apic, apic_id, command);
}
