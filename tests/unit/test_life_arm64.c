/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * libbaton/arm64/psci.c and spin_table.c: the life of a CPU, against firmware and residents that
 * are good, late, deaf, or refuse.
 */
#include "fake_arm64.h"

#define SECOND 1000000ull
#define HOUR (3600 * SECOND)

static struct baton_machine *const machine = &fake_arm64.machine;

/* Whoever holds the CPUs: what it does each time that the kernel waits. */
static struct {
	uint64_t late_us;   /* from a release to its acknowledgement */
	uint64_t return_us; /* from a return to its proof */
	bool deaf;	    /* it takes nothing */
	bool refuses;	    /* every entry */
	bool lazy;	    /* it leaves the release word as it is */
	bool loses;	    /* the CPU does not come */
	bool quick;	    /* the CPU has come, and is back, before anybody looks */
	uint64_t seen[BOARD_CPUS];
	uint64_t left[BOARD_CPUS]; /* when the CPU left the kernel; 0: it has not */
	uint64_t entry[BOARD_CPUS], context[BOARD_CPUS];
	/* PSCI: what each CPU is, and what is answered to any CPU_ON, if that is not 0. */
	int32_t affinity[BOARD_CPUS], answer;
	unsigned releases;
} holder;

static int setup(void **state)
{
	(void)state;
	memset(&holder, 0, sizeof(holder));
	fake_arm64_reset();
	return 0;
}

/* Give @i back from the kernel: baton_die(), and it is on its way. */
static void leaves(unsigned i)
{
	assert_int_equal(fake_arm64_die(0x100 + i), 0);
	assert_int_equal(baton_state(&fake_arm64.cpu[i]), BATON_LEAVING);
	holder.left[i] = fake_arm64.now;
}

/*
 * The spin-table.
 */

static void take(unsigned i)
{
	holder.seen[i] = 0;
	if (holder.refuses) {
		fake_arm64.words[i] = 0;
		return;
	}
	holder.releases++;
	holder.entry[i] = fake_arm64.words[i];
	fake_arm64.held_words[i] = 0;
	if (!holder.lazy)
		fake_arm64.words[i] = 0;
	if (holder.loses)
		return;
	assert_true(fake_arm64_comes_up(0x100 + i));
	if (holder.quick) {
		leaves(i);
		holder.left[i] = 0;
		fake_arm64.held_words[i] = 1;
	}
}

static void spin_step(void)
{
	for (unsigned i = 1; i < 4; i++) {
		if (holder.left[i] && fake_arm64.now - holder.left[i] >= holder.return_us) {
			holder.left[i] = 0;
			fake_arm64.held_words[i] = 1;
		}
		if (!fake_arm64.words[i] || holder.deaf)
			continue;
		if (!holder.seen[i])
			holder.seen[i] = fake_arm64.now;
		if (fake_arm64.now - holder.seen[i] >= holder.late_us)
			take(i);
	}
}

static int spin(void **state)
{
	setup(state);
	fake_arm64.step = spin_step;
	fake_arm64_machine();
	assert_int_equal(machine->method, BATON_SPIN_TABLE_RETURN);
	return 0;
}

/* Firmware that knows no way back, and never clears a release word. */
static void plain_step(void)
{
	for (unsigned i = 1; i < 4; i++)
		if (fake_arm64.words[i] && baton_state(&fake_arm64.cpu[i]) == BATON_COMING &&
		    !holder.loses)
			assert_true(fake_arm64_comes_up(0x100 + i));
}

static int plain(void **state)
{
	setup(state);
	for (unsigned i = 0; i < 4; i++)
		fake_arm64.ret[i] = fake_arm64.held[i] = 0;
	fake_arm64.step = plain_step;
	fake_arm64_machine();
	assert_int_equal(machine->method, BATON_SPIN_TABLE);
	return 0;
}

/*
 * Firmware in which CPUs 1 and 2 share a word; CPU 3 has its own.  Those that share go where the
 * word says, and that is the pen.
 */
static void shared_step(void)
{
	const uint64_t *gates = (const uint64_t *)(fake_arm64.page + IDMAP_GATES);

	for (unsigned i = 1; i < 3; i++) {
		if (!fake_arm64.words[1] || baton_state(&fake_arm64.cpu[i]) == BATON_ONLINE)
			continue;
		assert_int_equal(fake_arm64.words[1], BOARD_PAGE + IDMAP_PEN);
		if (gates[i] == ((0x100 + i) | 1ull << GATE_USED | 1ull << GATE_OPEN) &&
		    !holder.loses)
			assert_true(fake_arm64_comes_up(0x100 + i));
	}
	if (fake_arm64.words[3] && baton_state(&fake_arm64.cpu[3]) != BATON_ONLINE) {
		assert_int_equal(fake_arm64.words[3], BOARD_PAGE);
		assert_true(fake_arm64_comes_up(0x103));
	}
}

static int shared(void **state)
{
	setup(state);
	for (unsigned i = 0; i < 4; i++)
		fake_arm64.ret[i] = fake_arm64.held[i] = 0;
	fake_arm64.release[2] = BOARD_RELEASE(1);
	fake_arm64.step = shared_step;
	fake_arm64_machine();
	assert_int_equal(machine->method, BATON_SPIN_TABLE);
	return 0;
}

static void put_up(unsigned i)
{
	assert_int_equal(baton_boot(machine, &fake_arm64.cpu[i]), 0);
	assert_int_equal(baton_alive(machine, &fake_arm64.cpu[i], 0), 0);
}

/* For PSCI, too. */
static void there_and_back(void **state)
{
	(void)state;
	for (unsigned round = 1; round < 4; round++)
		for (unsigned i = 1; i < 4; i++) {
			struct baton_cpu *cpu = &fake_arm64.cpu[i];

			put_up(i);
			assert_int_equal(baton_state(cpu), BATON_ONLINE);
			assert_int_equal(holder.entry[i], BOARD_PAGE);
			assert_int_equal(baton_boot(machine, cpu), BATON_E_STATE);
			assert_int_equal(baton_kill(machine, cpu, 0), BATON_E_STATE);
			assert_int_equal(baton_can_disable(machine, cpu), 0);
			leaves(i);
			assert_int_equal(baton_boot(machine, cpu), BATON_E_STATE);
			assert_int_equal(baton_kill(machine, cpu, 0), 0);
			assert_int_equal(baton_state(cpu), BATON_OFFLINE);
			assert_int_equal(holder.releases, (round - 1) * 3 + i);
			assert_int_equal(fake_arm64.quiets, holder.releases);
		}
	assert_int_equal(machine->strays, 0);
	assert_int_equal(fake_arm64.prints, 0);
}

static void leaves_by_the_page(void **state)
{
	(void)state;
	put_up(1);
	leaves(1);
	assert_int_equal(fake_arm64.left_return, BOARD_RETURN);
	assert_int_equal(fake_arm64.left_code, BOARD_PAGE + IDMAP_LEAVE);
	assert_int_equal(fake_arm64.left_root, BOARD_ROOT);
	assert_false(fake_arm64.interrupts);
}

static void late_acknowledgement_is_waited_for(void **state)
{
	(void)state;
	holder.late_us = 20 * SECOND;
	assert_int_equal(baton_boot(machine, &fake_arm64.cpu[2]), 0);
	assert_int_equal(baton_state(&fake_arm64.cpu[2]), BATON_ONLINE);
	assert_in_range(fake_arm64.prints, 19, 20);
	assert_non_null(strstr(fake_arm64.printed, "waiting for CPU 258"));
}

static bool enough(struct baton_machine *m, const struct baton_waiting *waiting)
{
	(void)m;
	return waiting->waited_us < 5 * SECOND;
}

/* A request that was given up stays live: the CPU comes whenever it is let go. */
static void live_request(void **state)
{
	struct baton_cpu *cpu = &fake_arm64.cpu[2];

	(void)state;
	machine->waiting = enough;
	holder.deaf = true;
	assert_int_equal(baton_boot(machine, cpu), BATON_E_STOPPED);
	assert_int_equal(baton_state(cpu), BATON_WAKING);
	assert_int_equal(fake_arm64.words[2], BOARD_PAGE);
	assert_int_equal(baton_boot(machine, cpu), BATON_E_STATE);
	assert_int_equal(baton_alive(machine, cpu, SECOND), BATON_E_NOT_ACKNOWLEDGED);
	/* The others have words of their own. */
	holder.deaf = false;
	holder.seen[2] = UINT64_MAX - HOUR;
	put_up(1);
	holder.seen[2] = 0;
	assert_int_equal(baton_alive(machine, cpu, 0), 0);
	assert_int_equal(holder.releases, 2);
}

static void refused_entry(void **state)
{
	struct baton_cpu *cpu = &fake_arm64.cpu[1];

	(void)state;
	holder.refuses = true;
	assert_int_equal(baton_boot(machine, cpu), BATON_E_REFUSED);
	assert_int_equal(baton_state(cpu), BATON_OFFLINE);
	assert_int_equal(fake_arm64.held_words[1], 1);
	assert_false(fake_arm64_comes_up(0x101));
	assert_int_equal(machine->strays, 1);
	holder.refuses = false;
	put_up(1);
}

/* After the kernel has given up waiting. */
static void refused_late(void **state)
{
	struct baton_cpu *cpu = &fake_arm64.cpu[1];

	(void)state;
	machine->waiting = enough;
	holder.refuses = true;
	holder.late_us = 7 * SECOND;
	assert_int_equal(baton_boot(machine, cpu), BATON_E_STOPPED);
	assert_int_equal(baton_alive(machine, cpu, 0), BATON_E_STATE);
	assert_int_equal(baton_state(cpu), BATON_OFFLINE);
}

/* Held, and release word 0, as after a refusal; but it has been here. */
static void quick_return_is_no_refusal(void **state)
{
	struct baton_cpu *cpu = &fake_arm64.cpu[1];

	(void)state;
	holder.quick = true;
	assert_int_equal(baton_boot(machine, cpu), 0);
	assert_int_equal(baton_state(cpu), BATON_LEAVING);
	assert_int_equal(baton_kill(machine, cpu, 0), 0);
	holder.quick = false;
	put_up(1);
}

/* Nothing is written for a CPU that nobody says is held. */
static void not_held(void **state)
{
	struct baton_cpu *cpu = &fake_arm64.cpu[1];

	(void)state;
	fake_arm64.held_words[1] = 0;
	assert_int_equal(baton_boot(machine, cpu), BATON_E_NOT_RETURNED);
	fake_arm64.held_words[1] = 2;
	assert_int_equal(baton_boot(machine, cpu), BATON_E_NOT_RETURNED);
	assert_int_equal(fake_arm64.words[1], 0);
	assert_int_equal(baton_state(cpu), BATON_OFFLINE);
	fake_arm64.held_words[1] = 1;
	fake_arm64.words[1] = 0x4000; /* of another kernel */
	assert_int_equal(baton_boot(machine, cpu), BATON_E_LIVE);
	assert_int_equal(fake_arm64.words[1], 0x4000);
	fake_arm64.words[1] = 0;
	put_up(1);
	assert_int_equal(fake_arm64.events, 1);
}

/* A CPU that is here has acknowledged, whatever its word says. */
static void entered_is_an_acknowledgement(void **state)
{
	(void)state;
	holder.lazy = true;
	machine->waiting = enough;
	assert_int_equal(baton_boot(machine, &fake_arm64.cpu[1]), 0);
	assert_int_equal(baton_state(&fake_arm64.cpu[1]), BATON_ONLINE);
}

static void boot_cpu_without_a_word(void **state)
{
	(void)state;
	setup(NULL);
	fake_arm64.release[0] = fake_arm64.held[0] = 0;
	fake_arm64_machine();
	assert_int_equal(fake_arm64_die(0x100), BATON_E_NO_RETURN);
	fake_arm64.cpu[0].state = BATON_OFFLINE;
	assert_int_equal(baton_boot(machine, &fake_arm64.cpu[0]), BATON_E_NO_RETURN);
}

static void not_entered(void **state)
{
	struct baton_cpu *cpu = &fake_arm64.cpu[1];

	(void)state;
	holder.loses = true;
	assert_int_equal(baton_boot(machine, cpu), 0);
	assert_int_equal(baton_state(cpu), BATON_COMING);
	assert_int_equal(baton_alive(machine, cpu, SECOND), BATON_E_NOT_ENTERED);
	/* And comes after all. */
	assert_true(fake_arm64_comes_up(0x101));
	assert_int_equal(baton_alive(machine, cpu, 0), 0);
}

static void proof_has_a_limit(void **state)
{
	struct baton_cpu *cpu = &fake_arm64.cpu[3];
	uint64_t start;

	(void)state;
	put_up(3);
	holder.return_us = 3 * SECOND;
	leaves(3);
	start = fake_arm64.now;
	assert_int_equal(baton_kill(machine, cpu, 0), BATON_E_NOT_RETURNED);
	assert_in_range(fake_arm64.now - start, BATON_KILL_US, BATON_KILL_US + 100);
	assert_int_equal(baton_state(cpu), BATON_LEAVING);
	assert_int_equal(baton_kill(machine, cpu, 5 * SECOND), 0);
	assert_int_equal(baton_state(cpu), BATON_OFFLINE);
}

/* Held is no proof while the word that released it still stands. */
static void proof_wants_both_words(void **state)
{
	(void)state;
	put_up(1);
	leaves(1);
	holder.left[1] = 0;
	fake_arm64.step = NULL;
	fake_arm64.held_words[1] = 1;
	fake_arm64.words[1] = BOARD_PAGE;
	assert_int_equal(baton_kill(machine, &fake_arm64.cpu[1], 0), BATON_E_NOT_RETURNED);
	fake_arm64.words[1] = 0;
	assert_int_equal(baton_kill(machine, &fake_arm64.cpu[1], 0), 0);
}

/* For PSCI, too. */
static void release_all(void **state)
{
	(void)state;
	assert_int_equal(baton_release_all(machine), 0);
	for (unsigned i = 1; i < 4; i++)
		assert_int_equal(baton_alive(machine, &fake_arm64.cpu[i], 0), 0);
	assert_int_equal(holder.releases, 3);
	assert_int_equal(baton_release_all(machine), 0);
	assert_int_equal(holder.releases, 3);
	fake_arm64.cpu[1].state = BATON_OFFLINE;
	fake_arm64.cpu[1].stack = NULL;
	assert_int_equal(baton_release_all(machine), BATON_E_ARGUMENT);
}

/* One that is not held keeps none of the others. */
static void release_all_but_one(void **state)
{
	(void)state;
	fake_arm64.held_words[1] = 0;
	assert_int_equal(baton_release_all(machine), BATON_E_NOT_RETURNED);
	assert_int_equal(fake_arm64.events, 1);
	assert_int_equal(baton_state(&fake_arm64.cpu[1]), BATON_OFFLINE);
	assert_int_equal(baton_alive(machine, &fake_arm64.cpu[2], 0), 0);
	assert_int_equal(baton_alive(machine, &fake_arm64.cpu[3], 0), 0);
}

/* The first one brings both into the pen; each is let on by itself, in any order. */
static void shared_word_boots_one_by_one(void **state)
{
	(void)state;
	put_up(2);
	assert_int_equal(baton_state(&fake_arm64.cpu[1]), BATON_OFFLINE);
	assert_int_equal(fake_arm64.cpu[1].flags, BATON_CPU_SHARED | BATON_CPU_PENNED);
	assert_int_equal(fake_arm64.cpu[3].flags, 0);
	assert_int_equal(baton_boot(machine, &fake_arm64.cpu[2]), BATON_E_STATE);
	put_up(3);
	put_up(1);
	assert_int_equal(baton_can_disable(machine, &fake_arm64.cpu[1]), BATON_E_NO_RETURN);
	assert_int_equal(machine->strays, 0);
}

static void shared_word_with_one_that_does_not_come(void **state)
{
	(void)state;
	holder.loses = true;
	assert_int_equal(baton_boot(machine, &fake_arm64.cpu[1]), 0);
	assert_int_equal(baton_alive(machine, &fake_arm64.cpu[1], 1000), BATON_E_NOT_ENTERED);
	holder.loses = false;
	put_up(2);
	assert_int_equal(baton_alive(machine, &fake_arm64.cpu[1], 0), 0);
}

/* A kernel before this one has sent for them: nobody waits there any more. */
static void shared_word_that_was_written(void **state)
{
	(void)state;
	fake_arm64.words[1] = BOARD_PAGE + IDMAP_PEN;
	assert_int_equal(baton_boot(machine, &fake_arm64.cpu[1]), BATON_E_NO_RETURN);
	assert_int_equal(baton_boot(machine, &fake_arm64.cpu[2]), BATON_E_NO_RETURN);
	assert_int_equal(baton_state(&fake_arm64.cpu[1]), BATON_OFFLINE);
	put_up(3);
}

static void shared_word_releases_all(void **state)
{
	(void)state;
	assert_int_equal(baton_release_all(machine), 0);
	for (unsigned i = 1; i < 4; i++)
		assert_int_equal(baton_alive(machine, &fake_arm64.cpu[i], 0), 0);
	assert_int_equal(fake_arm64.events, 1);
	assert_int_equal(machine->strays, 0);
}

static void plain_boots_once(void **state)
{
	struct baton_cpu *cpu = &fake_arm64.cpu[1];

	(void)state;
	put_up(1);
	assert_int_equal(fake_arm64.words[1], BOARD_PAGE);
	assert_int_equal(baton_can_disable(machine, cpu), BATON_E_NO_RETURN);
	assert_int_equal(fake_arm64_die(0x101), BATON_E_NO_RETURN);
	assert_int_equal(baton_state(cpu), BATON_ONLINE);
	cpu->state = BATON_LEAVING;
	assert_int_equal(baton_kill(machine, cpu, 0), BATON_E_NO_RETURN);
	assert_int_equal(baton_stop_all(machine, 0), BATON_E_NOT_SUPPORTED);
	/* Released by an earlier kernel: it is there. */
	fake_arm64.words[2] = 0x80000;
	assert_int_equal(baton_boot(machine, &fake_arm64.cpu[2]), BATON_E_NO_RETURN);
	assert_int_equal(fake_arm64.words[2], 0x80000);
	holder.loses = true;
	assert_int_equal(baton_boot(machine, &fake_arm64.cpu[3]), 0);
	assert_int_equal(baton_alive(machine, &fake_arm64.cpu[3], SECOND), BATON_E_NOT_ENTERED);
	assert_int_equal(fake_arm64.events, 2);
}

/*
 * PSCI.
 */

static uint64_t cpu_on(uint64_t mpidr, uint64_t entry, uint64_t context)
{
	unsigned i = (unsigned)mpidr - 0x100;

	assert_in_range(i, 0, 3);
	if (holder.answer)
		return (uint64_t)holder.answer;
	if (holder.affinity[i] != PSCI_AFFINITY_OFF)
		return (uint64_t)(holder.affinity[i] == PSCI_AFFINITY_ON ? PSCI_ALREADY_ON
									 : PSCI_ON_PENDING);
	holder.affinity[i] = PSCI_AFFINITY_ON_PENDING;
	holder.entry[i] = entry;
	holder.context[i] = context;
	holder.releases++;
	return PSCI_SUCCESS;
}

static uint64_t firmware(uint64_t function, uint64_t a, uint64_t b, uint64_t c)
{
	switch (function) {
	case PSCI_VERSION:
		return PSCI_VERSION_1_1;
	case PSCI_MIGRATE_INFO_TYPE:
		return PSCI_MIGRATE_NOT_REQUIRED;
	case PSCI_CPU_ON | PSCI_64:
		return cpu_on(a, b, c);
	case PSCI_AFFINITY_INFO | PSCI_64:
		assert_int_equal(b, 0);
		return (uint64_t)holder.affinity[a - 0x100];
	case PSCI_CPU_OFF:
		if (holder.refuses)
			return (uint64_t)PSCI_DENIED;
		longjmp(fake_arm64.left, 1);
	default:
		fail();
		return 0;
	}
}

static void psci_step(void)
{
	for (unsigned i = 1; i < 4; i++) {
		if (holder.left[i] && fake_arm64.now - holder.left[i] >= holder.return_us) {
			holder.left[i] = 0;
			holder.affinity[i] = PSCI_AFFINITY_OFF;
		}
		if (holder.affinity[i] == PSCI_AFFINITY_ON_PENDING && !holder.loses) {
			holder.affinity[i] = PSCI_AFFINITY_ON;
			assert_true(fake_arm64_comes_up(0x100 + i));
		}
	}
}

static int psci(void **state)
{
	setup(state);
	for (unsigned i = 0; i < 4; i++) {
		fake_arm64.method[i] = "psci";
		fake_arm64.release[i] = fake_arm64.held[i] = fake_arm64.ret[i] = 0;
		holder.affinity[i] = i ? PSCI_AFFINITY_OFF : PSCI_AFFINITY_ON;
	}
	fake_arm64.psci = "arm,psci-1.0";
	fake_arm64.conduit = "hvc";
	fake_arm64.level = 1;
	fake_arm64.call = firmware;
	fake_arm64.step = psci_step;
	fake_arm64_machine();
	assert_int_equal(machine->method, BATON_PSCI);
	return 0;
}

static void psci_answers(void **state)
{
	static const struct {
		int32_t answer;
		int error;
	} cases[] = {
		{PSCI_ALREADY_ON, BATON_E_STATE},	    {PSCI_ON_PENDING, BATON_E_LIVE},
		{PSCI_INVALID_PARAMETERS, BATON_E_REFUSED}, {PSCI_INVALID_ADDRESS, BATON_E_REFUSED},
		{PSCI_INTERNAL_FAILURE, BATON_E_REFUSED},   {PSCI_DENIED, BATON_E_REFUSED},
		{PSCI_NOT_SUPPORTED, BATON_E_REFUSED},
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		holder.answer = cases[i].answer;
		assert_int_equal(baton_boot(machine, &fake_arm64.cpu[1]), cases[i].error);
		assert_int_equal(baton_state(&fake_arm64.cpu[1]), BATON_OFFLINE);
		assert_false(fake_arm64_comes_up(0x101));
	}
	holder.answer = 0;
	put_up(1);
	/* One that fails keeps none of the others. */
	holder.affinity[2] = PSCI_AFFINITY_ON;
	assert_int_equal(baton_release_all(machine), BATON_E_STATE);
	assert_int_equal(baton_state(&fake_arm64.cpu[2]), BATON_OFFLINE);
	assert_int_equal(baton_alive(machine, &fake_arm64.cpu[3], 0), 0);
}

static void psci_off_denied(void **state)
{
	(void)state;
	put_up(1);
	holder.refuses = true;
	assert_int_equal(fake_arm64_die(0x101), 0);
	assert_int_equal(fake_arm64.left_code, 1); /* it has halted */
	assert_int_equal(baton_kill(machine, &fake_arm64.cpu[1], 0), BATON_E_NOT_RETURNED);
	assert_int_equal(baton_state(&fake_arm64.cpu[1]), BATON_LEAVING);
}

/* Without an identity-mapped page, the context is the kernel's own. */
static void psci_context(void **state)
{
	const struct baton_start start = {.vector = 0x80004, .argument = 0x1234567812345678};

	(void)state;
	assert_int_equal(baton_prepare(machine, &start), 0);
	assert_int_equal(baton_boot(machine, &fake_arm64.cpu[1]), 0);
	assert_int_equal(holder.entry[1], 0x80004);
	assert_int_equal(holder.context[1], start.argument);
}

/*
 * All leave at once, by either method.
 */

static void stop(struct baton_machine *m, struct baton_cpu *cpu)
{
	(void)m;
	leaves((unsigned)cpu->id - 0x100);
}

static void nmi(struct baton_machine *m, struct baton_cpu *cpu)
{
	(void)m;
	fake_arm64.nmis++;
	if (holder.deaf && cpu->id == 0x102)
		return;
	assert_true(fake_arm64_take_nmi(cpu->id));
	holder.left[cpu->id - 0x100] = fake_arm64.now;
}

static void stop_all(void **state)
{
	(void)state;
	for (unsigned i = 1; i < 4; i++)
		put_up(i);
	assert_int_equal(baton_stop_all(machine, 0), BATON_E_NOT_SUPPORTED);
	machine->stop = stop;
	assert_int_equal(baton_stop_all(machine, 0), 0);
	for (unsigned i = 1; i < 4; i++)
		assert_int_equal(baton_state(&fake_arm64.cpu[i]), BATON_OFFLINE);
	for (unsigned i = 1; i < 4; i++)
		put_up(i);
	machine->stop = NULL;
	machine->nmi = nmi;
	assert_int_equal(baton_stop_all(machine, 0), 0);
	assert_int_equal(fake_arm64.nmis, 3);
	/* One that does not come back is counted. */
	put_up(1);
	put_up(2);
	holder.return_us = HOUR;
	assert_int_equal(baton_stop_all(machine, 0), 2);
}

static void crash_stop(void **state)
{
	(void)state;
	for (unsigned i = 1; i < 4; i++)
		put_up(i);
	assert_int_equal(baton_crash_stop(machine, 0), BATON_E_NOT_SUPPORTED);
	assert_false(fake_arm64_take_nmi(0x101));
	machine->nmi = nmi;
	holder.deaf = true;
	assert_int_equal(baton_crash_stop(machine, 0), 1);
	assert_int_equal(fake_arm64.cpu[1].crash, BATON_CRASH_ANSWERED);
	assert_int_equal(fake_arm64.cpu[2].crash, BATON_CRASH_ASKED);
	assert_int_equal(fake_arm64.cpu[3].crash, BATON_CRASH_ANSWERED);
	assert_int_equal(((uint8_t *)&fake_arm64.registers[1])[0], 0x5a);
	assert_int_equal(baton_state(&fake_arm64.cpu[1]), BATON_LEAVING);
	assert_int_equal(baton_kill(machine, &fake_arm64.cpu[1], 0), 0);
	assert_int_equal(baton_crash_stop(machine, 0), BATON_E_CRASHING);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(there_and_back, spin),
		cmocka_unit_test_setup(leaves_by_the_page, spin),
		cmocka_unit_test_setup(late_acknowledgement_is_waited_for, spin),
		cmocka_unit_test_setup(live_request, spin),
		cmocka_unit_test_setup(refused_entry, spin),
		cmocka_unit_test_setup(refused_late, spin),
		cmocka_unit_test_setup(quick_return_is_no_refusal, spin),
		cmocka_unit_test_setup(not_held, spin),
		cmocka_unit_test_setup(entered_is_an_acknowledgement, spin),
		cmocka_unit_test_setup(boot_cpu_without_a_word, spin),
		cmocka_unit_test_setup(not_entered, spin),
		cmocka_unit_test_setup(proof_has_a_limit, spin),
		cmocka_unit_test_setup(proof_wants_both_words, spin),
		cmocka_unit_test_setup(release_all, spin),
		cmocka_unit_test_setup(release_all_but_one, spin),
		cmocka_unit_test_setup(stop_all, spin),
		cmocka_unit_test_setup(crash_stop, spin),
		cmocka_unit_test_setup(plain_boots_once, plain),
		cmocka_unit_test_setup(shared_word_boots_one_by_one, shared),
		cmocka_unit_test_setup(shared_word_with_one_that_does_not_come, shared),
		cmocka_unit_test_setup(shared_word_that_was_written, shared),
		cmocka_unit_test_setup(shared_word_releases_all, shared),
		{"psci_there_and_back", there_and_back, psci, NULL, NULL},
		{"psci_not_entered", not_entered, psci, NULL, NULL},
		{"psci_proof_has_a_limit", proof_has_a_limit, psci, NULL, NULL},
		{"psci_release_all", release_all, psci, NULL, NULL},
		{"psci_stop_all", stop_all, psci, NULL, NULL},
		{"psci_crash_stop", crash_stop, psci, NULL, NULL},
		cmocka_unit_test_setup(psci_answers, psci),
		cmocka_unit_test_setup(psci_off_denied, psci),
		cmocka_unit_test_setup(psci_context, psci),
	};
	int failed = cmocka_run_group_tests_name("life_arm64", tests, NULL, NULL);

	fake_arm64_reset();
	free(fake_arm64.tree);
	return failed;
}
