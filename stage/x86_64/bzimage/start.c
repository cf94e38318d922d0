/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* What comes before the stage's work: the payload's header, and memory to work in. */
#include <baton/x86_64/cpu.h>
#include "bzimage.h"
#include "payload.h"

/*
 * In an encrypted guest (TDX; SEV, AMD APM volume 2, "Secure Encrypted
 * Virtualization") page tables need a bit that ours have not.  With SEV-ES already
 * the CPUID instruction is an exception, which comes to the same.
 */
static bool memory_is_plain(void)
{
	struct cpuid tdx = cpuid(0, 0).eax >= 0x21 ? cpuid(0x21, 0) : (struct cpuid){0};

	if (tdx.ebx == 0x65746e49 && tdx.edx == 0x5844546c && tdx.ecx == 0x20202020) /* IntelTDX */
		return false;
	return cpuid(0x80000000, 0).eax < 0x8000001f || !(cpuid(0x8000001f, 0).eax & 2) ||
	       !(rdmsr(MSR_SEV_STATUS) & 1);
}

static bool has_gigabyte_pages(void)
{
	return cpuid(0x80000000, 0).eax >= 0x80000001 && (cpuid(0x80000001, 0).edx >> 26 & 1);
}

void stage_start(struct boot_params *params)
{
	payload_header(&params->hdr);
	if (!memory_is_plain())
		stage_skipped(params,
			      "this is an encrypted guest (SEV or TDX): it is not supported");
	else if (!identity_start(params, has_gigabyte_pages()))
		stage_skipped(params, "the memory map has no room in the stage's page tables");
	else
		bzimage_main(params);
}
