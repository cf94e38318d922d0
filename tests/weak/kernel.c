/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "kernel.h"
#include "libbaton/method.h"
#include <stdlib.h>
#include <string.h>

static struct baton_cpu cpu[KERNEL_CPUS];
struct baton_machine kernel;

/* Of each thread, for itself and kernel_check(). */
static unsigned boots[KERNEL_CPUS], entries[KERNEL_CPUS];
static unsigned patience[KERNEL_CPUS]; /* how often a limit may still be reached */
static uint64_t now[KERNEL_CPUS];
static uint32_t *page_of[KERNEL_CPUS];

static uint32_t sign[KERNEL_CPUS]; /* not atomic: a CPU's, before it is online */

APART void kernel_reset(unsigned ncpus, enum baton_method method)
{
	memset(cpu, 0, sizeof(cpu));
	memset(boots, 0, sizeof(boots));
	memset(entries, 0, sizeof(entries));
	memset(patience, 0, sizeof(patience));
	memset(now, 0, sizeof(now));
	memset(sign, 0, sizeof(sign));
	kernel = (struct baton_machine){.cpu = cpu, .ncpus = ncpus, .method = method};
	kernel.vector = KERNEL_VECTOR;
	kernel.start.vector = KERNEL_VECTOR;
	kernel.exit.root = kernel.exit.code = 1;
	for (unsigned i = 0; i < ncpus; i++) {
		cpu[i].id = i;
		cpu[i].state = i == 1 ? BATON_OFFLINE : BATON_ONLINE;
	}
	weak_name(cpu, sizeof(cpu), "libbaton cpu");
	weak_name(&kernel, sizeof(kernel), "machine");
}

APART void kernel_may_give_up(unsigned times)
{
	for (unsigned i = 0; i < KERNEL_CPUS; i++)
		patience[i] = times;
}

static APART bool impatient(void)
{
	return patience[weak_self()];
}

static APART uint64_t pass_time(bool much)
{
	if (much) {
		patience[weak_self()]--;
		now[weak_self()] += 3600000000u;
	}
	return now[weak_self()];
}

static APART void has_booted(void)
{
	boots[weak_self()]++;
}

static APART void has_entered(void)
{
	entries[weak_self()]++;
}

static APART void set_page(uint32_t *page)
{
	page_of[weak_self()] = page;
}

static APART uint32_t *own_page(void)
{
	return page_of[weak_self()];
}

void kernel_life(uint32_t *page, uint64_t vector)
{
	struct baton_cpu *self;

	set_page(page);
	weak_check(vector == KERNEL_VECTOR, "not the kernel's vector");
	has_entered();
	self = baton_enter(&kernel);
	weak_check(self != NULL, "a CPU comes that was not asked for");
	(*page)++;
	sign[weak_self()]++;
	weak_check(!baton_online(&kernel, self), "a CPU can't come up");
	(*page)++;
	baton_die(&kernel);
	weak_check(false, "a CPU can't leave");
}

/* Another CPU uses the mailbox: that is over some time. */
static void await_mailbox(void)
{
	while (__atomic_load_n(&kernel.busy, __ATOMIC_RELAXED))
		weak_wait();
}

bool kernel_boots(unsigned target)
{
	int error;

	while ((error = baton_boot(&kernel, &cpu[target])) == BATON_E_BUSY)
		await_mailbox();
	/* A wait that was given up: it comes all the same. */
	if (error && error != BATON_E_STOPPED)
		return false;
	has_booted();
	return true;
}

bool kernel_boot_and_kill(unsigned target, uint32_t *page)
{
	int error;

	if (!kernel_boots(target))
		return false;
	while (baton_state(&cpu[target]) != BATON_LEAVING)
		weak_wait();
	weak_check(sign[target] != 0, "what a CPU has done before it came up is not seen");
	while ((error = baton_kill(&kernel, &cpu[target], 0)) == BATON_E_BUSY ||
	       error == BATON_E_NOT_RETURNED)
		await_mailbox();
	if (error)
		return false;
	/* It has left for good: its memory is the kernel's, unless another CPU boots it by now. */
	if (page)
		*page = 0;
	return true;
}

APART void kernel_check(void)
{
	unsigned booted = 0, entered = 0;

	for (unsigned i = 0; i < KERNEL_CPUS; i++) {
		booted += boots[i];
		entered += entries[i];
	}
	weak_check(booted == entered, "a CPU was booted, but did not come; or the other way round");
	weak_check(!kernel.strays, "strays");
}

/* <baton/port.h>, and what the architecture has to have. */

struct baton_cpu *baton_cpu_by_id(struct baton_machine *machine, uint64_t id)
{
	return &machine->cpu[id];
}

struct baton_cpu *baton_this_cpu(struct baton_machine *machine)
{
	return &machine->cpu[weak_self()];
}

int baton_held(const struct baton_machine *machine)
{
	(void)machine;
	return BATON_E_NOT_SUPPORTED;
}

uint64_t baton_port_cpu_id(void)
{
	return weak_self();
}

uint64_t baton_port_time_us(void)
{
	return pass_time(impatient() && weak_choose(2));
}

void baton_port_relax(void)
{
	weak_wait();
}

bool report_waiting(struct baton_machine *machine, const struct baton_cpu *which,
		    uint64_t waited_us)
{
	(void)machine;
	(void)which;
	(void)waited_us;
	return false;
}

int arch_prepare(struct baton_machine *machine)
{
	(void)machine;
	return 0;
}

int arch_exit_build(struct baton_machine *machine)
{
	(void)machine;
	return 0;
}

void arch_unblock_nmi(void)
{
}

/* A CPU that is LEAVING still uses memory of the kernel: its stack, its page tables. */
void arch_quiet(struct baton_machine *machine)
{
	(void)machine;
	(*own_page())++;
}

void arch_leave(struct baton_machine *machine, struct baton_cpu *which)
{
	(void)machine;
	(void)which;
	kernel_leave();
	abort();
}

void arch_halt(void)
{
	weak_check(false, "a CPU halts");
	abort();
}

uint64_t arch_interrupts_off(void)
{
	return 0;
}

void arch_interrupts_restore(uint64_t flags)
{
	(void)flags;
}
