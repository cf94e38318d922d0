/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * exits [SECONDS]: in a TD of the simulator, how often each CPU leaves it in that time (default
 * 5), and why.  exits misbehave 1: the host misbehaves, by its options, from now on; 0: no
 * longer.  Needs no privilege: tests/tdx/count.h.
 */
#include <cpuid.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COUNT_LEAF 0x4fff0000
#define REASONS 64
#define MISBEHAVE 0xfe
#define CPUS_MAX 8

struct numbers {
	uint32_t exits, ve[REASONS], vmcall[REASONS];
};

static uint32_t read_cpu(uint32_t cpu, struct numbers *numbers)
{
	uint32_t cpus = 0;

	for (uint32_t reason = 0; reason < REASONS; reason++)
		__cpuid_count(COUNT_LEAF + reason, cpu, numbers->exits, numbers->ve[reason],
			      numbers->vmcall[reason], cpus);
	return cpus;
}

static const char *name_of(uint32_t reason)
{
	switch (reason) {
	case 10:
		return "CPUID";
	case 12:
		return "HLT";
	case 30:
		return "IO";
	case 31:
		return "RDMSR";
	case 32:
		return "WRMSR";
	case 48:
		return "MMIO";
	default:
		return "other";
	}
}

int main(int argc, char **argv)
{
	static struct numbers before[CPUS_MAX], after[CPUS_MAX];
	unsigned seconds = argc > 1 ? (unsigned)atoi(argv[1]) : 5;
	uint32_t cpus = read_cpu(0, &before[0]);

	if (!cpus || cpus > CPUS_MAX) {
		fprintf(stderr, "exits: this is no TD of the simulator\n");
		return 1;
	}
	if (argc == 3 && !strcmp(argv[1], "misbehave")) {
		uint32_t unused[3];

		__cpuid_count(COUNT_LEAF + MISBEHAVE, (uint32_t)atoi(argv[2]), unused[0], unused[1],
			      unused[2], cpus);
		return 0;
	}
	for (uint32_t cpu = 0; cpu < cpus; cpu++)
		read_cpu(cpu, &before[cpu]);
	sleep(seconds);
	for (uint32_t cpu = 0; cpu < cpus; cpu++)
		read_cpu(cpu, &after[cpu]);
	for (uint32_t cpu = 0; cpu < cpus; cpu++) {
		printf("CPU %" PRIu32 ": %" PRIu32 " exits in %u s", cpu,
		       after[cpu].exits - before[cpu].exits, seconds);
		for (uint32_t reason = 0; reason < REASONS; reason++) {
			uint32_t ve = after[cpu].ve[reason] - before[cpu].ve[reason];
			uint32_t vmcall = after[cpu].vmcall[reason] - before[cpu].vmcall[reason];

			if (ve || vmcall)
				printf(", %s (%" PRIu32 "): #VE %" PRIu32 ", TDVMCALL %" PRIu32,
				       name_of(reason), reason, ve, vmcall);
		}
		printf("\n");
	}
	return 0;
}
