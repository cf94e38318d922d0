/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "cpus.h"
#include <baton/port.h>
#include <baton/string.h>
#include "lib/format.h"
#include "memory.h"
#include "options.h"
#include "tap.h"
#include "time.h"

#define WORK_LIMIT_US 120000000

struct cpu *cpus;
uint32_t cpus_count = 1;
struct cpus_slowest cpus_slowest_ack, cpus_slowest_wake, cpus_slowest_return;

void cpus_note(struct cpus_slowest *slowest, const struct cpu *cpu, uint64_t us)
{
	if (us > slowest->us || !slowest->cpu)
		*slowest = (struct cpus_slowest){us, cpu};
}

void cpus_allocate(uint32_t count, size_t own_size)
{
	size_t size = count * sizeof(*cpus), all_own = count * own_size;
	uint64_t own = memory_take(all_own, PAGE_SIZE, 0, UINT64_MAX);

	cpus = (struct cpu *)memory_take(size, PAGE_SIZE, 0, UINT64_MAX);
	if (!cpus || !own)
		tap_bail_out("no memory for %u CPUs", count);
	memset(cpus, 0, size);
	memset((void *)own, 0, all_own);
	for (uint32_t i = 0; i < count; i++) {
		cpus[i].number = i;
		cpus[i].own = (struct cpus_own *)(own + i * own_size);
	}
}

void cpus_identify(struct cpu *cpu, const char *what, uint64_t id, uint32_t record_id)
{
	cpu->id = id;
	cpu->record_id = record_id;
	format_to(cpu->name, sizeof(cpu->name), "%s 0x%llx", what, (unsigned long long)id);
}

void cpus_wait_for_work(struct cpu *cpu)
{
	for (;;) {
		/* Pairs with cpus_do_begin(). */
		void (*work)(struct cpu *) = __atomic_load_n(&cpu->work, __ATOMIC_ACQUIRE);

		if (work) {
			work(cpu);
			/* Pairs with cpus_do_end(). */
			__atomic_store_n(&cpu->work, NULL, __ATOMIC_RELEASE);
		}
		baton_port_relax();
	}
}

void cpus_do_begin(struct cpu *cpu, void (*work)(struct cpu *cpu))
{
	__atomic_store_n(&cpu->work, work, __ATOMIC_RELEASE);
}

void cpus_do_end(struct cpu *cpu)
{
	for (uint64_t start = time_us(); __atomic_load_n(&cpu->work, __ATOMIC_ACQUIRE);) {
		if (time_us() - start > WORK_LIMIT_US)
			tap_bail_out("%s does not come back from its work", cpu->name);
		baton_port_relax();
	}
}

void cpus_do(struct cpu *cpu, void (*work)(struct cpu *cpu))
{
	cpus_do_begin(cpu, work);
	cpus_do_end(cpu);
}

void cpus_wake(struct cpu *cpu)
{
	cpus_wake_begin(cpu);
	cpus_wake_end(cpu);
}

void cpus_return(struct cpu *cpu)
{
	cpus_return_begin(cpu);
	cpus_return_end(cpu);
}

void cpus_return_all(void)
{
	for (uint32_t i = 0; i < cpus_count; i++) {
		cpus[i].leaving = cpus_is_up(&cpus[i]) && cpus_can_return(&cpus[i]);
		if (cpus[i].leaving)
			cpus_return_begin(&cpus[i]);
	}
	for (uint32_t i = 0; i < cpus_count; i++)
		if (cpus[i].leaving)
			cpus_return_end(&cpus[i]);
}

const char *cpus_no_way_back(void)
{
	return cpus_count == 1 ? "there is only one CPU" : cpus_one_way();
}

static bool are_slow(void)
{
	return cpus_slowest_wake.us > options.slow * 1000000ull ||
	       cpus_slowest_return.us > CPUS_RETURN_LIMIT_US;
}

const char *cpus_no_repeats(void)
{
	const char *why = cpus_no_way_back();

	return !why && are_slow() ? "it would take too long: see wake-time and return-time" : why;
}
