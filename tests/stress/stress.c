/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The protocol of held CPUs on the host: the same C, threads for CPUs, stalls at
 * any access to shared memory, and a kernel that hands CPUs out and takes them
 * back; first as Linux does, with broadcasts, then carelessly.  Everything is counted twice, by
 * the kernel and by the CPUs, and must agree.  The first kernel also loses CPUs that are held:
 * each is stopped at any access, removed, and arrives again.  At last as Linux does, in a guest
 * whose host ends sleeps early or late, and refuses to wake.
 *
 * Prints TAP.  A hang ends in a message that says where every CPU is.
 */
#define _GNU_SOURCE
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "resident/x86_64/pace.h"
#include "resident/x86_64/protocol.h"

#ifndef HANDOVERS
#define HANDOVERS 1000000
#endif

#define CPUS 6u
#define AVOIDED 2 /* the first ones are not to listen if another can */
#define HANG_SECONDS 20

/* A wakeup vector says whose it is, and which: both halves matter. */
#define VECTOR(cpu, n) ((uint64_t)((cpu) + 1) << 32 | (uint32_t)(n))
#define ALL CPUS
#define STOP UINT32_MAX

struct cpu {
	pthread_t thread;
	uint64_t wakeups, tests, returns; /* by the CPU: done */
	uint64_t commanded, answered;	  /* by the kernel: that it saw done */
	uint64_t expected;		  /* the vector of its wakeup, by the kernel */
	uint64_t due;			  /* ... when the CPU was about to acknowledge */
	uint32_t running;
	uint32_t come_back;
	uint32_t leaving;	/* between protocol_port_releasing() and protocol_port_kept() or its
				   arrival */
	uint32_t stopped, lost; /* it is to be lost; it is, and waits to arrive again */
	uint64_t ran;		/* its wakeups, in live() */
} __attribute__((aligned(64)));

static struct baton_mailbox mailbox __attribute__((aligned(4096)));
static struct line lines[CPUS];
static struct shared shared = {
	.mailbox = &mailbox, .line = lines, .ncpus = CPUS, .listener = LINE_NONE};
static struct cpu cpus[CPUS];
static bool careless;
static bool hostile;		 /* the host */
static uint64_t refusals, early; /* of the host: wake-ups not sent, and sleeps that were none */
static uint64_t broadcasts, losses;
static uint32_t nheld;	  /* in the table: held */
static uint32_t owned;	  /* CPUs that the kernel knows to be its own */
static uint32_t parting;  /* how often it has given one back */
static bool expects;	  /* the listener: a kernel is to begin */
static uint64_t progress; /* for the watchdog */
static __thread uint64_t seed;
static __thread struct cpu *mortal; /* this thread, while it is in protocol_hold() */
static __thread jmp_buf lost_here;

#define GET(word) __atomic_load_n(&(word), __ATOMIC_SEQ_CST)
#define SET(word, value) __atomic_store_n(&(word), value, __ATOMIC_SEQ_CST)
#define ADD(word) __atomic_fetch_add(&(word), 1, __ATOMIC_SEQ_CST)
#define SUB(word) __atomic_fetch_sub(&(word), 1, __ATOMIC_SEQ_CST)

static void say_where_all_are(void)
{
	static const char *const names[] = {"AWAY", "WAITING", "WOKEN", "LISTENING"};
	uint32_t listener = GET(shared.listener);

	printf("# mailbox: command %u for APIC ID %u; listener: CPU %d\n", GET(mailbox.command),
	       GET(mailbox.apic_id), listener == LINE_NONE ? -1 : (int)listener);
	for (unsigned i = 0; i < CPUS; i++) {
		uint32_t state = GET(lines[i].state);

		if (state >= LINE_WAKING)
			printf("# CPU %u: %s, by CPU %u", i,
			       state < LINE_LOST ? "WAKING" : "removed while WAKING",
			       (state & ~LINE_LOST) - LINE_WAKING);
		else
			printf("# CPU %u: %s", i, names[state]);
		if (GET(cpus[i].lost))
			printf(", lost");
		printf("; APIC ID %u, %s, commanded %lu, woken %lu, returned %lu\n",
		       lines[i].apic_id, GET(cpus[i].running) ? "runs" : "does not run",
		       GET(cpus[i].commanded), GET(cpus[i].wakeups), GET(cpus[i].returns));
	}
}

/* A property is violated: nothing that follows would mean anything. */
static _Noreturn void fail(const char *format, ...)
{
	va_list arguments;

	printf("not ok - ");
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	printf("\n");
	say_where_all_are();
	fflush(stdout);
	_exit(1);
}

static uint32_t randomly(uint32_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32_t)(seed >> 32) % below;
}

void stalls_now(void);

/* GET() itself stalls. */
static bool is_set(const uint32_t *word)
{
	uint32_t value;

	__atomic_load(word, &value, __ATOMIC_SEQ_CST);
	return value;
}

void stalls_now(void)
{
	uint32_t dice = randomly(16384);

	if (mortal && is_set(&mortal->stopped) && !is_set(&mortal->leaving)) {
		mortal = NULL;
		longjmp(lost_here, 1);
	}
	if (dice == 0)
		usleep(randomly(300));
	else if (dice < 512)
		sched_yield();
}

/* The port: threads for CPUs. */

static void futex(uint32_t *word, int operation, uint32_t value)
{
	syscall(SYS_futex, word, operation, value, NULL, NULL, 0);
}

/* What the host may do to a CPU of a TDX guest; the CPU's own timer ends its sleep at last. */
static void sleep_under_hostile_host(uint32_t *word)
{
	const struct timespec timer = {.tv_nsec = 200000};

	if (!randomly(4)) {
		ADD(early);
		return;
	}
	syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, LINE_WAITING, &timer, NULL, 0);
	if (!randomly(64))
		usleep(randomly(300));
}

void protocol_port_sleep(struct shared *t, uint32_t self)
{
	stalls_now();
	if (hostile)
		sleep_under_hostile_host(&t->line[self].state);
	else
		futex(&t->line[self].state, FUTEX_WAIT_PRIVATE, LINE_WAITING);
}

void shared_wake(struct shared *t, uint32_t self, uint32_t target)
{
	stalls_now();
	if ((GET(t->line[target].state) & ~LINE_LOST) != LINE_WAKING + self)
		fail("CPU %u wakes CPU %u, which does not wait for that", self, target);
	if (GET(cpus[target].leaving))
		fail("CPU %u wakes CPU %u, which has left", self, target);
	if (hostile && !randomly(3))
		ADD(refusals);
	else
		futex(&t->line[target].state, FUTEX_WAKE_PRIVATE, 1);
	stalls_now();
}

void protocol_port_listening(struct shared *t, uint32_t self)
{
	(void)t;
	(void)self;
}

/* As port.c, all_held(): never while a kernel knows that it has a CPU. */
static bool looks_ahead(void)
{
	uint32_t parted = GET(parting), theirs = GET(owned);
	bool all = GET(nheld) == CPUS;

	if (!careless && all && theirs && GET(parting) == parted)
		fail("the listener expects a kernel to begin, but one has %u CPUs", theirs);
	SET(expects, all);
	return all;
}

void protocol_port_listen(struct shared *t, uint32_t self, uint32_t quiet)
{
	uint32_t us;

	if (GET(t->listener) != self || GET(t->line[self].state) != LINE_LISTENING)
		fail("CPU %u listens, but is not the listener", self);
	stalls_now();
	us = pace_sleep_us(20 * (uint64_t)quiet, looks_ahead(), 0);
	if (us)
		usleep(us / 10);
	else
		sched_yield();
}

void protocol_port_relax(void)
{
	sched_yield();
}

bool protocol_port_reachable(struct shared *t, uint32_t self, uint64_t vector)
{
	(void)t;
	(void)self;
	return vector != 0;
}

void protocol_port_releasing(struct shared *t, uint32_t self, uint64_t vector)
{
	(void)t;
	(void)vector;
	SET(cpus[self].leaving, 1);
	cpus[self].due = GET(cpus[self].expected);
	cpus[self].wakeups++;
	stalls_now();
	SUB(nheld);
	stalls_now();
}

void protocol_port_kept(struct shared *t, uint32_t self)
{
	(void)t;
	stalls_now();
	cpus[self].wakeups--;
	ADD(nheld);
	SET(cpus[self].leaving, 0);
}

void protocol_port_testing(struct shared *t, uint32_t self)
{
	(void)t;
	ADD(cpus[self].tests);
	stalls_now();
}

void protocol_port_not_tested(struct shared *t, uint32_t self)
{
	(void)t;
	stalls_now();
	__atomic_fetch_sub(&cpus[self].tests, 1, __ATOMIC_SEQ_CST);
}

/* Until the kernel has removed it. */
static void be_lost(struct cpu *cpu)
{
	SET(cpu->running, 1);
	SET(cpu->stopped, 0);
	SET(cpu->lost, 1);
	while (GET(cpu->lost))
		futex(&cpu->lost, FUTEX_WAIT_PRIVATE, 1);
}

/* The life of one CPU. */
static void *live(void *argument)
{
	struct cpu *cpu = argument;
	uint32_t self = cpu - cpus;

	seed = 0x9e3779b97f4a7c15 * (self + 1);
	for (;;) {
		uint64_t vector;

		if (setjmp(lost_here))
			be_lost(cpu);
		SET(cpu->leaving, 0);
		protocol_arrive(&shared, self);
		stalls_now();
		ADD(nheld);
		stalls_now();
		SET(cpu->running, 0); /* now the kernel may believe that it is held */
		mortal = cpu;
		vector = protocol_hold(&shared, self);
		mortal = NULL;
		if (vector == VECTOR(self, STOP))
			return NULL;
		if (++cpu->ran != cpu->wakeups)
			fail("CPU %u runs for the %luth time with %lu wakeups", self, cpu->ran,
			     cpu->wakeups);
		if (vector >> 32 == 0 || vector >> 32 > CPUS + 1)
			fail("CPU %u was sent to half a vector, %lx", self, vector);
		if (!careless && vector != cpu->due)
			fail("CPU %u was sent to %lx instead of %lx", self, vector, cpu->due);
		if (GET(lines[self].state) != LINE_AWAY || GET(shared.listener) == self)
			fail("CPU %u runs, but is not out of the protocol", self);
		SET(cpu->running, 1);
		while (!careless && !GET(cpu->come_back))
			futex(&cpu->come_back, FUTEX_WAIT_PRIVATE, 0);
		stalls_now();
		SET(cpu->come_back, 0);
		cpu->returns++;
	}
}

/* The kernel: every access as one of its own, in Linux's order. */

static void command(uint16_t what, uint32_t apic_id, uint64_t vector)
{
	__atomic_store_n(&mailbox.apic_id, apic_id, __ATOMIC_RELAXED);
	stalls_now();
	if (what != BATON_COMMAND_TEST)
		__atomic_store_n(&mailbox.wakeup_vector, vector, __ATOMIC_RELAXED);
	stalls_now();
	__atomic_store_n(&mailbox.command, what, __ATOMIC_RELEASE);
	ADD(progress);
}

static bool taken(void)
{
	return __atomic_load_n(&mailbox.command, __ATOMIC_ACQUIRE) == BATON_COMMAND_NOOP;
}

static void wait_taken(void)
{
	while (!taken())
		sched_yield();
	ADD(progress);
}

/* False if it was given up, and stands in the mailbox still. */
static bool wait_a_while(void)
{
	for (uint32_t patience = randomly(100); patience; patience--) {
		if (taken())
			return true;
		sched_yield();
	}
	return taken();
}

static void begin_wake(uint32_t i, uint64_t vector)
{
	SET(cpus[i].expected, vector);
	command(BATON_COMMAND_WAKEUP, lines[i].apic_id, vector);
	cpus[i].commanded++;
}

static void end_wake(uint32_t i)
{
	wait_taken();
	if (cpus[i].wakeups != cpus[i].commanded)
		fail("CPU %u: the kernel saw %lu wakeups done, it took %lu", i, cpus[i].commanded,
		     cpus[i].wakeups);
	ADD(owned);
}

/*
 * Whether no CPU is on its way, in or out: so the contract wants it for a broadcast.
 * come_back first: a CPU that was just woken does not run yet, and clears it when it does.
 */
static bool all_are_settled(const bool *online)
{
	for (uint32_t i = 0; i < CPUS; i++)
		if (GET(cpus[i].come_back) || GET(cpus[i].running) != online[i])
			return false;
	return true;
}

/* All that are not online; how many those were. */
static uint32_t wake_all(bool *online, uint64_t n)
{
	uint32_t woken = 0;

	for (uint32_t i = 0; i < CPUS; i++)
		SET(cpus[i].expected, VECTOR(ALL, n));
	command(BATON_COMMAND_RELEASE_ALL, BATON_APIC_ID_ALL, VECTOR(ALL, n));
	wait_taken();
	for (uint32_t i = 0; i < CPUS; i++) {
		cpus[i].commanded += !online[i];
		if (!online[i])
			ADD(owned);
		woken += !online[i];
		online[i] = true;
		if (cpus[i].wakeups != cpus[i].commanded || GET(lines[i].state) != LINE_AWAY)
			fail("CPU %u: the kernel saw that all had left, it did not", i);
	}
	if (GET(shared.listener) != LINE_NONE)
		fail("there is a listener, but all have left");
	return woken;
}

/* Offline for the kernel once it is on its way; perhaps tested, perhaps not. */
static void take_back(uint32_t i)
{
	ADD(parting);
	SUB(owned);
	SET(cpus[i].come_back, 1);
	futex(&cpus[i].come_back, FUTEX_WAKE_PRIVATE, 1);
	if (randomly(2)) {
		command(BATON_COMMAND_TEST, lines[i].apic_id, 0);
		if (wait_a_while())
			cpus[i].answered++;
	}
}

/* A CPU that is not online, neither @a nor @b; most often the listener.  CPUS: there is none. */
static uint32_t another(const bool *online, uint32_t a, uint32_t b)
{
	uint32_t listener = GET(shared.listener);

	if (listener < CPUS && listener != a && listener != b && !online[listener] && randomly(4))
		return listener;
	for (uint32_t i = randomly(CPUS), tries = CPUS; tries; tries--, i = (i + 1) % CPUS)
		if (i != a && i != b && !online[i])
			return i;
	return CPUS;
}

/*
 * CPU @i, which is held, is lost, and removed while another is woken: so that may just be
 * giving it the role of the listener.  The others do without it until it arrives again.
 * Returns that other one, which is online now; CPUS: there is none.
 */
static uint32_t lose(uint32_t i, const bool *online, uint64_t n)
{
	uint32_t other, third;

	while (GET(cpus[i].running))
		sched_yield();
	SET(cpus[i].stopped, 1);
	while (!GET(cpus[i].lost)) {
		futex(&lines[i].state, FUTEX_WAKE_PRIVATE, 1); /* it may sleep */
		sched_yield();
	}
	SUB(nheld);
	other = another(online, i, i);
	if (other < CPUS)
		begin_wake(other, VECTOR(other, n));
	for (uint32_t looks = randomly(60); looks; looks--)
		stalls_now();
	shared_remove(&shared, i, i);
	if (other < CPUS)
		end_wake(other);
	third = another(online, i, other);
	if (third < CPUS) {
		command(BATON_COMMAND_TEST, lines[third].apic_id, 0);
		wait_taken();
		cpus[third].answered++;
	}
	if (GET(lines[i].state) == LINE_AWAY && GET(shared.listener) == i)
		fail("CPU %u is removed, and has the role of the listener", i);
	SET(cpus[i].lost, 0);
	futex(&cpus[i].lost, FUTEX_WAKE_PRIVATE, 1);
	losses++;
	return other;
}

static void hand_over_as_linux(uint64_t count)
{
	bool online[CPUS] = {false};

	for (uint64_t n = 0; n < count;) {
		uint32_t i = randomly(CPUS), woken;

		if (!online[i] && !randomly(8)) {
			while (!all_are_settled(online))
				sched_yield();
			woken = wake_all(online, n);
			n += woken;
			broadcasts++;
			continue;
		}
		if (!online[i] && !randomly(32)) {
			woken = lose(i, online, n++);
			if (woken < CPUS)
				online[woken] = true;
			continue;
		}
		if (online[i]) {
			take_back(i);
		} else {
			begin_wake(i, VECTOR(i, n++));
			end_wake(i);
		}
		online[i] = !online[i];
	}
	for (uint32_t i = 0; i < CPUS; i++)
		if (online[i])
			take_back(i);
}

/* Any command for any CPU or none, waited for or not. */
static void hand_over_carelessly(uint64_t count)
{
	for (uint64_t n = 0; n < count; n++) {
		uint32_t i = randomly(CPUS + 2);
		uint32_t apic_id = i < CPUS   ? lines[i].apic_id
				   : i == ALL ? BATON_APIC_ID_ALL
					      : 0x12345;
		uint16_t what = 1 + randomly(3);

		command(what, apic_id, VECTOR(randomly(CPUS + 1), n));
		broadcasts += i == ALL && what == BATON_COMMAND_RELEASE_ALL;
		if (randomly(4))
			wait_a_while();
	}
}

/* Whether CPU @number answers a TEST itself: its own count of them goes up by one. */
static bool proves_itself(uint32_t number)
{
	uint64_t tests;

	command(BATON_COMMAND_NOOP, 0, 0);
	while (!careless && GET(cpus[number].running))
		sched_yield();
	usleep(2000); /* whoever was late with the last command should be no more ... */
	tests = GET(cpus[number].tests);
	command(BATON_COMMAND_TEST, lines[number].apic_id, 0);
	wait_taken();
	return GET(cpus[number].tests) == tests + 1;
}

/* All are held: each proves it, and sleeps or listens. */
static void all_are_held(void)
{
	uint32_t listeners = 0;

	for (uint32_t i = 0; i < CPUS; i++) {
		int tries = 10; /* ... but may be: it counts, and takes that back */

		while (!proves_itself(i))
			if (!--tries)
				fail("CPU %u: a TEST was answered that it did not take", i);
	}
	usleep(200000);
	for (uint32_t i = 0; i < CPUS; i++) {
		uint32_t state = GET(lines[i].state);

		listeners += state == LINE_LISTENING;
		if (state == LINE_LISTENING ? GET(shared.listener) != i || i < AVOIDED
					    : state != LINE_WAITING)
			fail("CPU %u is not where it should be", i);
	}
	if (!GET(expects))
		fail("all are held, but the listener expects no kernel");
	if (listeners != 1)
		fail("%u CPUs listen", listeners);
}

static void *watch(void *unused)
{
	uint64_t last = 0, now;

	(void)unused;
	for (unsigned quiet = 0; quiet < HANG_SECONDS; sleep(1)) {
		now = GET(progress);
		quiet = now == last ? quiet + 1 : 0;
		last = now;
	}
	fail("nothing has moved for %u seconds", HANG_SECONDS);
}

/* One kernel's time, from the arrival of all to their end. */
static void stress(unsigned number, void (*hand_over)(uint64_t), uint64_t count)
{
	uint64_t wakeups = 0, tests = 0, returns = 0, commanded = 0, answered = 0;

	broadcasts = losses = 0;
	for (uint32_t i = 0; i < CPUS; i++) {
		cpus[i] = (struct cpu){.running = 1}; /* until it is held */
		if (pthread_create(&cpus[i].thread, NULL, live, &cpus[i]))
			fail("no thread for CPU %u", i);
	}
	hand_over(count);
	all_are_held();
	for (uint32_t i = 0; i < CPUS; i++) {
		command(BATON_COMMAND_WAKEUP, lines[i].apic_id, VECTOR(i, STOP));
		wait_taken();
		pthread_join(cpus[i].thread, NULL);
		cpus[i].wakeups--;
		if (cpus[i].wakeups != cpus[i].returns ||
		    (!careless && cpus[i].wakeups != cpus[i].commanded))
			fail("CPU %u: commanded %lu times, woken %lu, returned %lu", i,
			     cpus[i].commanded, cpus[i].wakeups, cpus[i].returns);
		if (cpus[i].tests < cpus[i].answered + 1)
			fail("CPU %u: %lu tests seen answered, it took %lu", i,
			     cpus[i].answered + 1, cpus[i].tests);
		wakeups += cpus[i].wakeups;
		tests += cpus[i].tests;
		returns += cpus[i].returns;
		commanded += cpus[i].commanded;
		answered += cpus[i].answered;
	}
	if (GET(shared.listener) != LINE_NONE)
		fail("there is a listener, but nobody is held");
	printf("ok %u - %s kernel%s: %lu wakeups, %lu broadcasts, %lu returns, %lu tests, %lu "
	       "losses on %u CPUs\n",
	       number, careless ? "a careless" : "Linux as the", hostile ? ", a hostile host" : "",
	       wakeups, broadcasts, returns, tests, losses, CPUS);
	if (hostile)
		printf("# %lu wake-ups were refused, %lu sleeps ended at once\n", refusals, early);
	if (!careless)
		printf("# wakeups commanded %lu; tests seen answered %lu, %lu answered late\n",
		       commanded, answered, tests - CPUS - answered);
	fflush(stdout);
}

int main(void)
{
	pthread_t watchdog;

	seed = 88172645463325252;
	for (uint32_t i = 0; i < CPUS; i++) {
		lines[i].apic_id = (i * 7 + 3) << (i % 3 * 8); /* some of more than 8 and 16 bits */
		lines[i].avoid = i < AVOIDED;
	}
	if (pthread_create(&watchdog, NULL, watch, NULL))
		fail("no thread for the watchdog");
	printf("1..3\n");
	stress(1, hand_over_as_linux, HANDOVERS);
	careless = true;
	stress(2, hand_over_carelessly, HANDOVERS / 2);
	careless = false;
	hostile = true;
	stress(3, hand_over_as_linux, HANDOVERS / 20);
	return 0;
}
