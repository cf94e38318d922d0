/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * Collecting CPUs by the mailbox of their owner, as libbaton's client: the
 * vector that each is woken to is the reset vector of the stage's own area.
 * Also what libbaton needs of the stage, which runs on an identity map.
 */
#include <baton/cpus.h>
#include <baton/x86_64/cpu.h>
#include "lib/identity_port.h"
#include "collect.h"
#include "stage/say.h"

#define POLL_US 1000

static struct baton_cpu cpus[BATON_X86_64_CPUS_MAX];
static struct baton_machine machine;
static uint64_t tsc_per_us;
static struct collect_wait asked; /* the wait for the CPU that was asked last */

/* What libbaton maps has been found and checked by the stage before. */
bool identity_port_mapped(uint64_t address, size_t length, enum baton_memory memory)
{
	(void)address;
	(void)length;
	(void)memory;
	return true;
}

uint64_t identity_port_time_us(void)
{
	return rdtsc() / tsc_per_us;
}

void identity_port_print(const char *line)
{
	say("%s", line);
}

/*
 * How long the stage waits for an acknowledgement.  It stays live in the mailbox, which does no
 * harm: a CPU that takes it late comes into the area, unless INIT has it before.
 */
static bool waiting(struct baton_machine *m, const struct baton_waiting *w)
{
	(void)m;
	(void)w;
	return collect_waits(&asked);
}

static struct baton_cpu_record *record_of(struct baton_table *table, const struct baton_cpu *cpu)
{
	for (uint32_t i = 0; i < table->ncpus; i++)
		if (table->cpu[i].apic_id == cpu->id)
			return &table->cpu[i];
	return NULL;
}

static bool is_collecting(struct baton_table *table, const struct baton_cpu *cpu)
{
	const struct baton_cpu_record *record = record_of(table, cpu);

	return record && collect_state(record) == BATON_CPU_COLLECTING;
}

/* Wake @cpu, if it is to be collected; false if the mailbox is of no more use. */
static bool wake(const struct collection *c, struct baton_cpu *cpu)
{
	int error = 0;

	asked = collect_wait(c, (uint32_t)cpu->id, WAKE_TIMEOUT_US);
	if (is_collecting(collect_table(c->area), cpu))
		error = baton_boot(&machine, cpu);
	if (error)
		say("the mailbox does not give the CPU with APIC ID %u: %s", (uint32_t)cpu->id,
		    baton_error_text(error));
	return !error;
}

/* Those that have acknowledged are on their way. */
static void wait_for_arrivals(const struct collection *c)
{
	uint64_t since = rdtsc();

	for (uint32_t i = 1; i < machine.ncpus; i++) {
		struct baton_cpu *cpu = &machine.cpu[i];
		struct collect_wait wait = collect_wait(c, (uint32_t)cpu->id, WAKE_TIMEOUT_US);

		if (!c->tdx)
			wait.since = since; /* one for all of them */
		while (baton_state(cpu) == BATON_COMING &&
		       is_collecting(collect_table(c->area), cpu) && collect_waits(&wait))
			cpu_relax();
	}
}

bool wake_collect(const struct collection *c)
{
	const struct baton_start start = {.vector = (uint64_t)c->area + BATON_AREA_RESIDENT};
	int error;

	tsc_per_us = c->tsc_per_us;
	machine = (struct baton_machine){
		.cpu = cpus,
		.max_cpus = BATON_X86_64_CPUS_MAX,
		.waiting = waiting,
		.report_us = POLL_US,
	};
	error = baton_find_acpi(&machine, c->rsdp);
	if (!error)
		error = baton_prepare(&machine, &start);
	if (error) {
		say("the firmware's mailbox can't be used: %s", baton_error_text(error));
		return false;
	}
	for (uint32_t i = 1; i < machine.ncpus; i++)
		if (!wake(c, &machine.cpu[i]))
			break;
	wait_for_arrivals(c);
	return true;
}
