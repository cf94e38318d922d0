/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "cli/install/processor.h"

#include <baton/x86_64/cpu.h>

#include "cli/cli.h"
#include "lib/x86_64/guest.h"

#define HYPERVISOR (1u << 31) /* CPUID leaf 1, ECX */

bool processor_is_right(void)
{
	/* SEV that a guest sees is its own; a host has it for its guests. */
	bool sev = cpuid(1, 0).ecx & HYPERVISOR && guest_has_sev();

	if (sev)
		cli_error("this is an SEV guest, which baton does not support: its page tables set "
			  "no encryption bit, and held CPUs would read their code as noise: leave "
			  "it as it is");
	return !sev;
}
