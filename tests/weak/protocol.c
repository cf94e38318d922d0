/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The protocol among held CPUs, resident/x86_64/protocol.c with mailbox.c and
 * area/x86_64/shared.c, and a kernel that does what docs/contract.md, section 3, asks for, or
 * what Linux does.  Thread 0 is the kernel, thread n is the CPU with number n - 1.
 */
#include "weak.h"
#include "resident/x86_64/mailbox.h"
#include "resident/x86_64/protocol.h"
#include <baton/table.h>
#include <string.h>

#define CPUS 3
#define RELAXED __ATOMIC_RELAXED
#define VECTOR(cpu) (0x1234560000001000 * ((cpu) + 1))
#define VECTOR_ALL 0x9876540000009000

/* What a test is about. */
static unsigned cpus;	 /* how many there are */
static bool by_doorbell; /* they sleep until they get an interrupt (HLT), not on their line */
static bool settled;	 /* all wait already, and nobody listens; else they are about to arrive */
static int mortal;	 /* the CPU that may be lost, or -1 */
static bool removes_itself;
static bool counts; /* the kernel relies on the number of held CPUs, not on their records */

static struct baton_mailbox mailbox __attribute__((aligned(4096)));
static struct line line[CPUS];
static struct shared shared;
static uint32_t record[CPUS], tests[CPUS], held; /* in the BATN table, as resident's port.c */
static uint32_t doorbell[CPUS];
static uint32_t lost;		/* the mortal CPU has been stopped */
static uint32_t kernel_data;	/* not atomic: of the kernel, before it releases a CPU */
static uint32_t cpu_data[CPUS]; /* not atomic: of a CPU, before it acknowledges */

/* For finish(). */
static uint64_t left[CPUS]; /* for which vector */
static bool died, tested, again;

static APART void cpu_leaves(uint32_t self, uint64_t vector)
{
	left[self] = vector;
}

static APART void cpu_dies(void)
{
	died = true;
}

static APART void comes_again(void)
{
	again = true;
}

static APART void was_tested(void)
{
	tested = true;
}

static APART bool by_count(void)
{
	return counts;
}

static APART bool is_mortal(uint32_t self)
{
	return (int)self == mortal && !died;
}

static APART void reset(void)
{
	memset(&mailbox, 0, 16);
	memset(line, 0, sizeof(line));
	memset(&shared, 0, sizeof(shared));
	memset(cpu_data, 0, sizeof(cpu_data));
	memset(tests, 0, sizeof(tests));
	memset(doorbell, 0, sizeof(doorbell));
	memset(left, 0, sizeof(left));
	lost = kernel_data = 0;
	died = tested = again = false;
	shared.mailbox = &mailbox;
	shared.line = line;
	shared.ncpus = cpus;
	shared.listener = LINE_NONE;
	held = settled ? cpus : 0;
	for (unsigned i = 0; i < CPUS; i++) {
		line[i].apic_id = 0x10 + i;
		line[i].state = settled ? LINE_WAITING : LINE_AWAY;
		record[i] = settled ? BATON_CPU_HELD : BATON_CPU_COLLECTING;
	}
	weak_word(&mailbox.request);
	weak_data(&mailbox.wakeup_vector, 8);
	weak_name(&mailbox, 16, "mailbox");
	weak_name(&shared.listener, 4, "listener");
	weak_name(line, sizeof(line), "line");
	weak_name(record, sizeof(record), "record");
	weak_name(&held, sizeof(held), "held");
	weak_name(tests, sizeof(tests), "tests");
	weak_name(cpu_data, sizeof(cpu_data), "cpu_data");
	weak_name(&kernel_data, sizeof(kernel_data), "kernel_data");
	weak_name(doorbell, sizeof(doorbell), "doorbell");
}

static APART void shape(unsigned n, bool hlt, bool wait, int dies, bool itself)
{
	cpus = n;
	by_doorbell = hlt;
	settled = wait;
	mortal = dies;
	removes_itself = itself;
	counts = false;
	reset();
}

/* The port. */

void protocol_port_sleep(struct shared *s, uint32_t self)
{
	if (shared_load(&s->line[self].state) != LINE_WAITING)
		return;
	if (!by_doorbell) {
		weak_wait_for(&s->line[self].state);
		return;
	}
	/*
	 * Interrupts are off: one that was sent after the look ends the sleep that follows.  What
	 * came before the last of them is seen by the CPU that takes it.
	 */
	if (__atomic_load_n(&doorbell[self], RELAXED))
		__atomic_exchange_n(&doorbell[self], 0, __ATOMIC_ACQUIRE);
	else
		weak_wait_for(&doorbell[self]);
}

/* The listener may be lost, or take an exception, here. */
static void may_die(struct shared *s, uint32_t self)
{
	if (!is_mortal(self) || !weak_choose(2))
		return;
	cpu_dies();
	if (removes_itself)
		shared_remove(s, self, self);
	else
		__atomic_store_n(&lost, 1, __ATOMIC_RELEASE);
	weak_end();
}

/* An interrupt comes after the locked accesses before it. */
void shared_wake(struct shared *s, uint32_t self, uint32_t target)
{
	may_die(s, self);
	if (by_doorbell)
		__atomic_store_n(&doorbell[target], 1, __ATOMIC_RELEASE);
}

void protocol_port_listening(struct shared *s, uint32_t self)
{
	may_die(s, self);
}

/* A command that stands is looked at again, by a timer; without one a store ends the sleep. */
void protocol_port_listen(struct shared *s, uint32_t self, uint32_t quiet)
{
	(void)self;
	(void)quiet;
	if ((uint16_t)__atomic_load_n((uint32_t *)s->mailbox, __ATOMIC_SEQ_CST) ==
	    BATON_COMMAND_NOOP)
		weak_wait_for(&mailbox);
	else
		weak_wait();
}

void protocol_port_relax(void)
{
	weak_wait();
}

bool protocol_port_reachable(struct shared *s, uint32_t self, uint64_t vector)
{
	(void)s;
	(void)self;
	(void)vector;
	return true;
}

/* As port.c has it. */
static void set_state(uint32_t self, uint32_t state)
{
	__atomic_store_n(&record[self], state, __ATOMIC_RELEASE);
	__atomic_fetch_add(&held, state == BATON_CPU_HELD ? 1u : -1u, __ATOMIC_RELEASE);
}

void protocol_port_releasing(struct shared *s, uint32_t self, uint64_t vector)
{
	(void)s;
	(void)vector;
	set_state(self, BATON_CPU_RELEASED);
	cpu_data[self]++;
}

void protocol_port_kept(struct shared *s, uint32_t self)
{
	(void)s;
	set_state(self, BATON_CPU_HELD);
}

void protocol_port_testing(struct shared *s, uint32_t self)
{
	(void)s;
	__atomic_fetch_add(&tests[self], 1, RELAXED);
}

void protocol_port_not_tested(struct shared *s, uint32_t self)
{
	(void)s;
	__atomic_fetch_sub(&tests[self], 1, RELAXED);
}

/* A CPU, from its arrival to the kernel. */
static void cpu(uint32_t self)
{
	uint64_t vector;

	if (!settled) {
		protocol_arrive(&shared, self);
		set_state(self, BATON_CPU_HELD);
	}
	vector = protocol_hold(&shared, self);
	weak_check(vector == VECTOR(self) || vector == VECTOR_ALL,
		   "a CPU has left for the vector of another one");
	weak_check(kernel_data == 1, "a CPU does not see what the kernel has written for it");
	cpu_leaves(self, vector);
}

/* The kernel. */

static void send(uint16_t command, uint32_t apic_id, uint64_t vector)
{
	__atomic_store_n(&mailbox.apic_id, apic_id, RELAXED);
	if (command != BATON_COMMAND_TEST)
		__atomic_store_n(&mailbox.wakeup_vector, vector, RELAXED);
	__atomic_store_n(&mailbox.command, command, __ATOMIC_RELEASE);
}

static void await(void)
{
	while (__atomic_load_n(&mailbox.command, __ATOMIC_ACQUIRE) != BATON_COMMAND_NOOP)
		weak_wait();
}

static void wake_up(uint32_t target)
{
	send(BATON_COMMAND_WAKEUP, line[target].apic_id, VECTOR(target));
	await();
	weak_check(__atomic_load_n(&record[target], RELAXED) == BATON_CPU_RELEASED,
		   "acknowledged, but the record is not visible");
	weak_check(cpu_data[target] == 1, "acknowledged, but what came before it is not visible");
}

/* As Linux: a second at most, then the next command is written over it. */
static void test_or_give_up(uint32_t target)
{
	send(BATON_COMMAND_TEST, line[target].apic_id, 0);
	if (weak_choose(2))
		return;
	await();
	weak_check(__atomic_load_n(&tests[target], RELAXED) == 1,
		   "TEST is acknowledged, but not recorded");
	weak_check(__atomic_load_n(&record[target], RELAXED) == BATON_CPU_HELD,
		   "TEST is acknowledged, but the CPU is not held");
	was_tested();
}

static void nothing_is_lost(void)
{
	weak_check(!weak_stuck(0), "the kernel waits for ever");
	for (unsigned i = 0; i < cpus; i++)
		weak_check(!weak_stuck(i + 1) || !left[i], "a CPU is in two places");
}

static APART void all_have_left(void)
{
	nothing_is_lost();
	for (unsigned i = 0; i < cpus; i++)
		weak_check(left[i] == VECTOR(i), "a CPU has not left");
	weak_check(held == 0, "held is wrong");
}

/* Each CPU is woken, one after the other. */
static void wakeups(unsigned self)
{
	if (self) {
		cpu(self - 1);
		return;
	}
	kernel_data = 1;
	for (unsigned i = 0; i < cpus; i++)
		wake_up(i);
}

/* The last one is woken, the others stay. */
static void one_wakeup(unsigned self)
{
	if (self) {
		cpu(self - 1);
		return;
	}
	kernel_data = 1;
	wake_up(cpus - 1);
}

static APART void only_last_has_left(void)
{
	nothing_is_lost();
	for (unsigned i = 0; i < cpus; i++)
		weak_check(left[i] == (i == cpus - 1 ? VECTOR(i) : 0), "the wrong CPU has left");
	weak_check(held == cpus - 1, "held is wrong");
}

/* A TEST that may be given up, and at once a WAKEUP for another CPU. */
static void test_then_wakeup(unsigned self)
{
	if (self) {
		cpu(self - 1);
		return;
	}
	kernel_data = 1;
	test_or_give_up(0);
	wake_up(cpus - 1);
}

/* The same, and the WAKEUP is for the CPU that was to answer. */
static void test_then_same(unsigned self)
{
	if (self) {
		cpu(self - 1);
		return;
	}
	kernel_data = 1;
	test_or_give_up(cpus - 1);
	wake_up(cpus - 1);
}

static APART void tested_once(void)
{
	only_last_has_left();
	weak_check(tests[0] <= 1 && (tests[0] || !tested), "the count of tests is wrong");
}

/* All at once. */
static void broadcast(unsigned self)
{
	if (self) {
		cpu(self - 1);
		return;
	}
	kernel_data = 1;
	/* No CPU is on its way: each has shown that it is held. */
	while (by_count() && __atomic_load_n(&held, __ATOMIC_ACQUIRE) != cpus)
		weak_wait();
	for (unsigned i = 0; i < cpus && !by_count(); i++)
		while (__atomic_load_n(&record[i], __ATOMIC_ACQUIRE) != BATON_CPU_HELD)
			weak_wait();
	send(BATON_COMMAND_RELEASE_ALL, BATON_APIC_ID_ALL, VECTOR_ALL);
	await();
	for (unsigned i = 0; i < cpus; i++) {
		weak_check(__atomic_load_n(&record[i], RELAXED) == BATON_CPU_RELEASED,
			   "acknowledged, but a record is not visible");
		weak_check(cpu_data[i] == 1,
			   "acknowledged, but what came before it is not visible");
	}
	weak_check(__atomic_load_n(&held, RELAXED) == 0, "acknowledged, but a CPU is held");
}

static APART void all_left_at_once(void)
{
	nothing_is_lost();
	for (unsigned i = 0; i < cpus; i++)
		weak_check(left[i] == VECTOR_ALL, "a CPU has not left");
}

/* CPU 0 may be lost as the listener; it is removed, and the last one is woken. */
static void loss(unsigned self)
{
	if (self) {
		cpu(self - 1);
		return;
	}
	kernel_data = 1;
	if (!removes_itself && __atomic_load_n(&lost, __ATOMIC_ACQUIRE))
		shared_remove(&shared, LINE_NONE - 5, 0);
	else if (!removes_itself)
		weak_end(); /* another test */
	wake_up(cpus - 1);
}

static APART void survivor_has_left(void)
{
	if (removes_itself || died)
		weak_check(!weak_stuck(0), "the kernel waits for ever");
}

/*
 * The last CPU is lost while it waits.  The thread in its place removes it, and then it may
 * arrive again.  CPU 0, which is woken, passes the role on.
 */
static void removal(unsigned self)
{
	bool arrives;

	if (self == cpus) {
		set_state(cpus - 1, BATON_CPU_COLLECTING);
		shared_remove(&shared, cpus - 1, cpus - 1);
		arrives = weak_choose(2);
		if (!arrives)
			return;
		comes_again();
		protocol_arrive(&shared, cpus - 1);
		set_state(cpus - 1, BATON_CPU_HELD);
		cpu(cpus - 1);
	} else if (self) {
		cpu(self - 1);
	} else {
		kernel_data = 1;
		for (unsigned i = 0; i < cpus - 1; i++)
			wake_up(i);
	}
}

/* Whoever has got the role in the end has arrived, and listens. */
static APART void role_is_not_lost(void)
{
	uint32_t state = line[cpus - 1].state;

	nothing_is_lost();
	if (again)
		weak_check(shared.listener == cpus - 1 && state == LINE_LISTENING,
			   "the CPU that arrives again does not listen");
	else
		weak_check(shared.listener == LINE_NONE && state == LINE_AWAY,
			   "the CPU that was removed has got the role, or a state");
}

static APART void wakeup_2(void)
{
	shape(2, false, false, -1, false);
}

static APART void two_wait(void)
{
	shape(2, false, true, -1, false);
}

static APART void wakeup_2_hlt(void)
{
	shape(2, true, false, -1, false);
}

static APART void wakeup_3(void)
{
	shape(3, false, true, -1, false);
}

static APART void broadcast_2(void)
{
	shape(2, false, false, -1, false);
}

static APART void broadcast_2_counted(void)
{
	broadcast_2();
	counts = true;
}

static APART void avoid_2(void)
{
	shape(2, false, false, -1, false);
	line[0].avoid = 1;
}

static APART void loss_2(void)
{
	shape(2, false, true, 0, false);
}

static APART void loss_itself_2(void)
{
	shape(2, false, true, 0, true);
}

static APART void loss_3(void)
{
	shape(3, false, true, 0, false);
}

static const struct weak_test all[] = {
	{"two CPUs arrive and are woken", 3, wakeup_2, wakeups, all_have_left, 0, 0, 0, NULL},
	{"two CPUs, by interrupts", 3, wakeup_2_hlt, wakeups, all_have_left, 0, 0, 0, NULL},
	{"two CPUs, one is woken", 3, wakeup_2, one_wakeup, only_last_has_left, 0, 0, 0, NULL},
	{"two CPUs, a TEST may be given up", 3, wakeup_2, test_then_wakeup, tested_once, 0, 0,
	 60000, NULL},
	{"two CPUs, a TEST and a WAKEUP of the same", 3, two_wait, test_then_same,
	 only_last_has_left, 0, 0, 60000, NULL},
	{"two CPUs, a broadcast", 3, broadcast_2, broadcast, all_left_at_once, 0, 0, 0, NULL},
	{"two CPUs, a broadcast when all are counted as held", 3, broadcast_2_counted, broadcast,
	 all_left_at_once, 0, 0, 0, NULL},
	{"two CPUs, one is to be avoided as listener", 3, avoid_2, one_wakeup, only_last_has_left,
	 0, 0, 60000, NULL},
	{"two CPUs, a listener is lost", 3, loss_2, loss, survivor_has_left, 0, 0, 0, NULL},
	{"two CPUs, a listener removes itself", 3, loss_itself_2, loss, survivor_has_left, 0, 0, 0,
	 NULL},
	{"two CPUs, one is removed, and may get the role", 3, two_wait, removal, role_is_not_lost,
	 0, 0, 0, NULL},
	{"three CPUs, one is woken", 4, wakeup_3, one_wakeup, only_last_has_left, 0, 0, 0, NULL},
	{"three CPUs are woken", 4, wakeup_3, wakeups, all_have_left, 0, 0, 40000, NULL},
	{"three CPUs, a TEST may be given up", 4, wakeup_3, test_then_wakeup, tested_once, 0, 0,
	 40000, NULL},
	{"three CPUs, a broadcast", 4, wakeup_3, broadcast, all_left_at_once, 0, 0, 40000, NULL},
	{"three CPUs, a listener is lost", 4, loss_3, loss, survivor_has_left, 0, 0, 40000, NULL},
	{"three CPUs, one is removed, and may get the role", 4, wakeup_3, removal, role_is_not_lost,
	 0, 0, 40000, NULL},
};

int main(int argc, char **argv)
{
	return weak_main(all, sizeof(all) / sizeof(*all), argc, argv);
}
