/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The same CPUs by libbaton, as in a kernel.  The other checks make the calls and write the
 * words themselves.
 */
#include <baton/cpus.h>
#include <baton/string.h>
#include "probe/memory.h"
#include "probe/options.h"
#include "probe/tap.h"
#include "checks.h"
#include "mmu.h"
#include "traps.h"

#define SPEC "<baton/cpus.h>"
#define ROUNDS 50

typedef unsigned long long ull;

static struct baton_machine machine;

static void attach(void)
{
	for (uint32_t i = 0; i < machine.ncpus; i++) {
		struct baton_cpu *baton = &machine.cpu[i];
		struct cpu *cpu = NULL;

		for (uint32_t k = 0; k < cpus_count; k++)
			if (cpus[k].id == baton->id)
				cpu = &cpus[k];
		if (!cpu) {
			tap_fault("libbaton has CPU 0x%llx, which the tree has not",
				  (ull)baton->id);
			continue;
		}
		baton->context = cpu;
		baton->stack = cpu->stack + CPUS_STACK_SIZE;
	}
}

static void find(void)
{
	size_t size = cpus_count * sizeof(struct baton_cpu);
	enum baton_method method = cpus_way == WAY_PSCI		       ? BATON_PSCI
				   : cpus_way == WAY_SPIN_TABLE_RETURN ? BATON_SPIN_TABLE_RETURN
								       : BATON_SPIN_TABLE;
	int error;

	machine.cpu = (struct baton_cpu *)memory_take(size, PAGE_SIZE, 0, UINT64_MAX);
	machine.max_cpus = cpus_count;
	if (!machine.cpu) {
		tap_fault("no memory");
		return;
	}
	memset(machine.cpu, 0, size);
	error = baton_find_devicetree(&machine, tree.fdt, tree.size);
	if (error) {
		tap_fault("%s", baton_error_text(error));
		return;
	}
	if (machine.ncpus != cpus_count)
		tap_fault("%u CPUs instead of %u", machine.ncpus, cpus_count);
	if (machine.method != method)
		tap_fault("by %s", baton_method_name(machine.method));
	attach();
}

static void check_can_disable(void)
{
	static const struct check check = {
		"can-disable", "CPUs can be disabled where there is a way back, and only there",
		SPEC "; contract-arm64, 1"};
	int wanted = cpus_way == WAY_SPIN_TABLE ? BATON_E_NO_RETURN : 0;

	tap_begin(&check);
	for (uint32_t i = 1; i < machine.ncpus; i++) {
		int answer = baton_can_disable(&machine, &machine.cpu[i]);

		if (answer != wanted)
			tap_fault("CPU 0x%llx: %s instead of %s", (ull)machine.cpu[i].id,
				  baton_error_text(answer), baton_error_text(wanted));
	}
	tap_end();
}

/* On a CPU that libbaton has started, until stop() is called for it. */
static void run(struct baton_machine *m, struct baton_cpu *baton)
{
	struct cpu *cpu = baton->context;

	traps_load(&cpu->own->traps, cpu);
	__atomic_store_n(&cpu->own->result, own_mpidr(), __ATOMIC_RELAXED);
	baton_online(m, baton);
	while (!__atomic_load_n(&cpu->own->argument, __ATOMIC_ACQUIRE))
		__asm__ volatile("yield");
}

static void stop(struct baton_machine *m, struct baton_cpu *baton)
{
	(void)m;
	__atomic_store_n(&((struct cpu *)baton->context)->own->argument, 1, __ATOMIC_RELEASE);
}

static bool prepare(void)
{
	struct baton_start start = {
		.page = memory_take(PAGE_SIZE, PAGE_SIZE, 0, 1ull << MMU_BITS),
		.root = mmu_registers().ttbr,
		.run = run,
	};
	int error;

	machine.stop = stop;
	error = start.page ? baton_prepare(&machine, &start) : BATON_E_NO_PAGE;
	if (!error)
		error = baton_exit_build(&machine, NULL);
	if (error)
		tap_fault("%s", baton_error_text(error));
	return !error;
}

static void must(const struct baton_cpu *cpu, const char *what, int answer, int wanted)
{
	if (answer != wanted)
		tap_fault("CPU 0x%llx: %s: %s instead of %s", (ull)cpu->id, what,
			  baton_error_text(answer), baton_error_text(wanted));
}

static void start_all(void)
{
	for (uint32_t i = 1; i < machine.ncpus; i++) {
		struct baton_cpu *cpu = &machine.cpu[i];

		((struct cpu *)cpu->context)->own->argument = 0;
		must(cpu, "boot", baton_boot(&machine, cpu), 0);
	}
	for (uint32_t i = 1; i < machine.ncpus; i++) {
		struct baton_cpu *cpu = &machine.cpu[i];

		must(cpu, "alive", baton_alive(&machine, cpu, 0), 0);
		must(cpu, "boot, when it is up", baton_boot(&machine, cpu), BATON_E_STATE);
		if (((struct cpu *)cpu->context)->own->result != cpu->id)
			tap_fault("CPU 0x%llx: another one has come", (ull)cpu->id);
	}
}

static void check_life(void)
{
	static const struct check check = {
		"libbaton", "libbaton starts all CPUs, and proves that they have left", SPEC};
	uint32_t rounds = options.rounds < ROUNDS ? options.rounds : ROUNDS;

	tap_begin(&check);
	if (cpus_no_way_back()) {
		tap_skip(cpus_no_way_back());
		return;
	}
	for (uint32_t round = 0; round < rounds && tap_good(); round++) {
		start_all();
		for (uint32_t i = 1; i < machine.ncpus; i++)
			stop(&machine, &machine.cpu[i]);
		/* Until it has left, kill has nothing to prove. */
		for (uint32_t i = 1; i < machine.ncpus; i++) {
			while (baton_state(&machine.cpu[i]) == BATON_ONLINE)
				__asm__ volatile("yield");
			must(&machine.cpu[i], "kill", baton_kill(&machine, &machine.cpu[i], 0), 0);
		}
	}
	if (tap_good()) {
		start_all();
		must(&machine.cpu[0], "stop_all", baton_stop_all(&machine, 0), 0);
	}
	if (!tap_good())
		tap_bail_out("libbaton's CPUs are in no known state");
	tap_end();
}

void check_libbaton(void)
{
	static const struct check check = {
		"cpus", "libbaton finds the CPUs, and prepares their ways", SPEC};
	bool good;

	tap_begin(&check);
	find();
	good = tap_good() && (cpus_no_way_back() || prepare());
	tap_end();
	if (!good)
		return;
	check_can_disable();
	check_life();
}
