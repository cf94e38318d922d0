/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * How often each CPU left the TD, and why.  A guest reads them by CPUID, which a TD may execute
 * in user mode, too: Linux hands such a leaf on to the host.  With EAX = COUNT_LEAF + reason
 * and ECX = the CPU's index, it returns
 *
 *	EAX	exits of the CPU, for whatever reason
 *	EBX	#VE for this reason that it was given
 *	ECX	TDVMCALLs for this reason that it has made; 0: for none of the reasons
 *	EDX	how many CPUs the TD has
 *
 * each modulo 2^32.  EAX = COUNT_LEAF + COUNT_PRINT has all of them printed; COUNT_LEAF +
 * COUNT_MISBEHAVE has the host misbehave from then on (ECX other than 0), or no longer.
 */
#ifndef TESTS_TDX_COUNT_H
#define TESTS_TDX_COUNT_H

#include <stdbool.h>
#include <stdint.h>
#include <baton/x86_64/cpu.h>

#define COUNT_LEAF 0x4fff0000
#define COUNT_REASONS 64 /* VMX's exit reasons of #VE, and of TDVMCALLs */
#define COUNT_MISBEHAVE 0xfe
#define COUNT_PRINT 0xff

struct counts {
	uint64_t exits;			/* all of them */
	uint64_t ve[COUNT_REASONS];	/* #VE, by reason */
	uint64_t vmcall[COUNT_REASONS]; /* TDG.VP.VMCALL, by the reason it stands for; 0: others */
	uint64_t tdcalls;		/* other TDCALLs */
	uint64_t refused;		/* TDVMCALLs, by option */
};

/* Whether @leaf is one of them; then @answer is it.  @cpu is ECX. */
bool count_cpuid(uint32_t leaf, uint32_t cpu, struct cpuid *answer);

#endif /* TESTS_TDX_COUNT_H */
