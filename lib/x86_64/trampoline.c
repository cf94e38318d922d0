/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "trampoline.h"
#include <baton/string.h>

void trampoline_write(void *page, uint32_t address, uint32_t root, uint32_t cr4, uint32_t efer,
		      uint64_t vector, uint64_t argument)
{
	struct trampoline_data *data =
		(struct trampoline_data *)((uint8_t *)page + TRAMPOLINE_GDTR);

	memcpy(page, trampoline_page, TRAMPOLINE_SIZE);
	data->gdt += address;
	data->to_32.offset += address;
	data->to_64.offset += address;
	data->to_compatibility.offset += address;
	data->root = root;
	data->cr4 = cr4;
	data->efer = efer;
	data->vector = vector;
	data->argument = argument;
}
