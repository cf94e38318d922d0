/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* The smallest kernel for a Raspberry Pi 3 that does the same: docs/porting.md. */
#include <baton/cpus.h>
#include <baton/port.h>
#include <baton/arm64/registers.h>
#include "mmu.h"

#define CPUS 4
#define TREE_MAX 0x200000
#define UART ((volatile uint32_t *)0x3f215040) /* the mini UART's data */
#define UART_STATUS 5
#define UART_READY 0x20

static struct baton_cpu cpus[CPUS];
static struct baton_machine machine = {.cpu = cpus, .max_cpus = CPUS};
static _Alignas(16) char stacks[CPUS][4096];
static _Alignas(4096) char trampoline[4096];
static volatile int stay;

/* The seam: all memory is at its physical address, and Device but for the kernel's own. */
void *baton_port_map(uint64_t address, size_t length, enum baton_memory memory)
{
	return (void *)address;
}

void baton_port_unmap(void *pointer, size_t length)
{
}

uint64_t baton_port_physical(const void *pointer)
{
	return (uint64_t)pointer;
}

void baton_port_flush(const volatile void *pointer, size_t length)
{
	baton_flush(pointer, length);
}

void baton_port_relax(void)
{
	__asm__ volatile("yield");
}

uint64_t baton_port_time_us(void)
{
	return read_register(cntvct_el0) / (read_register(cntfrq_el0) / 1000000);
}

uint64_t baton_port_cpu_id(void)
{
	return baton_mpidr();
}

void baton_port_print(const char *line)
{
	do {
		while (!(UART[UART_STATUS] & UART_READY))
			;
		*UART = *line ? *line : '\n';
	} while (*line++);
}

/* Where a CPU comes to life, on its stack, with the MMU as it is here. */
static void run(struct baton_machine *m, struct baton_cpu *cpu)
{
	baton_online(m, cpu);
	while (stay)
		baton_port_relax();
} /* and leaves again */

static void stop(const char *why)
{
	baton_port_print(why);
	for (;;)
		__asm__ volatile("wfi");
}

static void must(int error)
{
	if (error)
		stop(baton_error_text(error));
}

static void boot_and_return(void)
{
	stay = 1;
	for (struct baton_cpu *cpu = cpus + 1; cpu < cpus + machine.ncpus; cpu++) {
		cpu->stack = stacks[cpu - cpus] + sizeof(stacks[0]);
		must(baton_boot(&machine, cpu));
		must(baton_alive(&machine, cpu, 0));
		baton_port_print("example: a CPU is up");
	}
	for (struct baton_cpu *cpu = cpus + 1; cpu < cpus + machine.ncpus; cpu++)
		must(baton_can_disable(&machine, cpu));
	stay = 0;
	for (struct baton_cpu *cpu = cpus + 1; cpu < cpus + machine.ncpus; cpu++) {
		while (baton_state(cpu) != BATON_LEAVING)
			baton_port_relax();
		must(baton_kill(&machine, cpu, 0));
		baton_port_print("example: a CPU is back");
	}
}

void kernel_main(const void *fdt)
{
	struct baton_start start = {
		.page = (uint64_t)trampoline, .root = (uint64_t)mmu_root, .run = run};

	must(baton_find_devicetree(&machine, fdt, TREE_MAX));
	baton_port_print(baton_method_name(machine.method));
	must(baton_prepare(&machine, &start));
	must(baton_exit_build(&machine, NULL));
	boot_and_return();
	boot_and_return();
	stop("example: done");
}
