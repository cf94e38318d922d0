/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "lib/identity_port.h"
#include <baton/cpus.h>

void baton_port_relax(void)
{
	__asm__ volatile("yield" ::: "memory");
}

void baton_port_flush(const volatile void *pointer, size_t length)
{
	baton_flush(pointer, length);
}

uint64_t baton_port_cpu_id(void)
{
	return baton_mpidr();
}
