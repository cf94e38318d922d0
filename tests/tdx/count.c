/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "count.h"
#include "console.h"
#include "misbehave.h"
#include "td.h"

static void print_row(const char *what, unsigned index, const uint64_t *row)
{
	for (unsigned reason = 0; reason < COUNT_REASONS; reason++)
		if (row[reason])
			console_print("tdx: CPU %u: %s %u: %llu\n", index, what, reason,
				      (unsigned long long)row[reason]);
}

static void print_all(void)
{
	for (unsigned i = 0; i < td.cpus; i++) {
		const struct counts *counts = &td.vcpus[i].counts;

		console_print("tdx: CPU %u: exits %llu, TDCALLs %llu, refused %llu\n", i,
			      (unsigned long long)counts->exits,
			      (unsigned long long)counts->tdcalls,
			      (unsigned long long)counts->refused);
		print_row("#VE", i, counts->ve);
		print_row("TDVMCALL", i, counts->vmcall);
	}
}

bool count_cpuid(uint32_t leaf, uint32_t cpu, struct cpuid *answer)
{
	uint32_t reason = leaf - COUNT_LEAF;

	if (reason == COUNT_PRINT)
		print_all();
	else if (reason == COUNT_MISBEHAVE)
		misbehave_begin(cpu);
	else if (reason >= COUNT_REASONS)
		return false;
	*answer = (struct cpuid){.edx = td.cpus};
	if (cpu < td.cpus && reason < COUNT_REASONS) {
		const struct counts *counts = &td.vcpus[cpu].counts;

		answer->eax = (uint32_t)counts->exits;
		answer->ebx = (uint32_t)counts->ve[reason];
		answer->ecx = (uint32_t)counts->vmcall[reason];
	}
	return true;
}
