/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * resident/x86_64/tdx/entry.S on a machine that is not there: which slot a CPU gets, whatever
 * the host says, also when several come at once; and that no interrupt is slept over.
 */
#define _GNU_SOURCE
#include "unit.h"

#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <baton/x86_64/area.h>
#include "area/x86_64/slot.h"
#include "lib/x86_64/tdx.h"
#include "resident/x86_64/platform.h"

#define NCPUS 4
#define BOOT 0 /* the boot CPU's slot, which is bound from the start */
#define APIC_ID(i) (3 * (i) + 5)
#define VCPU(i) (7 - (i)) /* the order is another */
#define NOBODY 0x1234
#define ROUNDS 2000

/* For fake_tdx_entry.S. */
struct registers {
	uint64_t rax, rcx, rdx, r8, r9, r10, r11, r12, r13, r14, r15;
};
void test_tdx_entry_tdcall(struct registers *r);
struct slot *fake_tdx_entry_identify(struct baton_area *area);
uint64_t fake_tdx_entry_elsewhere(uint64_t rdx);
unsigned test_tdx_entry_interrupt; /* in platform_halt, 1: before the TDCALL, 2: after it */

static _Alignas(64) struct {
	struct baton_area area;
	uint32_t apic_ids[NCPUS];
	struct slot slots[NCPUS];
} memory;

/* A CPU: what the module and the host say of it. */
static _Thread_local struct {
	uint32_t vcpu, apic_id;
	unsigned refusals; /* so often before the host answers */
	unsigned asked, slept;
	bool arriving, blocked;
} cpu;
static _Thread_local jmp_buf stopped;

static bool racing;
static unsigned racers; /* that wait for the others */

/* Until all are here: what comes next they do at the same time. */
static void meet(void)
{
	__atomic_add_fetch(&racers, 1, __ATOMIC_SEQ_CST);
	for (unsigned n = 0; __atomic_load_n(&racers, __ATOMIC_SEQ_CST) < NCPUS; n++)
		if (n % 1000 == 999)
			sched_yield();
}

void test_tdx_entry_tdcall(struct registers *r)
{
	if (r->rax == TDX_VP_INFO) {
		*r = (struct registers){.rcx = 52, .r8 = (uint64_t)8 << 32 | 8, .r9 = cpu.vcpu};
		return;
	}
	/* A TDVMCALL: R10 is 0, and nothing else is shown to the host. */
	if (r->rax != TDX_VP_VMCALL || r->rcx != TDX_EXPOSED || r->r10 || r->r13 || r->r14 ||
	    r->r15)
		abort();
	if (r->r11 == TDX_REASON_HLT) {
		cpu.slept++;
		cpu.blocked = r->r12;
		if (cpu.arriving) /* it stops for ever */
			longjmp(stopped, 1);
		return;
	}
	if (r->r11 != TDX_REASON_CPUID || r->r12 != 0xb)
		abort();
	cpu.asked++;
	r->r10 = cpu.refusals ? 0x8000000000000000 : 0;
	cpu.refusals -= cpu.refusals != 0;
	if (racing)
		meet();
	r->r12 = r->r13 = r->r14 = 0xffffffffffffffff;
	r->r15 = r->r10 ? 0xffffffffffffffff : 0xffffffff00000000 | cpu.apic_id;
}

static int start(void **state)
{
	(void)state;
	memset(&memory, 0, sizeof(memory));
	memory.area.ncpus = NCPUS;
	memory.area.apic_ids = offsetof(__typeof__(memory), apic_ids);
	memory.area.slots = offsetof(__typeof__(memory), slots);
	for (unsigned i = 0; i < NCPUS; i++)
		memory.apic_ids[i] = APIC_ID(i);
	memory.slots[BOOT].vcpu = VCPU(BOOT) + 1;
	test_tdx_entry_interrupt = 0;
	return 0;
}

#define STOPS (-1)

/* The CPU with the module's number @vcpu comes; the host says that it is @apic_id. */
static int arrive(uint32_t vcpu, uint32_t apic_id, unsigned refusals)
{
	const struct slot *volatile slot;

	cpu.vcpu = vcpu;
	cpu.apic_id = apic_id;
	cpu.refusals = refusals;
	cpu.asked = cpu.slept = 0;
	cpu.blocked = false;
	cpu.arriving = true;
	slot = setjmp(stopped) ? NULL : fake_tdx_entry_identify(&memory.area);
	cpu.arriving = false;
	/* No interrupt ends that sleep. */
	assert_true(slot || cpu.blocked);
	return slot ? (int)(slot - memory.slots) : STOPS;
}

static void by_the_host_once(void **state)
{
	(void)state;
	for (unsigned again = 0; again < 3; again++) {
		for (unsigned i = NCPUS; i-- > 0;) {
			/* Whatever the host says later. */
			uint32_t said = APIC_ID(again ? (i + again) % NCPUS : i);

			assert_int_equal(arrive(VCPU(i), said, 0), i);
			assert_int_equal(cpu.asked, i == BOOT || again ? 0 : 1);
			assert_int_equal(memory.slots[i].vcpu, VCPU(i) + 1);
		}
	}
}

static void two_are_said_to_be_one(void **state)
{
	(void)state;
	assert_int_equal(arrive(VCPU(1), APIC_ID(1), 0), 1);
	assert_int_equal(arrive(VCPU(2), APIC_ID(1), 0), STOPS);
	assert_int_equal(memory.slots[1].vcpu, VCPU(1) + 1);
	/* And again: it is no better then. */
	assert_int_equal(arrive(VCPU(2), APIC_ID(1), 0), STOPS);
	assert_int_equal(arrive(VCPU(1), APIC_ID(3), 0), 1);
}

static void said_to_be_the_boot_cpu(void **state)
{
	(void)state;
	assert_int_equal(arrive(VCPU(2), APIC_ID(BOOT), 0), STOPS);
	assert_int_equal(arrive(VCPU(BOOT), NOBODY, 0), BOOT);
}

static void unknown(void **state)
{
	(void)state;
	assert_int_equal(arrive(VCPU(2), NOBODY, 0), STOPS);
	assert_int_equal(arrive(12345, UINT32_MAX, 0), STOPS);
	for (unsigned i = 1; i < NCPUS; i++)
		assert_int_equal(memory.slots[i].vcpu, 0);
}

static void refused_at_first(void **state)
{
	(void)state;
	assert_int_equal(arrive(VCPU(3), APIC_ID(3), 5), 3);
	assert_int_equal(cpu.asked, 6);
}

static pthread_barrier_t barrier;
static int slot_of[NCPUS];

static void *racer(void *argument)
{
	unsigned i = (unsigned)(uintptr_t)argument;

	for (unsigned round = 0; round < ROUNDS; round++) {
		pthread_barrier_wait(&barrier);
		slot_of[i] = arrive(VCPU(i), APIC_ID(2), 0);
		pthread_barrier_wait(&barrier);
	}
	return NULL;
}

/* All are said to be CPU 2, at once: one of them is. */
static void at_once(void **state)
{
	pthread_t threads[NCPUS];
	unsigned doubled = 0, wrong = 0;

	start(state);
	memory.slots[BOOT].vcpu = 0;
	racing = true;
	assert_int_equal(pthread_barrier_init(&barrier, NULL, NCPUS + 1), 0);
	for (uintptr_t i = 0; i < NCPUS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, racer, (void *)i), 0);
	for (unsigned round = 0; round < ROUNDS; round++) {
		unsigned got = 0;

		memory.slots[2].vcpu = 0;
		racers = 0;
		pthread_barrier_wait(&barrier);
		pthread_barrier_wait(&barrier);
		for (unsigned i = 0; i < NCPUS; i++) {
			got += slot_of[i] == 2;
			wrong += slot_of[i] != 2 && slot_of[i] != STOPS;
			wrong += slot_of[i] == 2 && memory.slots[2].vcpu != VCPU(i) + 1;
		}
		doubled += got != 1;
	}
	for (unsigned i = 0; i < NCPUS; i++)
		pthread_join(threads[i], NULL);
	pthread_barrier_destroy(&barrier);
	racing = false;
	assert_int_equal(doubled, 0);
	assert_int_equal(wrong, 0);
}

static void sleeps(void **state)
{
	(void)state;
	cpu.slept = 0;
	assert_false(platform_halt());
	assert_int_equal(cpu.slept, 1);
	assert_false(cpu.blocked);
}

static void woken_by_an_interrupt(void **state)
{
	(void)state;
	cpu.slept = 0;
	test_tdx_entry_interrupt = 2;
	assert_true(platform_halt());
	assert_int_equal(cpu.slept, 1);
}

/* An NMI has ended the shadow of sti. */
static void interrupted_before_it_sleeps(void **state)
{
	(void)state;
	cpu.slept = 0;
	test_tdx_entry_interrupt = 1;
	assert_true(platform_halt());
	assert_int_equal(cpu.slept, 0);
}

static void interrupted_elsewhere(void **state)
{
	(void)state;
	assert_int_equal(fake_tdx_entry_elsewhere(0x123456789), 0x123456789);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup(f, start)
	const struct CMUnitTest tests[] = {
		TEST(by_the_host_once),
		TEST(two_are_said_to_be_one),
		TEST(said_to_be_the_boot_cpu),
		TEST(unknown),
		TEST(refused_at_first),
		TEST(at_once),
		TEST(sleeps),
		TEST(woken_by_an_interrupt),
		TEST(interrupted_before_it_sleeps),
		TEST(interrupted_elsewhere),
	};

	return cmocka_run_group_tests_name("tdx_entry", tests, NULL, NULL);
}
