/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "time.h"
#include <baton/port.h>

void time_delay_us(uint64_t us)
{
	for (uint64_t start = time_us(); time_us() - start < us;)
		baton_port_relax();
}
