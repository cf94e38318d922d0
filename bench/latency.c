/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * How long a wakeup takes, natively: resident/x86_64/protocol.c with threads for CPUs,
 * each pinned to a core.  The kernel stores a command, as Linux does; the held
 * thread, back from protocol_hold(), stores to a line that the kernel watches.
 * That round trip less one bare hand-over of a cache line is the wakeup: so
 * only one core's time-stamp counter is needed.  The bare hand-over is half of
 * a ping-pong between the same cores, in the same turn: hypervisors move cores.
 *
 * Prints one line per way: its name; nanoseconds, and the ratio to the bare
 * hand-over, each at the 10th, 50th and 90th percentile of the turns' medians.
 */
#include <baton/table.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include "area/ledger.h"
#include "resident/x86_64/protocol.h"
#include "usual.h"

#define TURNS 200
#define ROUNDS_MAX 500
#define SETTLE_NS 3000 /* from when the thread may go in until the command */
#define ASLEEP_NS 100000

/* usual.c, compiled with another name. */
uint64_t usual_hold(struct shared *shared, uint32_t self);

enum how { PING_PONG, FUTEX_PING_PONG, HOLD, USUAL };

struct way {
	const char *name;
	enum how how;
	bool no_pause;	    /* between two looks at the mailbox */
	uint32_t ncpus;	    /* in the protocol; CPU 0 is the first listener */
	uint32_t target;    /* the CPU that is woken; CPU 1, if another, has no thread */
	unsigned period_us; /* the listener sleeps so long between two looks; 0: it polls */
	unsigned rounds;    /* in a turn */
	const char *base;   /* what it is compared with */
	double ns[TURNS];   /* medians of the turns */
};

static struct way ways[] = {
	{"bare", PING_PONG, .rounds = 500, .base = "bare"},
	{"usual-spin", USUAL, .no_pause = true, .ncpus = 1, .rounds = 500, .base = "bare"},
	{"usual-pause", USUAL, .ncpus = 1, .rounds = 500, .base = "bare"},
	{"alone-spin", HOLD, .no_pause = true, .ncpus = 1, .rounds = 500, .base = "bare"},
	{"alone", HOLD, .ncpus = 1, .rounds = 500, .base = "bare"},
	{"passing-spin", HOLD, .no_pause = true, .ncpus = 2, .rounds = 500, .base = "bare"},
	{"passing", HOLD, .ncpus = 2, .rounds = 500, .base = "bare"},
	{"bare-futex", FUTEX_PING_PONG, .rounds = 20, .base = "bare-futex"},
	{"rung-futex", HOLD, .ncpus = 2, .target = 1, .rounds = 20, .base = "bare-futex"},
	{"timer-1ms", HOLD, .ncpus = 1, .period_us = 1000, .rounds = 3, .base = "bare"},
	{"timer-10ms", HOLD, .ncpus = 1, .period_us = 10000, .rounds = 1, .base = "bare"},
};
#define WAYS (sizeof(ways) / sizeof(ways[0]))

static struct baton_mailbox mailbox __attribute__((aligned(4096)));
static struct line lines[2];
static struct shared shared = {.mailbox = &mailbox, .line = lines};
static struct {
	struct baton_table table;
	struct baton_entry entries[64];
} batn __attribute__((aligned(64)));

/* Each on a cache line of its own: how many rounds the kernel has let in, begun, seen. */
static uint32_t let_in __attribute__((aligned(64)));
static uint32_t ping __attribute__((aligned(64)));
static uint32_t pong __attribute__((aligned(64)));
static const struct way *way;
static pthread_barrier_t turn;
static double ticks_per_ns;

static inline uint64_t rdtsc(void)
{
	uint32_t low, high;

	__asm__ volatile("lfence; rdtsc" : "=a"(low), "=d"(high) : : "memory");
	return (uint64_t)high << 32 | low;
}

static void futex(uint32_t *word, int operation, uint32_t value, unsigned us)
{
	struct timespec time = {.tv_nsec = us * 1000L};

	syscall(SYS_futex, word, operation, value, us ? &time : NULL, NULL, 0);
}

/* The port: as resident/x86_64/port.c, where a thread can. */

void protocol_port_relax(void)
{
	__asm__ volatile("pause" ::: "memory");
}

void protocol_port_sleep(struct shared *t, uint32_t self)
{
	futex(&t->line[self].state, FUTEX_WAIT_PRIVATE, LINE_WAITING, 0);
}

void shared_wake(struct shared *t, uint32_t self, uint32_t target)
{
	(void)self;
	if (target <= way->target) /* it has a thread */
		futex(&t->line[target].state, FUTEX_WAKE_PRIVATE, 1, 0);
}

void protocol_port_listening(struct shared *t, uint32_t self)
{
	(void)t;
	(void)self;
}

void protocol_port_listen(struct shared *t, uint32_t self, uint32_t quiet)
{
	(void)self;
	(void)quiet;
	if (way->target) /* the listener shares its core with the kernel */
		sched_yield();
	else if (way->period_us)
		futex(&let_in, FUTEX_WAIT_PRIVATE, let_in, way->period_us);
	else if (!USUAL_NO_PAUSE(t->mailbox))
		protocol_port_relax();
}

bool protocol_port_reachable(struct shared *t, uint32_t self, uint64_t vector)
{
	(void)t;
	(void)self;
	return vector != 0;
}

void protocol_port_releasing(struct shared *t, uint32_t self, uint64_t vector)
{
	ledger_write(&batn.table, rdtsc(), vector,
		     baton_what(t->line[self].apic_id, BATON_EVENT_RELEASE, 0, 0));
	__atomic_fetch_add(&batn.table.held, -BATON_COUNT_ONE, __ATOMIC_RELAXED);
}

void protocol_port_kept(struct shared *t, uint32_t self)
{
	(void)t;
	(void)self;
	abort(); /* this kernel withdraws no command */
}

void protocol_port_testing(struct shared *t, uint32_t self)
{
	protocol_port_kept(t, self);
}

void protocol_port_not_tested(struct shared *t, uint32_t self)
{
	protocol_port_kept(t, self);
}

static void pin(int core)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(core, &set);
	if (pthread_setaffinity_np(pthread_self(), sizeof(set), &set)) {
		fprintf(stderr, "latency: no core %d to run on: two are needed\n", core);
		exit(EXIT_FAILURE);
	}
}

static bool ping_pong(void)
{
	return way->how == PING_PONG || way->how == FUTEX_PING_PONG;
}

/* One round of the thread that is woken: until it has been. */
static void be_woken(uint32_t self, uint32_t round)
{
	while (__atomic_load_n(&let_in, __ATOMIC_ACQUIRE) != round)
		protocol_port_relax();
	switch (way->how) {
	case PING_PONG:
		while (__atomic_load_n(&ping, __ATOMIC_ACQUIRE) != round)
			;
		break;
	case FUTEX_PING_PONG:
		while (__atomic_load_n(&ping, __ATOMIC_ACQUIRE) != round)
			futex(&ping, FUTEX_WAIT_PRIVATE, round - 1, 0);
		break;
	case HOLD:
		protocol_hold(&shared, self);
		break;
	case USUAL:
		usual_hold(&shared, self);
	}
	__atomic_store_n(&pong, round, __ATOMIC_RELEASE);
}

static void *target(void *unused)
{
	(void)unused;
	pin(1);
	for (;;) {
		pthread_barrier_wait(&turn);
		if (!way)
			return NULL;
		for (uint32_t round = 1; round <= way->rounds; round++)
			be_woken(way->target, round);
		pthread_barrier_wait(&turn);
	}
}

/* Only if the target is not CPU 0 itself. */
static void *listener(void *unused)
{
	(void)unused;
	pin(0);
	for (;;) {
		pthread_barrier_wait(&turn);
		if (!way)
			return NULL;
		if (way->target)
			protocol_hold(&shared, 0);
		pthread_barrier_wait(&turn);
	}
}

static void command(uint32_t cpu)
{
	mailbox.apic_id = cpu;
	mailbox.wakeup_vector = 1;
	__atomic_store_n(&mailbox.command, BATON_COMMAND_WAKEUP, __ATOMIC_RELEASE);
	while (__atomic_load_n(&mailbox.command, __ATOMIC_ACQUIRE) != BATON_COMMAND_NOOP)
		if (way->target)
			sched_yield();
}

static void wake(uint32_t round)
{
	if (!ping_pong()) {
		command(way->target);
		return;
	}
	__atomic_store_n(&ping, round, __ATOMIC_RELEASE);
	if (way->how == FUTEX_PING_PONG)
		futex(&ping, FUTEX_WAKE_PRIVATE, 1, 0);
}

/* Until the target waits; at a time that has nothing to do with the listener's periods. */
static void settle(void)
{
	uint64_t ns = way->target || way->how == FUTEX_PING_PONG ? ASLEEP_NS : SETTLE_NS;

	if (way->period_us)
		ns += rand() % (2 * way->period_us) * 1000;
	for (uint64_t start = rdtsc(); rdtsc() - start < ns * ticks_per_ns;)
		if (way->target)
			sched_yield();
		else
			protocol_port_relax();
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double percentile(const double *values, size_t n, unsigned percent)
{
	double sorted[ROUNDS_MAX];

	memcpy(sorted, values, n * sizeof(*values));
	qsort(sorted, n, sizeof(*sorted), compare);
	return sorted[(n - 1) * percent / 100];
}

/* One turn of the way, on the kernel's side: the median round trip. */
static double run(struct way *w)
{
	double ns[ROUNDS_MAX] = {0};

	way = w;
	shared.ncpus = w->ncpus;
	shared.listener = LINE_NONE;
	mailbox.for_firmware[0] = w->no_pause;
	let_in = ping = pong = 0;
	pthread_barrier_wait(&turn);
	for (uint32_t round = 1; round <= w->rounds; round++) {
		uint64_t start;

		if (!w->target) {
			/* CPU 1 only waits, so that the role has to be passed on to it. */
			lines[1].state = LINE_WAITING;
			shared.listener = LINE_NONE;
		}
		__atomic_store_n(&let_in, round, __ATOMIC_RELEASE);
		settle();
		start = rdtsc();
		wake(round);
		while (__atomic_load_n(&pong, __ATOMIC_ACQUIRE) != round)
			;
		ns[round - 1] = (rdtsc() - start) / ticks_per_ns;
	}
	if (w->target)
		command(0);
	pthread_barrier_wait(&turn);
	return percentile(ns, w->rounds, 50);
}

static void calibrate(void)
{
	struct timespec a, b;
	uint64_t start = rdtsc();

	clock_gettime(CLOCK_MONOTONIC, &a);
	do
		clock_gettime(CLOCK_MONOTONIC, &b);
	while ((b.tv_sec - a.tv_sec) * 1000000000l + b.tv_nsec - a.tv_nsec < 50000000);
	ticks_per_ns = (rdtsc() - start) /
		       (double)((b.tv_sec - a.tv_sec) * 1000000000l + b.tv_nsec - a.tv_nsec);
}

static const double *base_of(const struct way *w)
{
	for (size_t i = 0; i < WAYS; i++)
		if (!strcmp(ways[i].name, w->base))
			return ways[i].ns;
	abort();
}

static void print_percentiles(const double *values)
{
	for (unsigned percent = 10; percent <= 90; percent += 40)
		printf(" %.2f", percentile(values, TURNS, percent));
}

static void report(const struct way *w)
{
	const double *base = base_of(w);
	double ratio[TURNS];

	for (unsigned t = 0; t < TURNS; t++)
		ratio[t] = w->ns[t] / base[t];
	printf("%s", w->name);
	print_percentiles(w->ns);
	print_percentiles(ratio);
	putchar('\n');
}

int main(void)
{
	pthread_t threads[2];

	calibrate();
	batn.table.held = baton_count_of(0);
	batn.table.entries_written = baton_count_of(0);
	batn.table.acpi_header[4] = sizeof(batn) & 0xff;
	batn.table.acpi_header[5] = sizeof(batn) >> 8;
	lines[1].apic_id = 1;
	pin(0);
	pthread_barrier_init(&turn, NULL, 3);
	pthread_create(&threads[0], NULL, target, NULL);
	pthread_create(&threads[1], NULL, listener, NULL);
	for (unsigned t = 0; t < TURNS; t++) {
		double bare = ways[0].ns[t] = run(&ways[0]) / 2;

		for (size_t i = 1; i < WAYS; i++)
			ways[i].ns[t] = run(&ways[i]) - bare; /* the way back */
	}
	way = NULL;
	pthread_barrier_wait(&turn);
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	for (size_t i = 0; i < WAYS; i++)
		report(&ways[i]);
	return EXIT_SUCCESS;
}
