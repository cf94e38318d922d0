/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "collect.h"
#include <baton/mailbox.h>
#include "area/ledger.h"
#include <baton/x86_64/cpu.h>
#include "area/x86_64/shared.h"
#include "stage/say.h"
#include "machine.h"

#define REPORT_US 5000000u
#define INIT_US 1000 /* until a CPU that gets INIT is sure to have stopped */
#define WATCH_MWAIT_US 1000

static struct shared *shared_of(const struct baton_area *area)
{
	return (struct shared *)((uint8_t *)area + AREA_SHARED);
}

static volatile struct baton_mailbox *mailbox_of(const struct baton_area *area)
{
	return (volatile struct baton_mailbox *)((uint8_t *)area + BATON_AREA_MAILBOX);
}

static bool is_held(const struct baton_cpu_record *cpu)
{
	return collect_state(cpu) == BATON_CPU_HELD;
}

static void set_state(struct baton_cpu_record *cpu, uint32_t state)
{
	__atomic_store_n(&cpu->state, baton_count_of(state), __ATOMIC_RELAXED);
}

static void set_origin(struct baton_cpu_record *cpu, uint32_t origin)
{
	__atomic_store_n(&cpu->origin, baton_count_of(origin), __ATOMIC_RELAXED);
}

static uint32_t origin_of(const struct baton_cpu_record *cpu)
{
	return baton_count_value(cpu->origin);
}

static void delay(uint64_t ticks)
{
	for (uint64_t start = rdtsc(); rdtsc() - start < ticks;)
		cpu_relax();
}

bool collect_arrived(struct baton_area *area, uint64_t deadline)
{
	struct baton_table *table = collect_table(area);

	for (uint32_t i = 0; i < table->ncpus; i++)
		while (collect_state(&table->cpu[i]) == BATON_CPU_COLLECTING) {
			if (rdtsc() > deadline)
				return false;
			cpu_relax();
		}
	return true;
}

struct collect_wait collect_wait(const struct collection *c, uint32_t apic_id, uint64_t limit_us)
{
	return (struct collect_wait){
		.collection = c,
		.apic_id = apic_id,
		.since = rdtsc(),
		.limit_us = c->tdx ? TDX_TIMEOUT_US : limit_us,
		.next_us = REPORT_US,
	};
}

bool collect_waits(struct collect_wait *wait)
{
	uint64_t us = (rdtsc() - wait->since) / wait->collection->tsc_per_us;

	if (us >= wait->next_us) {
		wait->next_us = us + REPORT_US;
		say("waiting for the CPU with APIC ID %u: %llu s", wait->apic_id,
		    (unsigned long long)us / 1000000);
	}
	return us < wait->limit_us;
}

/* INIT needs the local APIC, and SIPI then a place to start at. */
static bool can_init(const struct collection *c)
{
	return c->trampoline && machine_apic(c->area->map_end).usable;
}

static bool can_start(const struct collection *c, uint32_t number)
{
	return can_init(c) && collect_table(c->area)->cpu[number].apic_id != c->spare;
}

/* TEST. */

/* The listener may be asleep until its timer comes: it need not wait for that. */
static void wake_listener(const struct baton_area *area)
{
	const struct apic apic = machine_apic(area->map_end);
	struct shared *shared = shared_of(area);
	uint32_t listener = shared_load(&shared->listener);

	if (listener < shared->ncpus && collect_table(area)->wait == baton_count_of(BATON_WAIT_HLT))
		apic_send(&apic, shared->line[listener].apic_id, ICR_FIXED | VECTOR_WAKE);
}

/* Whether @cpu answers TEST in the mailbox: then it is held. */
static bool answers_test(const struct collection *c, const struct baton_cpu_record *cpu)
{
	volatile struct baton_mailbox *mailbox = mailbox_of(c->area);
	struct collect_wait wait = collect_wait(c, cpu->apic_id, TEST_TIMEOUT_US);

	mailbox->apic_id = cpu->apic_id;
	__atomic_store_n(&mailbox->command, BATON_COMMAND_TEST, __ATOMIC_RELEASE);
	wake_listener(c->area);
	while (__atomic_load_n(&mailbox->command, __ATOMIC_ACQUIRE) != BATON_COMMAND_NOOP) {
		if (!collect_waits(&wait)) {
			__atomic_store_n(&mailbox->command, BATON_COMMAND_NOOP, __ATOMIC_RELEASE);
			return false;
		}
		cpu_relax();
	}
	return is_held(cpu);
}

/* Taking CPUs away. */

/* For shared_remove(), when the boot CPU removes a lost one. */
void shared_wake(struct shared *shared, uint32_t self, uint32_t target)
{
	const struct apic apic = machine_apic(UINT64_MAX);

	(void)self;
	apic_send(&apic, shared->line[target].apic_id, ICR_FIXED | VECTOR_WAKE);
}

/* A CPU that has to be collected and has not been yet. */
static bool is_to_collect(const struct baton_table *table, uint32_t number)
{
	const struct baton_cpu_record *cpu = &table->cpu[number];

	return cpu->apic_id != table->boot_apic_id && !origin_of(cpu) &&
	       collect_state(cpu) != BATON_CPU_MISSING;
}

/*
 * Stop every CPU from number @first to before @end that is to be collected, so that it is in
 * @state and nowhere else.  INIT leaves it waiting for a SIPI: only then is it sure
 * that it neither arrives late nor touches the mailbox, whatever it was in the
 * middle of.  Where INIT can't be used a CPU is left alone: if it arrives, it is held.
 */
static void stop(const struct collection *c, uint32_t state, uint32_t first, uint32_t end)
{
	const struct apic apic = machine_apic(c->area->map_end);
	struct baton_table *table = collect_table(c->area);
	bool sent = false;

	for (uint32_t i = first; i < end; i++)
		if (is_to_collect(table, i) && can_start(c, i)) {
			apic_send(&apic, table->cpu[i].apic_id, ICR_INIT);
			sent = true;
		}
	if (sent)
		delay(INIT_US * c->tsc_per_us);
	for (uint32_t i = first; i < end; i++)
		if (is_to_collect(table, i) && can_start(c, i)) {
			set_state(&table->cpu[i], state);
			shared_remove(shared_of(c->area), i, i);
		}
}

/* An earlier stage's area. */

/* A kernel may have taken the boot CPU out of the area by INIT, which leaves no trace. */
static void forget_boot_cpu(const struct collection *c, uint32_t number)
{
	struct shared *shared = shared_of(c->area);

	set_state(&collect_table(c->area)->cpu[number], BATON_CPU_RELEASED);
	if (shared_load(&shared->line[number].state) != LINE_AWAY)
		shared_remove(shared, number, number);
}

/*
 * Have CPU @number prove that it is held.  One whose record says otherwise
 * is not asked if INIT can fetch it: the last kernel has kept it.
 */
static void take_over(const struct collection *c, uint32_t number)
{
	struct baton_table *table = collect_table(c->area);
	struct baton_cpu_record *cpu = &table->cpu[number];

	if (is_to_collect(table, number) && (is_held(cpu) || !can_start(c, number)) &&
	    answers_test(c, cpu))
		set_origin(cpu, BATON_ORIGIN_AREA);
}

/* Those that are held in it stay; all others that can be stopped are sent for. */
static void take_over_all(const struct collection *c)
{
	struct baton_table *table = collect_table(c->area);
	uint32_t listener;

	/*
	 * A WAKEUP that nobody has taken may stand there since the last kernel's end.
	 * With the next APIC ID it would be another CPU's, to the old vector.
	 */
	__atomic_store_n(&mailbox_of(c->area)->command, BATON_COMMAND_NOOP, __ATOMIC_SEQ_CST);
	for (uint32_t i = 0; i < table->ncpus; i++) {
		set_origin(&table->cpu[i], BATON_ORIGIN_NOWHERE);
		if (table->cpu[i].apic_id == table->boot_apic_id)
			forget_boot_cpu(c, i);
	}
	/* Without the listener no other answers: if it is lost, that must be known first. */
	listener = shared_load(&shared_of(c->area)->listener);
	if (listener < table->ncpus) {
		take_over(c, listener);
		stop(c, BATON_CPU_COLLECTING, listener, listener + 1);
	}
	for (uint32_t i = 0; i < table->ncpus; i++)
		take_over(c, i);
	stop(c, BATON_CPU_COLLECTING, 0, table->ncpus);
}

/* All. */

/* A CPU that has arrived since then has come from @origin, if it answers TEST now. */
static void verify(const struct collection *c, uint32_t origin)
{
	struct baton_table *table = collect_table(c->area);

	for (uint32_t i = 0; i < table->ncpus; i++) {
		struct baton_cpu_record *cpu = &table->cpu[i];

		if (is_to_collect(table, i) && is_held(cpu) && answers_test(c, cpu))
			set_origin(cpu, origin);
	}
}

/* Give up the CPUs that are still to be collected. */
static void give_up(const struct collection *c)
{
	struct baton_table *table = collect_table(c->area);

	stop(c, BATON_CPU_MISSING, 0, table->ncpus);
	for (uint32_t i = 0; i < table->ncpus; i++) {
		baton_count collecting = baton_count_of(BATON_CPU_COLLECTING);

		/* It may be arriving just now: then it is held, and no kernel asks for it. */
		if (is_to_collect(table, i))
			__atomic_compare_exchange_n(&table->cpu[i].state, &collecting,
						    baton_count_of(BATON_CPU_MISSING), false,
						    __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
	}
}

/* Give held CPUs the time to find out that their MWAIT returns at once. */
static void watch_mwait(struct baton_table *table, uint64_t tsc_per_us)
{
	for (uint64_t start = rdtsc(); rdtsc() - start < WATCH_MWAIT_US * tsc_per_us;) {
		if (__atomic_load_n(&table->wait, __ATOMIC_RELAXED) !=
		    baton_count_of(BATON_WAIT_MWAIT))
			return;
		cpu_relax();
	}
}

/* Record in the ledger where each CPU came from; returns how many are held. */
static uint32_t record_all(struct baton_table *table)
{
	uint32_t held = 0;

	for (uint32_t i = 0; i < table->ncpus; i++) {
		const struct baton_cpu_record *cpu = &table->cpu[i];

		if (cpu->apic_id == table->boot_apic_id || !origin_of(cpu))
			continue;
		held++;
		ledger_write(table, rdtsc(), origin_of(cpu),
			     baton_what(cpu->apic_id, BATON_EVENT_COLLECTED,
					baton_count_value(cpu->nmis),
					baton_count_value(cpu->machine_checks)));
	}
	return held;
}

/* Where a CPU has come from that is found held in the end. */
static uint32_t last_origin(const struct collection *c)
{
	if (can_init(c))
		return BATON_ORIGIN_STARTUP;
	return c->mailbox ? BATON_ORIGIN_MAILBOX : BATON_ORIGIN_AREA;
}

uint32_t collect(struct collection *c)
{
	struct baton_table *table = collect_table(c->area);
	uint32_t held;

	if (c->adopted)
		take_over_all(c);
	if (c->mailbox) {
		c->live = wake_collect(c) && !can_init(c);
		verify(c, BATON_ORIGIN_MAILBOX);
		stop(c, BATON_CPU_COLLECTING, 0, table->ncpus);
	}
	if (can_init(c))
		startup_collect(c);
	verify(c, last_origin(c));
	give_up(c);
	watch_mwait(table, c->tsc_per_us);
	held = record_all(table);
	table->held = baton_count_of(held);
	return held;
}

const char *collect_origin_text(uint32_t origin)
{
	switch (origin) {
	case BATON_ORIGIN_STARTUP:
		return "by INIT and SIPI";
	case BATON_ORIGIN_MAILBOX:
		return "by the mailbox that was there";
	case BATON_ORIGIN_AREA:
		return "held already";
	default:
		return "not at all";
	}
}
