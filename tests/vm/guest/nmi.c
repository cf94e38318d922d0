/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * nmi APIC-ID: send an NMI to one CPU through the local APIC of CPU 0, behind
 * the kernel's back: CPUs that the kernel has not got can be hit too.  Needs
 * iomem=relaxed or, for a local APIC in x2APIC mode, msr.ko.
 */
#include <fcntl.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define APIC_BASE 0xfee00000
#define APIC_VERSION (0x30 / 4)
#define APIC_ICR_LOW (0x300 / 4)
#define APIC_ICR_HIGH (0x310 / 4)
#define MSR_X2APIC_ICR 0x830
#define ICR_NMI 0x400
#define ICR_PENDING 0x1000
#define ICR_ASSERT 0x4000

/* In x2APIC mode, the registers are MSRs; this one is written at once. */
static int send_by_msr(uint32_t apic_id)
{
	uint64_t command = (uint64_t)apic_id << 32 | ICR_ASSERT | ICR_NMI;
	int fd = open("/dev/cpu/0/msr", O_WRONLY);

	if (fd < 0 || pwrite(fd, &command, sizeof(command), MSR_X2APIC_ICR) != sizeof(command)) {
		perror("nmi: the local APIC is in x2APIC mode; cannot write its MSR (insmod "
		       "msr.ko?)");
		return EXIT_FAILURE;
	}
	return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	volatile uint32_t *apic;
	cpu_set_t cpus;
	int fd;

	if (argc != 2) {
		fputs("usage: nmi APIC-ID\n", stderr);
		return EXIT_FAILURE;
	}
	CPU_ZERO(&cpus);
	CPU_SET(0, &cpus);
	if (sched_setaffinity(0, sizeof(cpus), &cpus)) {
		perror("nmi: cannot run on CPU 0");
		return EXIT_FAILURE;
	}
	fd = open("/dev/mem", O_RDWR | O_SYNC);
	apic = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, APIC_BASE);
	if (fd < 0 || apic == MAP_FAILED) {
		perror("nmi: cannot map the local APIC (iomem=relaxed?)");
		return EXIT_FAILURE;
	}
	if (apic[APIC_VERSION] == 0 || apic[APIC_VERSION] == UINT32_MAX)
		return send_by_msr((uint32_t)strtoul(argv[1], NULL, 0));
	apic[APIC_ICR_HIGH] = (uint32_t)strtoul(argv[1], NULL, 0) << 24;
	apic[APIC_ICR_LOW] = ICR_ASSERT | ICR_NMI;
	while (apic[APIC_ICR_LOW] & ICR_PENDING)
		;
	return EXIT_SUCCESS;
}
