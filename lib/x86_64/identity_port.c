/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "lib/identity_port.h"
#include <baton/cpus.h>
#include <baton/x86_64/cpu.h>

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
	return baton_apic_id();
}
