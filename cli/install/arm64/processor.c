/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "cli/install/processor.h"

#include "cli/cli.h"

bool processor_is_right(void)
{
	cli_error("baton.efi is for x86-64, and this machine, an arm64 one without a device tree, "
		  "has PSCI by its firmware: there is nothing to do for baton: see \"baton "
		  "inspect\"");
	return false;
}
