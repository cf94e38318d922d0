/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "psci.h"
#include <stddef.h>
#include "head.h"
#include "traps.h"

bool psci_by_smc;

int64_t psci(uint32_t function, uint64_t a, uint64_t b, uint64_t c)
{
	uint64_t x[31] = {function, a, b, c};

	traps_catch();
	head_firmware_call(x, psci_by_smc);
	return traps_caught() ? PSCI_TRAPPED : (int32_t)x[0];
}

const char *psci_name(int64_t answer)
{
	static const struct {
		int64_t answer;
		char name[20];
	} names[] = {
		{PSCI_SUCCESS, "SUCCESS"},
		{PSCI_NOT_SUPPORTED, "NOT_SUPPORTED"},
		{PSCI_INVALID_PARAMETERS, "INVALID_PARAMETERS"},
		{PSCI_DENIED, "DENIED"},
		{PSCI_ALREADY_ON, "ALREADY_ON"},
		{PSCI_ON_PENDING, "ON_PENDING"},
		{PSCI_INTERNAL_FAILURE, "INTERNAL_FAILURE"},
		{PSCI_INVALID_ADDRESS, "INVALID_ADDRESS"},
		{PSCI_TRAPPED, "an exception"},
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].answer == answer)
			return names[i].name;
	return "something that is no answer";
}
