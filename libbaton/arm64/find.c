/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* Which CPUs there are, and by what method they come: from the device tree. */
#include "arm64.h"
#include <baton/devicetree.h>
#include <baton/string.h>
#include <baton/table.h>

#define NO_ID UINT64_MAX /* of a CPU that is not found yet: no MPIDR */
#define WORD sizeof(uint64_t)

static void add_cpu(struct baton_cpu *cpu, const struct devicetree_cpu *listed, uint32_t number,
		    uint32_t state, uint32_t flags)
{
	/* The caller may have filled in what is its own before. */
	cpu->id = listed->mpidr;
	cpu->uid = number;
	cpu->crash = 0;
	cpu->flags = flags;
	cpu->since_us = 0;
	cpu->release_address = listed->release;
	cpu->held_address = listed->held;
	cpu->return_address = listed->return_address;
	cpu->release = NULL;
	cpu->held = NULL;
	__atomic_store_n(&cpu->state, state, __ATOMIC_RELEASE);
}

/* Release words may be shared; held words are nobody else's, of either kind. */
static bool clash(const struct baton_cpu *cpu, const struct devicetree_cpu *listed)
{
	return (listed->release && listed->release == cpu->held_address) ||
	       (listed->held &&
		(listed->held == cpu->release_address || listed->held == cpu->held_address));
}

/* Whether it can't be beside those that are found already. */
static int check_unique(const struct baton_machine *machine, const struct devicetree_cpu *listed,
			enum devicetree_word word)
{
	if (word == DEVICETREE_WORD_WRONG || (listed->release && listed->release == listed->held))
		return BATON_E_RELEASE;
	for (uint32_t i = 0; i < machine->ncpus; i++) {
		const struct baton_cpu *cpu = &machine->cpu[i];

		if (cpu->id == listed->mpidr)
			return BATON_E_CPUS;
		if (cpu->id != NO_ID && clash(cpu, listed))
			return BATON_E_RELEASE;
	}
	return 0;
}

/* The method of the first of the others is that of all. */
static int check_method(const struct devicetree_cpu *listed, enum devicetree_method *method)
{
	if (listed->method == DEVICETREE_METHOD_UNKNOWN)
		return BATON_E_CPUS;
	if (*method != DEVICETREE_METHOD_UNKNOWN && *method != listed->method)
		return BATON_E_CPUS;
	*method = listed->method;
	if (*method == DEVICETREE_METHOD_SPIN_TABLE && !listed->release)
		return BATON_E_RELEASE;
	return 0;
}

/* The CPUs: the calling one first, then as the tree has them. */
static int read_cpus(struct baton_machine *machine, const void *fdt, enum devicetree_method *method)
{
	uint64_t self = baton_port_cpu_id();
	uint32_t number = 0;
	int node = 0, error = 0;

	*method = DEVICETREE_METHOD_UNKNOWN;
	machine->ncpus = 1;
	machine->listed = 0;
	machine->cpu[0].id = NO_ID;
	while (!error && (node = devicetree_next_cpu(fdt, node)) >= 0) {
		struct devicetree_cpu listed;
		enum devicetree_word word;
		uint32_t flags;
		bool is_self;

		if (devicetree_read_cpu(fdt, node, &listed))
			return BATON_E_CPUS;
		if (listed.failed)
			continue;
		is_self = listed.mpidr == self;
		word = devicetree_word(fdt, node);
		flags = word == DEVICETREE_WORD_SHARED ? BATON_CPU_SHARED : 0;
		error = check_unique(machine, &listed, word);
		if (!error && !is_self)
			error = check_method(&listed, method);
		if (error)
			return error;
		if (is_self)
			add_cpu(&machine->cpu[0], &listed, number, BATON_ONLINE, flags);
		else if (machine->ncpus < machine->max_cpus)
			add_cpu(&machine->cpu[machine->ncpus++], &listed, number, BATON_OFFLINE,
				flags);
		number++;
	}
	machine->listed = number;
	if (!number)
		return BATON_E_CPUS;
	return machine->cpu[0].id == NO_ID ? BATON_E_BOOT_CPU : 0;
}

static void unmap_words(struct baton_machine *machine)
{
	for (uint32_t i = 0; i < machine->ncpus; i++) {
		struct baton_cpu *cpu = &machine->cpu[i];

		if (cpu->release)
			baton_port_unmap((void *)(uintptr_t)cpu->release, WORD);
		if (cpu->held)
			baton_port_unmap((void *)(uintptr_t)cpu->held, WORD);
		cpu->release = NULL;
		cpu->held = NULL;
	}
}

static bool map_words(struct baton_cpu *cpu)
{
	if (cpu->release_address) {
		cpu->release = baton_port_map(cpu->release_address, WORD, BATON_MEMORY_UNCACHED);
		if (!cpu->release)
			return false;
	}
	if (cpu->held_address) {
		cpu->held = baton_port_map(cpu->held_address, WORD, BATON_MEMORY_UNCACHED);
		if (!cpu->held)
			return false;
	}
	return true;
}

static int find_spin_table(struct baton_machine *machine)
{
	machine->method = BATON_SPIN_TABLE;
	for (uint32_t i = 0; i < machine->ncpus; i++) {
		struct baton_cpu *cpu = &machine->cpu[i];

		if (!map_words(cpu)) {
			unmap_words(machine);
			return BATON_E_MAP;
		}
		if (cpu->release && cpu->held && cpu->return_address)
			machine->method = BATON_SPIN_TABLE_RETURN;
	}
	spin_table_ops(machine);
	return 0;
}

static int find_psci(struct baton_machine *machine, const void *fdt)
{
	enum devicetree_psci psci = devicetree_psci(fdt);
	int error;

	/* An HVC at EL2 would be an exception to the kernel itself. */
	if (psci == DEVICETREE_PSCI_HVC && arm64_level() == 1)
		machine->psci_conduit = PSCI_CALL_HVC;
	else if (psci == DEVICETREE_PSCI_SMC)
		machine->psci_conduit = PSCI_CALL_SMC;
	else
		return BATON_E_PSCI;
	error = psci_check(machine);
	if (error)
		return error;
	machine->method = BATON_PSCI;
	psci_ops(machine);
	return 0;
}

/* The BATN table of whoever has made the area, if there is one: baton_held() wants its count. */
static void find_batn(struct baton_machine *machine, const void *fdt)
{
	uint64_t address = devicetree_table(fdt);
	struct baton_table *table;

	if (!address || address % sizeof(baton_count))
		return;
	table = baton_port_map(address, BATON_TABLE_HEADER_SIZE, BATON_MEMORY_UNCACHED);
	if (!table)
		return;
	baton_port_flush(table, BATON_TABLE_HEADER_SIZE);
	if (!memcmp(table->acpi_header, BATON_TABLE_SIGNATURE, 4) &&
	    table->version == BATON_TABLE_VERSION)
		machine->table = table;
	else
		baton_port_unmap(table, BATON_TABLE_HEADER_SIZE);
}

int baton_find_devicetree(struct baton_machine *machine, const void *fdt, size_t size)
{
	enum devicetree_method method;
	int error;

	if (!machine->cpu || !machine->max_cpus || !fdt)
		return BATON_E_ARGUMENT;
	if (devicetree_check(fdt, size))
		return BATON_E_TREE;
	error = read_cpus(machine, fdt, &method);
	if (error)
		return error;
	if (method == DEVICETREE_METHOD_SPIN_TABLE)
		error = find_spin_table(machine);
	else
		error = find_psci(machine, fdt);
	if (error)
		machine->method = BATON_NO_METHOD;
	else
		find_batn(machine, fdt);
	return error;
}

/* There is no table of libbaton's to be changed: the kernel hands the tree on itself. */