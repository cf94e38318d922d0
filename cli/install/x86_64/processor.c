/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "cli/install/processor.h"

#include <stddef.h>

#include <baton/x86_64/cpu.h>

#include "cli/cli.h"
#include "lib/x86_64/guest.h"

#define HYPERVISOR (1u << 31) /* CPUID leaf 1, ECX */

/* Memory encryption that a guest sees is its own. */
static const char *encrypted_guest(void)
{
	if (!(cpuid(1, 0).ecx & HYPERVISOR))
		return NULL;
	if (guest_is_tdx())
		return "TDX";
	return guest_has_sev() ? "SEV" : NULL;
}

bool processor_is_right(void)
{
	const char *kind = encrypted_guest();

	if (kind)
		cli_error(
			"this is a guest with encrypted memory (%s), which baton does not support: "
			"leave it as it is",
			kind);
	return !kind;
}
