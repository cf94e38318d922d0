/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* What libbaton asks of this kernel: see lib/identity_port.h.  The map is in cpus.c. */
#include "lib/identity_port.h"
#include "tap.h"
#include "time.h"

uint64_t identity_port_time_us(void)
{
	return time_us();
}

void identity_port_print(const char *line)
{
	tap_remark("libbaton: %s", line);
}
