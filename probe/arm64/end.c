/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "probe/end.h"
#include "probe/options.h"
#include "cpus.h"
#include "psci.h"

void end_probe(void)
{
	if (cpus_way == WAY_PSCI)
		psci(options.reset ? PSCI_SYSTEM_RESET : PSCI_SYSTEM_OFF, 0, 0, 0);
	for (;;)
		__asm__ volatile("wfe");
}
