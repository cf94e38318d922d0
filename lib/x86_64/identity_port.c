/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "lib/identity_port.h"
#include "apic_id.h"
#include <baton/x86_64/cpu.h>

#define PAGE_SIZE 4096

void baton_port_relax(void)
{
	cpu_relax();
}

/* Caches are coherent, also for a CPU that no kernel has. */
void baton_port_flush(const volatile void *pointer, size_t length)
{
	(void)pointer;
	(void)length;
}

uint64_t baton_port_cpu_id(void)
{
	struct apic apic;

	/* There IA32_APIC_BASE is an exception, and the host's word. */
	if (guest_is_tdx())
		return apic_id_read(NULL);
	apic = apic_find(UINT64_MAX);
	return apic_id_read(baton_port_map((uintptr_t)apic.mmio, PAGE_SIZE, BATON_MEMORY_DEVICE));
}
