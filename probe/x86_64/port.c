/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* What libbaton asks of this kernel, which maps all of memory at its own address. */
#include <baton/cpus.h>
#include <baton/port.h>
#include "probe/memory.h"
#include "probe/tap.h"
#include "probe/time.h"
#include "x86.h"

void *baton_port_map(uint64_t address, size_t length, enum baton_memory memory)
{
	if (!address || address + length < address)
		return NULL;
	if (memory == BATON_MEMORY_NORMAL && memory_type(address, address + length) == MEMORY_NONE)
		return NULL;
	return (void *)address;
}

void baton_port_unmap(void *pointer, size_t length)
{
	(void)pointer;
	(void)length;
}

uint64_t baton_port_physical(const void *pointer)
{
	return (uintptr_t)pointer;
}

uint64_t baton_port_time_us(void)
{
	return time_us();
}

void baton_port_relax(void)
{
	cpu_relax();
}

void baton_port_flush(const volatile void *pointer, size_t length)
{
	(void)pointer;
	(void)length;
}

uint64_t baton_port_cpu_id(void)
{
	return baton_apic_id();
}

void baton_port_print(const char *line)
{
	remark("libbaton: %s", line);
}
