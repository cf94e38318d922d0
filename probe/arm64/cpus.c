/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "cpus.h"
#include <baton/port.h>
#include <baton/string.h>
#include "probe/arrive.h"
#include "probe/checks.h"
#include "probe/memory.h"
#include "probe/options.h"
#include "probe/tap.h"
#include "probe/time.h"
#include "mmu.h"
#include "psci.h"
#include "traps.h"

#define BELOW_4G (1ull << 32)
typedef unsigned long long ull;

enum way cpus_way;

static struct arrival_page *dead_end_page;

struct cpu *cpus_this(void)
{
	return traps_owner();
}

static _Noreturn void park(void)
{
	for (;;)
		__asm__ volatile("wfe");
}

/* The way in. */

static void record_registers(struct arrival_registers *r)
{
	*r = (struct arrival_registers){
		.cntfrq = read_register(cntfrq_el0),
		.cntp_ctl = read_register(cntp_ctl_el0),
		.cntv_ctl = read_register(cntv_ctl_el0),
	};
	/* isb: counters are read in program order. */
	isb();
	r->cntpct[0] = read_register(cntpct_el0);
	isb();
	r->cntvct = read_register(cntvct_el0);
	isb();
	r->cntpct[1] = read_register(cntpct_el0);
	if (!at_el2())
		return;
	r->cntvoff = read_register(cntvoff_el2);
	r->cnthctl = read_register(cnthctl_el2);
	r->cptr = read_register(cptr_el2);
	r->hstr = read_register(hstr_el2);
	r->cnthp_ctl = read_register(cnthp_ctl_el2);
	r->vttbr = read_register(vttbr_el2);
	r->vpidr = read_register(vpidr_el2);
	r->vmpidr = read_register(vmpidr_el2);
	r->mdscr = read_register(mdscr_el1);
	r->sctlr_el1 = read_register(sctlr_el1);
	r->tcr_el1 = read_register(tcr_el1);
}

/* On the CPU that came to the page of @cpu: on our page tables and the stack of @cpu. */
static _Noreturn void arrived(struct cpu *cpu)
{
	uint32_t coming = CPU_COMING;

	if (own_mpidr() != cpu->id) {
		__atomic_store_n(&cpu->own->wrong_cpu, true, __ATOMIC_RELEASE);
		park();
	}
	record_registers(&cpu->own->registers);
	traps_load(&cpu->own->traps, cpu);
	cpu->work = NULL;
	/* One that was not sent for leaves its count in the page: cpus_expected() sees it. */
	if (!__atomic_compare_exchange_n(&cpu->own->state, &coming, CPU_UP, false, __ATOMIC_ACQ_REL,
					 __ATOMIC_RELAXED))
		park();
	if (cpu->own->resume)
		head_context_restore(cpu->own->resume);
	cpus_wait_for_work(cpu);
}

static _Noreturn void gone_astray(struct cpu *none)
{
	(void)none;
	park();
}

/* Set-up. */

static void make_page(struct arrival_page *page, struct cpu *cpu)
{
	memcpy(page, arrive_template, sizeof(*page));
	page->arrival.registers = mmu_registers();
	page->arrival.level_wanted = read_register(CurrentEL);
	page->arrival.stack = cpu ? (uintptr_t)cpu->stack + CPUS_STACK_SIZE : 0;
	page->arrival.entry = (uintptr_t)(cpu ? arrived : gone_astray);
	page->arrival.cpu = cpu;
	page->arrival.count = cpu ? cpu->own->wakes : 0;
	/* A CPU comes here without data cache; its instruction cache may have the page. */
	cache_clean(page, sizeof(*page));
	__asm__ volatile("ic ialluis; dsb sy; isb" ::: "memory");
}

void cpus_make_page(struct cpu *cpu)
{
	make_page(cpu->own->page, cpu);
}

/* cache_clean: nothing of it is dirty here; what this cache has of it is old. */
const struct arrival *cpus_arrival(struct cpu *cpu)
{
	cache_clean(&cpu->own->page->arrival, sizeof(cpu->own->page->arrival));
	return &cpu->own->page->arrival;
}

uint64_t cpus_dead_end(void)
{
	return (uintptr_t)dead_end_page;
}

uint64_t cpus_dead_end_count(void)
{
	cache_clean(&dead_end_page->arrival, sizeof(dead_end_page->arrival));
	return dead_end_page->arrival.count;
}

/* Below 4 GiB, where there is memory there: calls with 32 bits are to reach it. */
static struct arrival_page *take_page(void)
{
	uint64_t page = memory_take(ARRIVAL_SIZE, ARRIVAL_SIZE, 0, BELOW_4G);

	if (!page)
		page = memory_take(ARRIVAL_SIZE, ARRIVAL_SIZE, 0, UINT64_MAX);
	if (!page)
		tap_bail_out("no memory for %u CPUs", tree.ncpus);
	return (struct arrival_page *)page;
}

static void add_cpu(const struct devicetree_cpu *node)
{
	struct cpu *cpu = &cpus[node->mpidr == own_mpidr() ? 0 : cpus_count++];

	cpus_identify(cpu, "CPU", node->mpidr,
		      (uint32_t)(node->mpidr >> 8 & 0xff000000) |
			      (uint32_t)(node->mpidr & 0xffffff));
	cpu->own->node = node;
	cpu->own->page = take_page();
	cpus_make_page(cpu);
}

void cpus_start(enum way by)
{
	cpus_way = by;
	cpus_allocate(tree.ncpus, sizeof(struct cpus_own));
	dead_end_page = take_page();
	make_page(dead_end_page, NULL);
	for (uint32_t i = 0; i < tree.ncpus; i++)
		if (!tree.cpu[i].failed)
			add_cpu(&tree.cpu[i]);
	cpus[0].own->state = CPU_UP;
	traps_load(&cpus[0].own->traps, &cpus[0]);
}

/* What the holder of the CPUs reports of them. */

static uint64_t word_read(uint64_t address)
{
	cache_clean((const void *)address, 8); /* it may be in memory that is cached here */
	return *(volatile uint64_t *)address;
}

uint64_t cpus_release_read(const struct cpu *cpu)
{
	return word_read(cpu->own->node->release);
}

/* In memory, then the event: a CPU that waits for it looks there without caches. */
void cpus_release_write(const struct cpu *cpu, uint64_t value)
{
	*(volatile uint64_t *)cpu->own->node->release = value;
	cache_clean((const void *)cpu->own->node->release, 8);
	__asm__ volatile("sev" ::: "memory");
}

bool cpus_is_held(const struct cpu *cpu)
{
	if (cpus_way == WAY_PSCI)
		return psci(PSCI_AFFINITY_INFO | PSCI_64, cpu->id, 0, 0) == PSCI_AFFINITY_OFF;
	return word_read(cpu->own->node->held) == 1;
}

/* What it is instead of "held", or instead of "not". */
static uint64_t reported(const struct cpu *cpu)
{
	if (cpus_way == WAY_PSCI)
		return (uint64_t)psci(PSCI_AFFINITY_INFO | PSCI_64, cpu->id, 0, 0);
	return word_read(cpu->own->node->held);
}

static const char *reporter(void)
{
	return cpus_way == WAY_PSCI ? "AFFINITY_INFO" : "the held word";
}

static void must_report(const struct cpu *cpu, const char *when, uint64_t wanted)
{
	uint64_t found = reported(cpu);

	if (found != wanted)
		tap_fault("%s, %s: %s is 0x%llx instead of %llu", cpu->name, when, reporter(),
			  (ull)found, (ull)wanted);
}

static void must_be_held(const struct cpu *cpu, const char *when)
{
	if (cpus_way != WAY_SPIN_TABLE)
		must_report(cpu, when, 1); /* PSCI_AFFINITY_OFF, or held */
}

static void must_be_on(const struct cpu *cpu, const char *when)
{
	if (cpus_way == WAY_SPIN_TABLE)
		return;
	must_report(cpu, when, 0); /* PSCI_AFFINITY_ON, or not held */
	if (cpus_way == WAY_SPIN_TABLE_RETURN && cpus_release_read(cpu))
		tap_fault("%s, %s: its release word is 0x%llx instead of 0", cpu->name, when,
			  (ull)cpus_release_read(cpu));
}

/* Coming. */

uint64_t cpus_context(const struct cpu *cpu)
{
	return 0xc0ffee0000000000 | cpu->number;
}

void cpus_expect(struct cpu *cpu)
{
	cpu->own->wakes++;
	cpu->own->since_us = time_us();
	__atomic_store_n(&cpu->own->state, CPU_COMING, __ATOMIC_RELEASE);
}

void cpus_not_expected(struct cpu *cpu)
{
	cpu->own->wakes--;
	__atomic_store_n(&cpu->own->state, CPU_AWAY, __ATOMIC_RELEASE);
}

void cpus_wake_begin(struct cpu *cpu)
{
	int64_t answer;

	must_be_held(cpu, "before it is started");
	cpus_expect(cpu);
	if (cpus_way != WAY_PSCI) {
		cpus_release_write(cpu, (uintptr_t)cpu->own->page);
		return;
	}
	answer = psci(PSCI_CPU_ON | PSCI_64, cpu->id, (uintptr_t)cpu->own->page, cpus_context(cpu));
	if (answer != PSCI_SUCCESS)
		tap_bail_out("%s: CPU_ON answers %s", cpu->name, psci_name(answer));
}

static _Noreturn void lost(struct cpu *cpu)
{
	const struct arrival *arrival = cpus_arrival(cpu);

	if (cpu->own->wrong_cpu ||
	    (arrival->count >= cpu->own->wakes && (arrival->mpidr & 0xff00ffffff) != cpu->id))
		tap_bail_out("%s: it is CPU 0x%llx that came", cpu->name,
			     (ull)(arrival->mpidr & 0xff00ffffff));
	if (arrival->count >= cpu->own->wakes && arrival->level != arrival->level_wanted)
		tap_bail_out("%s came at EL%u, and the boot CPU at EL%u", cpu->name,
			     (unsigned)(arrival->level >> 2),
			     (unsigned)(arrival->level_wanted >> 2));
	if (arrival->count >= cpu->own->wakes)
		tap_bail_out("%s came, and was not seen with its MMU on", cpu->name);
	tap_bail_out("%s did not come within %u s", cpu->name, options.patience);
}

void cpus_expected(struct cpu *cpu)
{
	const struct arrival *arrival;

	while (__atomic_load_n(&cpu->own->state, __ATOMIC_ACQUIRE) != CPU_UP) {
		if (time_us() - cpu->own->since_us > options.patience * 1000000ull)
			lost(cpu);
		baton_port_relax();
	}
	cpus_note(&cpus_slowest_wake, cpu, time_us() - cpu->own->since_us);
	arrival = cpus_arrival(cpu);
	if (arrival->count != cpu->own->wakes)
		tap_fault("%s came %llu times, and was sent for %llu times", cpu->name,
			  (ull)arrival->count, (ull)cpu->own->wakes);
}

void cpus_wake_end(struct cpu *cpu)
{
	cpus_expected(cpu);
	must_be_on(cpu, "when it has come");
}

void cpus_wake_all(void)
{
	for (uint32_t i = 1; i < cpus_count; i++)
		cpus_wake_begin(&cpus[i]);
	for (uint32_t i = 1; i < cpus_count; i++)
		cpus_wake_end(&cpus[i]);
}

bool cpus_is_up(const struct cpu *cpu)
{
	return cpu->own->state == CPU_UP;
}

bool cpus_can_return(const struct cpu *cpu)
{
	return cpu != cpus_this() && !cpus_one_way();
}

const char *cpus_one_way(void)
{
	return cpus_way == WAY_SPIN_TABLE ? "there is no way back: a CPU comes once" : NULL;
}

/* Going. */

_Noreturn void cpus_go(struct cpu *cpu)
{
	__atomic_store_n(&cpu->own->state, CPU_AWAY, __ATOMIC_RELEASE);
	if (cpus_way == WAY_PSCI && cpu->own->garbage)
		head_leave_to((uintptr_t)(psci_by_smc ? head_last_smc : head_last_hvc),
			      cpu->own->garbage, cpu->own->hcr, PSCI_CPU_OFF);
	if (cpus_way == WAY_PSCI)
		tap_bail_out("%s: CPU_OFF answers %s", cpu->name,
			     psci_name(psci(PSCI_CPU_OFF, 0, 0, 0)));
	head_leave_to(cpu->own->node->return_address, cpu->own->garbage, cpu->own->hcr,
		      cpu->own->garbage);
}

static void leave_work(struct cpu *cpu)
{
	cpus_go(cpu);
}

void cpus_return_begin(struct cpu *cpu)
{
	must_be_on(cpu, "before it goes");
	cpu->own->since_us = time_us();
	cpus_do_begin(cpu, leave_work);
}

void cpus_return_end(struct cpu *cpu)
{
	while (__atomic_load_n(&cpu->own->state, __ATOMIC_ACQUIRE) != CPU_AWAY ||
	       !cpus_is_held(cpu)) {
		if (time_us() - cpu->own->since_us > options.patience * 1000000ull)
			tap_bail_out("%s has gone, and %s is still 0x%llx after %u s", cpu->name,
				     reporter(), (ull)reported(cpu), options.patience);
		baton_port_relax();
	}
	cpus_note(&cpus_slowest_return, cpu, time_us() - cpu->own->since_us);
}

uint32_t cpus_held_count(void)
{
	return baton_count_value(check_batn->held);
}

size_t cpus_pieces(struct cpu *cpu, struct cpus_piece piece[CPUS_PIECES])
{
	piece[0] = (struct cpus_piece){cpu->stack, sizeof(cpu->stack), "stack"};
	piece[1] =
		(struct cpus_piece){cpu->own->page, sizeof(*cpu->own->page), "page of its entry"};
	return 2;
}

void cpus_repair(struct cpu *cpu)
{
	cpus_make_page(cpu);
}
