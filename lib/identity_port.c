/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "identity_port.h"

void *baton_port_map(uint64_t address, size_t length, enum baton_memory memory)
{
	if (!address || address + length < address ||
	    !identity_port_mapped(address, length, memory))
		return NULL;
	return (void *)(uintptr_t)address;
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
	return identity_port_time_us();
}

void baton_port_print(const char *line)
{
	identity_port_print(line);
}
