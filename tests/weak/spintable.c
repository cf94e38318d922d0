/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The spin-table with a way back, resident/arm64/spintable.c, and libbaton's side of it,
 * libbaton/arm64/spin_table.c and life.c.  DSB SY is a fence here; SEV and WFE are a store to
 * an event register of each CPU and a look at it.  The words are not cached: a load of one
 * sees memory, as a load of an atomic does.
 */
#include "kernel.h"
#include "libbaton/arm64/arm64.h"
#include "resident/arm64/spintable.h"
#include <baton/port.h>
#include <string.h>

#define CPUS 3
#define AREA 0x3b400000u
#define RELAXED __ATOMIC_RELAXED
#define ENTRY 0x80000u

static struct spin_cpu cpu[CPUS];
static struct spin_table table;
static uint64_t release_word[CPUS], held_word[CPUS];
static uint32_t event[CPUS];
static uint64_t record[CPUS];	   /* in the BATN table */
static uint32_t page[CPUS];	   /* not atomic: a CPU's memory, while it is with the kernel */
static uint32_t kernel_data[CPUS]; /* not atomic: for a CPU that is released */
static uint32_t cpu_data[CPUS];	   /* not atomic: a CPU's, before it is held */

static unsigned entered[CPUS]; /* for finish(): how often */
static unsigned times;

static APART void enters(unsigned self)
{
	entered[self]++;
}

static APART unsigned starts(void)
{
	return times;
}

static APART void reset(void)
{
	memset(release_word, 0, sizeof(release_word));
	memset(held_word, 0, sizeof(held_word));
	memset(event, 0, sizeof(event));
	memset(record, 0, sizeof(record));
	memset(page, 0, sizeof(page));
	memset(kernel_data, 0, sizeof(kernel_data));
	memset(cpu_data, 0, sizeof(cpu_data));
	memset(entered, 0, sizeof(entered));
	table = (struct spin_table){cpu, CPUS, AREA, AREA + 0x10000};
	for (unsigned i = 0; i < CPUS; i++)
		cpu[i] = (struct spin_cpu){
			.mpidr = i, .release = &release_word[i], .held = &held_word[i]};
	weak_name(release_word, sizeof(release_word), "release_word");
	weak_name(held_word, sizeof(held_word), "held_word");
	weak_name(event, sizeof(event), "event");
	weak_name(record, sizeof(record), "record");
	weak_name(page, sizeof(page), "page");
	weak_name(kernel_data, sizeof(kernel_data), "kernel_data");
	weak_name(cpu_data, sizeof(cpu_data), "cpu_data");
}

/* The resident's port. */

void spintable_port_held(struct spin_table *t, uint32_t self)
{
	(void)t;
	cpu_data[self]++;
	__atomic_store_n(&record[self], 1, RELAXED);
}

void spintable_port_released(struct spin_table *t, uint32_t self, uint64_t entry)
{
	(void)t;
	(void)entry;
	__atomic_store_n(&record[self], 0, RELAXED);
}

/* WFE: what the CPU looks at next, it looks at after the event. */
void spintable_port_sleep(struct spin_table *t, uint32_t self)
{
	(void)t;
	if (__atomic_load_n(&event[self], RELAXED))
		__atomic_exchange_n(&event[self], 0, __ATOMIC_ACQUIRE);
	else
		weak_wait_for(&event[self]);
}

/* DSB SY. */
void spintable_port_complete(void)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

/* The kernel's side of the contract, without libbaton. */

static void complete(void)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

static uint64_t look(const uint64_t *word)
{
	uint64_t value = __atomic_load_n(word, RELAXED);

	/* An address, or a control dependency with an ISB, or a DSB: what follows is later. */
	complete();
	return value;
}

static void await_held(unsigned target)
{
	while (look(&held_word[target]) != 1)
		weak_wait();
}

static void send_event(unsigned target)
{
	complete();
	__atomic_store_n(&event[target], 1, RELAXED);
}

static void release(unsigned target, uint64_t entry)
{
	complete(); /* what the CPU will read is visible before the entry is */
	__atomic_store_n(&release_word[target], entry, RELAXED);
	send_event(target);
}

/* A CPU comes in, is released, and comes back; its page is the kernel's meanwhile. */
static void come_and_go(unsigned self)
{
	for (unsigned i = 0; i < 2; i++) {
		weak_check(spintable_hold(&table, self) == ENTRY, "a wrong entry");
		weak_check(kernel_data[self] == i + 1, "what the kernel has written is not seen");
		enters(self);
		page[self]++;
	}
	spintable_hold(&table, self);
	weak_check(false, "released once too often");
}

/* After the release the CPU is not held; held again, it has left its page. */
static void release_twice(unsigned self)
{
	if (self) {
		come_and_go(self);
		return;
	}
	for (unsigned i = 0; i < 2; i++) {
		await_held(1);
		weak_check(cpu_data[1] == i + 1, "held, but what came before it is not seen");
		weak_check(page[1] == i, "held, but its last use of the kernel's page is not seen");
		kernel_data[1] = i + 1;
		release(1, ENTRY);
		/* Acknowledged: the word is 0, and then the held word, too; or it is back. */
		while (look(&release_word[1]) != 0)
			weak_wait();
		if (look(&held_word[1]) != 1)
			continue;
		/* It was not refused: so it has been away since. */
		weak_check(cpu_data[1] == i + 2, "a release looks like a refusal");
	}
	await_held(1);
}

static APART void all_done(void)
{
	weak_check(!weak_stuck(0), "the kernel waits for ever");
	weak_check(entered[1] == 2, "a release is lost");
	weak_check(held_word[1] == 1 && !release_word[1], "the words are wrong");
}

/* An entry in the area is refused, and the next one is taken. */
static void refuse(unsigned self)
{
	if (self) {
		weak_check(spintable_hold(&table, self) == ENTRY, "a wrong entry");
		enters(self);
		return;
	}
	await_held(1);
	release(1, AREA);
	while (look(&release_word[1]) != 0)
		weak_wait();
	weak_check(look(&held_word[1]) == 1, "refused, but not held");
	release(1, ENTRY);
	while (look(&held_word[1]) != 0)
		weak_wait();
	while (look(&release_word[1]) != 0)
		weak_wait();
	weak_check(__atomic_load_n(&record[1], RELAXED) == 0, "away, but the record is not seen");
}

static APART void was_refused(void)
{
	weak_check(!weak_stuck(0), "the kernel waits for ever");
	weak_check(entered[1] == 1, "a release is lost");
}

/* libbaton on top of it: CPU 0 boots CPU 1, which leaves, and proves that; CPU 2 tries to, too. */

/* It is about caches: libbaton does not rely on the barrier in it. */
void baton_port_flush(const volatile void *pointer, size_t length)
{
	(void)pointer;
	(void)length;
}

/* DSB SY, SEV. */
void arm64_send_event(void)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	__atomic_store_n(&event[1], 1, RELAXED);
}

static void from_hold_to_hold(uint32_t self)
{
	kernel_life(&page[self], spintable_hold(&table, self));
	weak_end();
}

void kernel_leave(void)
{
	from_hold_to_hold(weak_self());
}

static APART void reset_life(void)
{
	reset();
	kernel_reset(CPUS, BATON_SPIN_TABLE_RETURN);
	spin_table_ops(&kernel);
	for (unsigned i = 0; i < CPUS; i++) {
		kernel.cpu[i].release = &release_word[i];
		kernel.cpu[i].held = &held_word[i];
		kernel.cpu[i].return_address = 0x1000;
	}
	times = 2;
}

static APART void reset_life_once(void)
{
	reset_life();
	times = 1;
}

static void life(unsigned self)
{
	if (self == 1)
		from_hold_to_hold(1);
	/* As a stage does, before it starts the kernel; or it was booted already. */
	while (look(&held_word[1]) != 1 && baton_state(&kernel.cpu[1]) == BATON_OFFLINE)
		weak_wait();
	if (self) {
		kernel_boots(1);
		return;
	}
	for (unsigned i = 0; i < starts(); i++)
		kernel_boot_and_kill(1, starts() > 1 ? &page[1] : NULL);
}

static APART void life_is_over(void)
{
	kernel_check();
	weak_check(!weak_stuck(0), "the kernel waits for ever");
}

static const struct weak_test all[] = {
	{"release, return, release", 2, reset, release_twice, all_done, 0, 0, 0, NULL},
	{"refuse, release", 2, reset, refuse, was_refused, 0, 0, 0, NULL},
	{"boot, die, kill, boot again", 2, reset_life, life, life_is_over, 0, 0, 60000, NULL},
	{"boot, die, kill, and another caller", 3, reset_life_once, life, life_is_over, 0, 0, 60000,
	 NULL},
};

int main(int argc, char **argv)
{
	return weak_main(all, sizeof(all) / sizeof(*all), argc, argv);
}
