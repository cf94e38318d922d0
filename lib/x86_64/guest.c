/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "guest.h"
#include <baton/x86_64/cpu.h>

#define SEV_LEAF 0x8000001f

bool guest_is_tdx(void)
{
	struct cpuid name;

	if (cpuid(0, 0).eax < TDX_LEAF)
		return false;
	name = cpuid(TDX_LEAF, 0);
	return name.ebx == TDX_EBX && name.edx == TDX_EDX && name.ecx == TDX_ECX;
}

bool guest_has_sev(void)
{
	return cpuid(0x80000000, 0).eax >= SEV_LEAF && (cpuid(SEV_LEAF, 0).eax & 2);
}

bool guest_is_sev(void)
{
	return guest_has_sev() && (rdmsr(MSR_SEV_STATUS) & 1);
}
