/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * A kernel on libbaton for QEMU's machine "virt", whose CPUs share release words: the example's
 * head and page tables, and this.  The last CPU is booted alone, then the first two, then all
 * others at once: each comes when it is sent for, and not before.
 */
#include <baton/arm64/registers.h>
#include <baton/cpus.h>
#include "lib/identity_port.h"
#include "libbaton/example/arm64/kernel.h"
#include "libbaton/example/arm64/mmu.h"

#define CPUS 16
#define TREE_MAX 0x200000
#define UART ((volatile uint32_t *)0x09000000) /* QEMU's PL011, which needs no set-up */
#define PATIENCE_US 200000		       /* in which one that was not sent for might come */

static struct baton_cpu cpus[CPUS];
static struct baton_machine machine = {.cpu = cpus, .max_cpus = CPUS};
static _Alignas(16) char stacks[CPUS][4096];
static _Alignas(4096) char trampoline[4096];
static uint32_t came[CPUS]; /* how often */

/* All memory is at its physical address. */
bool identity_port_mapped(uint64_t address, size_t length, enum baton_memory memory)
{
	(void)address;
	(void)length;
	(void)memory;
	return true;
}

uint64_t identity_port_time_us(void)
{
	return read_register(cntvct_el0) / (read_register(cntfrq_el0) / 1000000);
}

static void put(const char *text)
{
	while (*text)
		*UART = (uint8_t)*text++;
}

void identity_port_print(const char *line)
{
	put("shared: ");
	put(line);
	put("\r\n");
}

static _Noreturn void fail(const char *what)
{
	put("shared: FAILED: ");
	put(what);
	put("\r\n");
	for (;;)
		__asm__ volatile("wfi");
}

static void must(int error)
{
	if (error)
		fail(baton_error_text(error));
}

/* There is no way back: it stays. */
static void run(struct baton_machine *m, struct baton_cpu *cpu)
{
	if (baton_mpidr() != cpu->id)
		fail("another CPU has come");
	__atomic_fetch_add(&came[cpu - cpus], 1, __ATOMIC_RELAXED);
	baton_online(m, cpu);
	for (;;)
		__asm__ volatile("wfi");
}

/* Those that are up have come once, the others not at all; and nobody unasked. */
static void check(uint32_t up)
{
	uint64_t start = baton_port_time_us();
	uint32_t n = 0;

	while (baton_port_time_us() - start < PATIENCE_US)
		__asm__ volatile("sev; yield"); /* those in the pen look again */
	for (uint32_t i = 1; i < machine.ncpus; i++) {
		bool is_up = baton_state(&cpus[i]) == BATON_ONLINE;

		if (__atomic_load_n(&came[i], __ATOMIC_RELAXED) != is_up)
			fail("a CPU has come that was not sent for");
		n += is_up;
	}
	if (n != up || __atomic_load_n(&machine.strays, __ATOMIC_RELAXED))
		fail("too many CPUs have come");
}

static void boot(uint32_t i)
{
	must(baton_boot(&machine, &cpus[i]));
	must(baton_alive(&machine, &cpus[i], 0));
}

void kernel_main(const void *fdt)
{
	struct baton_start start = {
		.page = (uint64_t)trampoline, .root = (uint64_t)mmu_root, .run = run};
	uint32_t last;

	must(baton_find_devicetree(&machine, fdt, TREE_MAX));
	baton_port_print(baton_method_name(machine.method));
	last = machine.ncpus - 1;
	if (last < 3 || !(cpus[last].flags & BATON_CPU_SHARED))
		fail("no CPUs that share a release word");
	for (uint32_t i = 1; i <= last; i++)
		cpus[i].stack = stacks[i] + sizeof(stacks[0]);
	must(baton_prepare(&machine, &start));
	check(0);
	boot(last);
	check(1);
	baton_port_print("one CPU is up, and no other");
	boot(1);
	boot(2);
	check(3);
	if (baton_boot(&machine, &cpus[1]) != BATON_E_STATE ||
	    baton_can_disable(&machine, &cpus[1]) != BATON_E_NO_RETURN)
		fail("what is up can be booted, or returned");
	must(baton_release_all(&machine));
	for (uint32_t i = 1; i <= last; i++)
		must(baton_alive(&machine, &cpus[i], 0));
	check(last);
	baton_port_print(last == CPUS - 1 ? "16 CPUs are up" : "all CPUs are up");
	for (;;)
		__asm__ volatile("wfi");
}
