/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "cli/install/processor.h"

#include "cli/cli.h"

bool processor_is_right(void)
{
	cli_error("baton.efi is for x86-64, and this machine is not one: for arm64 there "
		  "is \"baton wrap\"");
	return false;
}
