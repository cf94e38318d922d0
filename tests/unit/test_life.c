/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * libbaton/life.c and mailbox.c: the life of a CPU by a mailbox, against firmware
 * that is good, late, deaf, or lies.
 */
#include "fake.h"

#define SECOND 1000000ull
#define HOUR (3600 * SECOND)

static struct baton_machine *const machine = &fake.machine;
static struct baton_mailbox *const mailbox = &fake.mailbox;

/* The firmware: what it does each time that the kernel waits. */
static struct {
	uint64_t late_us;      /* from a command to its acknowledgement */
	uint64_t enter_us;     /* from there to the kernel */
	bool deaf;	       /* it acknowledges nothing */
	bool loses;	       /* the CPU does not come */
	bool stays_in_entry;   /* nor come up */
	bool clears_vector;    /* instead of the command: edk2 */
	uint64_t wrong;	       /* wakes this CPU instead */
	uint64_t seen;	       /* when the command was seen */
	uint64_t acknowledged; /* when */
	uint64_t coming;       /* APIC ID plus 1 of the CPU on its way */
	uint64_t vector;
	unsigned wakeups, tests, broadcasts;
	bool held[FAKE_CPUS];
} firmware;

static void enter(void)
{
	uint64_t id = firmware.coming - 1;

	firmware.coming = 0;
	if (firmware.stays_in_entry) {
		uint64_t self = fake.self;

		fake.self = id;
		assert_non_null(baton_enter(machine));
		fake.self = self;
	} else {
		fake_comes_up(id);
	}
}

static void acknowledge(void)
{
	firmware.seen = 0;
	firmware.acknowledged = fake.now;
	if (firmware.clears_vector)
		mailbox->wakeup_vector = 0;
	else
		__atomic_store_n(&mailbox->command, 0, __ATOMIC_RELEASE);
}

static void release(uint64_t id)
{
	firmware.vector = mailbox->wakeup_vector;
	firmware.wakeups++;
	firmware.held[id] = false;
	if (!firmware.loses)
		firmware.coming = id + 1;
}

static void take_command(void)
{
	uint64_t id = firmware.wrong ? firmware.wrong : mailbox->apic_id;

	if (mailbox->command == BATON_COMMAND_RELEASE_ALL) {
		assert_int_equal(mailbox->apic_id, BATON_APIC_ID_ALL);
		firmware.broadcasts++;
		firmware.vector = mailbox->wakeup_vector;
		memset(firmware.held, 0, sizeof(firmware.held));
		acknowledge();
		return;
	}
	assert_in_range(id, 0, FAKE_CPUS - 1);
	if (!firmware.held[id])
		return;
	if (mailbox->command == BATON_COMMAND_WAKEUP)
		release(id);
	else if (mailbox->command == BATON_COMMAND_TEST)
		firmware.tests++;
	acknowledge();
}

static void step(void)
{
	if (firmware.coming && fake.now - firmware.acknowledged >= firmware.enter_us)
		enter();
	if (firmware.deaf || !mailbox->command)
		return;
	if (!firmware.seen)
		firmware.seen = fake.now;
	if (fake.now - firmware.seen >= firmware.late_us)
		take_command();
}

static void with(enum baton_method method)
{
	fake_machine(method);
	memset(&firmware, 0, sizeof(firmware));
	for (unsigned i = 1; i < 4; i++)
		firmware.held[i] = true;
	fake.step = step;
}

static int setup(void **state)
{
	(void)state;
	with(BATON_MAILBOX_V1);
	return 0;
}

/* A CPU that is up, without the detour by the firmware. */
static void put_up(unsigned i)
{
	assert_int_equal(baton_boot(machine, &fake.cpu[i]), 0);
	assert_int_equal(baton_alive(machine, &fake.cpu[i], 0), 0);
}

/* Booting. */

static void boot_and_alive(void **state)
{
	(void)state;
	for (int version = 0; version < 2; version++) {
		with(version ? BATON_MAILBOX_V1 : BATON_MAILBOX_V0);
		for (unsigned i = 1; i < 4; i++) {
			struct baton_cpu *cpu = &fake.cpu[i];

			assert_int_equal(baton_boot(machine, cpu), 0);
			assert_int_equal(baton_state(cpu), BATON_COMING);
			assert_int_equal(mailbox->apic_id, i);
			assert_int_equal(firmware.vector, FAKE_TRAMPOLINE + 0x800);
			assert_int_equal(baton_alive(machine, cpu, 0), 0);
			assert_int_equal(baton_state(cpu), BATON_ONLINE);
			assert_int_equal(fake.unblocked, i);
		}
		assert_int_equal(firmware.wakeups, 3);
		assert_int_equal(machine->strays, 0);
		assert_int_equal(fake.prints, 0);
	}
}

/* A CPU that is up, or on its way, is not woken: nothing is written to the mailbox. */
static void boot_of_a_cpu_that_is_not_offline(void **state)
{
	static struct baton_mailbox before;

	(void)state;
	memset(mailbox, 0, sizeof(*mailbox));
	mailbox->apic_id = 0x77;
	mailbox->wakeup_vector = 0x88;
	before = *mailbox;
	for (uint32_t s = BATON_WAKING; s <= BATON_LEAVING; s++) {
		fake.cpu[1].state = s;
		assert_int_equal(baton_boot(machine, &fake.cpu[1]), BATON_E_STATE);
		assert_int_equal(baton_state(&fake.cpu[1]), s);
	}
	assert_memory_equal(mailbox, &before, sizeof(before));
	assert_int_equal(baton_boot(machine, &fake.cpu[0]), BATON_E_STATE);
}

static void boot_without_a_stack(void **state)
{
	(void)state;
	fake.cpu[1].stack = NULL;
	assert_int_equal(baton_boot(machine, &fake.cpu[1]), BATON_E_ARGUMENT);
	fake.cpu[1].stack = fake.stack[1] + 8;
	assert_int_equal(baton_boot(machine, &fake.cpu[1]), BATON_E_ARGUMENT);
	assert_int_equal(baton_state(&fake.cpu[1]), BATON_OFFLINE);
	assert_int_equal(mailbox->command, 0);
}

static void boot_before_prepare(void **state)
{
	(void)state;
	fake_reset();
	fake_madt(4, 1, 24);
	assert_int_equal(baton_find_acpi(machine, FAKE_RSDP), 0);
	assert_int_equal(baton_boot(machine, &fake.cpu[1]), BATON_E_NOT_PREPARED);
	assert_int_equal(baton_release_all(machine), BATON_E_NOT_PREPARED);
}

/* The wait. */

static struct {
	const struct baton_cpu *cpu;
	uint64_t waited, stop_at;
	unsigned calls;
} reports;

static bool waiting(struct baton_machine *m, const struct baton_waiting *w)
{
	assert_ptr_equal(m, machine);
	assert_true(w->waited_us > reports.waited);
	reports.cpu = w->cpu;
	reports.waited = w->waited_us;
	reports.calls++;
	return !reports.stop_at || w->waited_us < reports.stop_at;
}

static void with_reports(uint64_t stop_at)
{
	memset(&reports, 0, sizeof(reports));
	reports.stop_at = stop_at;
	machine->waiting = waiting;
}

/* However late: the wait goes on, and tells so every second. */
static void acknowledged_after_an_hour(void **state)
{
	(void)state;
	with_reports(0);
	firmware.late_us = HOUR;
	assert_int_equal(baton_boot(machine, &fake.cpu[2]), 0);
	assert_ptr_equal(reports.cpu, &fake.cpu[2]);
	assert_in_range(reports.calls, 3598, 3600);
	assert_int_equal(mailbox->command, 0);
	assert_int_equal(fake.prints, 0);
}

static void reports_as_often_as_asked_for(void **state)
{
	(void)state;
	with_reports(0);
	machine->report_us = 100;
	firmware.late_us = 10000;
	assert_int_equal(baton_boot(machine, &fake.cpu[2]), 0);
	assert_in_range(reports.calls, 98, 100);
}

/* Nobody is asked: it says so itself. */
static void no_hang_without_a_word(void **state)
{
	(void)state;
	firmware.late_us = 12 * SECOND + SECOND / 2;
	assert_int_equal(baton_boot(machine, &fake.cpu[3]), 0);
	assert_int_equal(fake.prints, 12);
	assert_non_null(strstr(fake.printed, "CPU 3 "));
	assert_non_null(strstr(fake.printed, " 12 s"));
}

/* edk2 once: the vector is cleared instead.  That is no acknowledgement. */
static void vector_cleared_instead_of_the_command(void **state)
{
	(void)state;
	with_reports(30 * SECOND);
	firmware.clears_vector = true;
	assert_int_equal(baton_boot(machine, &fake.cpu[1]), BATON_E_STOPPED);
}

/*
 * The wait is given up, and nothing else: the request stays where it is, nobody
 * else uses the mailbox, and the CPU may still come.
 */
static void stopped_request_stays_live(void **state)
{
	static struct baton_mailbox before;

	(void)state;
	put_up(3);
	assert_int_equal(fake_die(3), 0);
	with_reports(5 * SECOND);
	firmware.deaf = true;
	assert_int_equal(baton_boot(machine, &fake.cpu[1]), BATON_E_STOPPED);
	assert_int_equal(baton_state(&fake.cpu[1]), BATON_WAKING);
	assert_ptr_equal(machine->live, &fake.cpu[1]);
	assert_int_equal(mailbox->command, BATON_COMMAND_WAKEUP);
	before = *mailbox;

	assert_int_equal(baton_boot(machine, &fake.cpu[1]), BATON_E_STATE);
	assert_int_equal(baton_boot(machine, &fake.cpu[2]), BATON_E_LIVE);
	assert_int_equal(baton_state(&fake.cpu[2]), BATON_OFFLINE);
	assert_int_equal(baton_kill(machine, &fake.cpu[3], 0), BATON_E_LIVE);
	assert_int_equal(baton_alive(machine, &fake.cpu[1], 0), BATON_E_NOT_ACKNOWLEDGED);
	assert_memory_equal(mailbox, &before, sizeof(before));

	/* It comes after all. */
	firmware.deaf = false;
	step();
	assert_int_equal(mailbox->command, 0);
	assert_int_equal(baton_boot(machine, &fake.cpu[2]), 0);
	assert_null(machine->live);
	assert_int_equal(baton_alive(machine, &fake.cpu[1], 0), 0);
	assert_int_equal(baton_alive(machine, &fake.cpu[2], 0), 0);
}

/* Whoever waits for its sign of life sees the late acknowledgement, too. */
static void alive_sees_a_late_acknowledgement(void **state)
{
	(void)state;
	with_reports(SECOND);
	firmware.late_us = 3 * SECOND;
	assert_int_equal(baton_boot(machine, &fake.cpu[1]), BATON_E_STOPPED);
	assert_int_equal(baton_alive(machine, &fake.cpu[1], 0), 0);
	with_reports(SECOND);
	assert_int_equal(baton_boot(machine, &fake.cpu[2]), BATON_E_STOPPED);
	firmware.loses = true;
	assert_int_equal(baton_alive(machine, &fake.cpu[2], 0), BATON_E_NOT_ENTERED);
	assert_null(machine->live);
}

/* Two CPUs of the kernel: the second is sent away, and has changed nothing. */
static bool boots_another(struct baton_machine *m, const struct baton_waiting *w)
{
	struct baton_mailbox before = *mailbox;

	(void)w;
	assert_int_equal(baton_boot(m, &fake.cpu[2]), BATON_E_BUSY);
	assert_int_equal(baton_state(&fake.cpu[2]), BATON_OFFLINE);
	assert_int_equal(baton_boot(m, &fake.cpu[1]), BATON_E_STATE);
	assert_memory_equal(mailbox, &before, sizeof(before));
	reports.calls++;
	return true;
}

static void second_caller_is_refused(void **state)
{
	(void)state;
	with_reports(0);
	machine->waiting = boots_another;
	firmware.late_us = 3 * SECOND;
	assert_int_equal(baton_boot(machine, &fake.cpu[1]), 0);
	assert_true(reports.calls);
	machine->waiting = NULL;
	assert_int_equal(baton_boot(machine, &fake.cpu[2]), 0);
}

/* Between the first look at the CPU and the mailbox's being free, another has booted it. */
static void boots_it_first(void)
{
	if (fake.cpu[1].state == BATON_OFFLINE)
		fake.cpu[1].state = BATON_COMING;
}

static void loser_of_a_race(void **state)
{
	(void)state;
	fake.flush = boots_it_first;
	assert_int_equal(baton_boot(machine, &fake.cpu[1]), BATON_E_STATE);
	assert_int_equal(baton_state(&fake.cpu[1]), BATON_COMING);
	assert_int_equal(mailbox->command, 0);
	assert_int_equal(baton_boot(machine, &fake.cpu[2]), 0); /* the mailbox is free */
}

/* What an earlier kernel has left in the mailbox. */
static void stale_commands(void **state)
{
	(void)state;
	/* Linux gives a TEST up after a second, and leaves it. */
	mailbox->command = BATON_COMMAND_TEST;
	mailbox->apic_id = 3;
	firmware.held[3] = false;
	assert_int_equal(baton_boot(machine, &fake.cpu[1]), 0);
	/* A wakeup may be performed at any time. */
	mailbox->command = BATON_COMMAND_WAKEUP;
	mailbox->apic_id = 3;
	assert_int_equal(baton_boot(machine, &fake.cpu[2]), BATON_E_LIVE);
	assert_null(machine->live);
	assert_int_equal(mailbox->command, BATON_COMMAND_WAKEUP);
	mailbox->command = 0;
	assert_int_equal(baton_boot(machine, &fake.cpu[2]), 0);
}

/* The sign of life. */

static void how_far_it_came(void **state)
{
	uint64_t start;

	(void)state;
	firmware.loses = true;
	assert_int_equal(baton_boot(machine, &fake.cpu[1]), 0);
	start = fake.now;
	assert_int_equal(baton_alive(machine, &fake.cpu[1], 0), BATON_E_NOT_ENTERED);
	assert_in_range(fake.now - start, BATON_ALIVE_US, BATON_ALIVE_US + 1000);
	start = fake.now;
	assert_int_equal(baton_alive(machine, &fake.cpu[1], 500), BATON_E_NOT_ENTERED);
	assert_in_range(fake.now - start, 500, 1500);
	assert_int_equal(baton_state(&fake.cpu[1]), BATON_COMING);

	firmware.loses = false;
	firmware.stays_in_entry = true;
	assert_int_equal(baton_boot(machine, &fake.cpu[2]), 0);
	assert_int_equal(baton_alive(machine, &fake.cpu[2], 0), BATON_E_NOT_UP);
	fake.self = 2;
	assert_int_equal(baton_online(machine, &fake.cpu[2]), 0);
	fake.self = 0;
	assert_int_equal(baton_alive(machine, &fake.cpu[2], 0), 0);
	assert_int_equal(baton_alive(machine, &fake.cpu[3], 0), BATON_E_STATE);
}

/* A caller that was itself stalled looks once more before it says that a CPU is late. */
static void stalled_caller(void **state)
{
	(void)state;
	assert_int_equal(baton_boot(machine, &fake.cpu[1]), 0);
	fake.step = NULL;
	fake_comes_up(1);
	assert_int_equal(baton_alive(machine, &fake.cpu[1], 1), 0);
}

/* Firmware that compares an index with an APIC ID: openvmm. */
static void wrong_cpu_comes(void **state)
{
	(void)state;
	put_up(2);
	firmware.wrong = 3;
	assert_int_equal(baton_boot(machine, &fake.cpu[1]), 0);
	assert_int_equal(baton_alive(machine, &fake.cpu[1], SECOND), BATON_E_NOT_ENTERED);
	assert_int_equal(machine->strays, 1);
	assert_int_equal(baton_state(&fake.cpu[3]), BATON_OFFLINE);
	assert_int_equal(baton_state(&fake.cpu[1]), BATON_COMING);
}

/* No CPU is used twice: it can come in once for each time that it is sent for. */
static void cpu_comes_twice(void **state)
{
	(void)state;
	put_up(1);
	assert_false(fake_comes_up(1));
	fake_die(1);
	assert_false(fake_comes_up(1));
	assert_false(fake_comes_up(7)); /* of which nobody knows */
	assert_int_equal(machine->strays, 3);
	assert_int_equal(baton_state(&fake.cpu[1]), BATON_LEAVING);
	assert_int_equal(baton_online(machine, &fake.cpu[1]), BATON_E_STATE);
}

/* Leaving. */

static void die_and_kill(void **state)
{
	(void)state;
	put_up(1);
	assert_int_equal(baton_can_disable(machine, &fake.cpu[1]), 0);
	fake.interrupts = true;
	assert_int_equal(fake_die(1), 0);
	assert_int_equal(fake.left_vector, FAKE_RESET_VECTOR);
	assert_int_equal(fake.left_root, machine->exit.root);
	assert_true(fake.left_root);
	assert_false(fake.interrupts);
	assert_int_equal(fake.quiets, 1);
	assert_int_equal(baton_state(&fake.cpu[1]), BATON_LEAVING);

	firmware.held[1] = true; /* it has arrived */
	assert_int_equal(baton_kill(machine, &fake.cpu[1], 0), 0);
	assert_int_equal(firmware.tests, 1);
	assert_int_equal(mailbox->apic_id, 1);
	assert_int_equal(baton_state(&fake.cpu[1]), BATON_OFFLINE);
	assert_int_equal(baton_kill(machine, &fake.cpu[1], 0), BATON_E_STATE);
	put_up(1);
	assert_int_equal(firmware.wakeups, 2);
}

static struct baton_cpu *quieted;

static void quiet(struct baton_machine *m, struct baton_cpu *cpu)
{
	assert_ptr_equal(m, machine);
	assert_int_equal(fake.quiets, 0); /* the kernel's own comes first */
	quieted = cpu;
}

static void kernel_is_asked_to_be_quiet(void **state)
{
	(void)state;
	put_up(2);
	machine->quiet = quiet;
	quieted = NULL;
	assert_int_equal(fake_die(2), 0);
	assert_ptr_equal(quieted, &fake.cpu[2]);
}

static void die_is_refused(void **state)
{
	(void)state;
	with(BATON_MAILBOX_V0);
	put_up(1);
	assert_int_equal(baton_can_disable(machine, &fake.cpu[1]), BATON_E_NO_RETURN);
	fake.interrupts = true;
	assert_int_equal(fake_die(1), BATON_E_NO_RETURN);
	assert_true(fake.interrupts);
	assert_int_equal(baton_state(&fake.cpu[1]), BATON_ONLINE);

	with(BATON_MAILBOX_V1);
	put_up(1);
	baton_exit_release(machine);
	assert_int_equal(baton_can_disable(machine, &fake.cpu[1]), BATON_E_NOT_PREPARED);
	assert_int_equal(fake_die(1), BATON_E_NOT_PREPARED);
	assert_int_equal(fake_die(6), BATON_E_STATE); /* no such CPU */
	assert_int_equal(fake.left_vector, 0);
	assert_int_equal(fake.quiets, 0);
}

static void die_twice(void **state)
{
	(void)state;
	put_up(1);
	assert_int_equal(fake_die(1), 0);
	fake.interrupts = true;
	assert_int_equal(fake_die(1), BATON_E_STATE);
	assert_true(fake.interrupts);
}

/* TEST is not answered: a second, then it is withdrawn, and may be sent again. */
static void kill_of_a_cpu_that_is_not_back(void **state)
{
	uint64_t start;

	(void)state;
	put_up(1);
	fake_die(1);
	start = fake.now;
	assert_int_equal(baton_kill(machine, &fake.cpu[1], 0), BATON_E_NOT_RETURNED);
	assert_in_range(fake.now - start, BATON_KILL_US, BATON_KILL_US + 1000);
	assert_int_equal(mailbox->command, 0);
	assert_int_equal(baton_state(&fake.cpu[1]), BATON_LEAVING);
	assert_int_equal(baton_boot(machine, &fake.cpu[1]), BATON_E_STATE);
	put_up(2); /* the mailbox is free for others */
	firmware.held[1] = true;
	assert_int_equal(baton_kill(machine, &fake.cpu[1], 0), 0);
}

/* It takes most of the second. */
static void kill_of_a_cpu_that_is_slow(void **state)
{
	(void)state;
	put_up(1);
	fake_die(1);
	firmware.held[1] = true;
	firmware.late_us = BATON_KILL_US - 100000;
	assert_int_equal(baton_kill(machine, &fake.cpu[1], 0), 0);
}

static void kill_of_a_cpu_that_is_up(void **state)
{
	(void)state;
	put_up(1);
	firmware.held[1] = true; /* the firmware lies */
	for (unsigned i = 0; i < 4; i++)
		assert_int_equal(baton_kill(machine, &fake.cpu[i], 0), BATON_E_STATE);
	assert_int_equal(firmware.tests, 0);
	with(BATON_MAILBOX_V0);
	fake.cpu[1].state = BATON_LEAVING;
	assert_int_equal(baton_kill(machine, &fake.cpu[1], 0), BATON_E_NO_RETURN);
	assert_int_equal(mailbox->command, 0);
}

/* Broadcast. */

static void broadcast(void **state)
{
	uint64_t self;

	(void)state;
	machine->table = fake_batn(BATON_TABLE_BROADCAST, 3);
	assert_int_equal(baton_release_all(machine), 0);
	assert_int_equal(firmware.broadcasts, 1);
	assert_int_equal(firmware.vector, FAKE_TRAMPOLINE + 0x800);
	for (self = 1; self < 4; self++) {
		assert_int_equal(baton_state(&fake.cpu[self]), BATON_COMING);
		assert_true(fake_comes_up(self));
		assert_int_equal(baton_alive(machine, &fake.cpu[self], 0), 0);
	}
	assert_int_equal(baton_state(&fake.cpu[0]), BATON_ONLINE);
}

/* Some are up already: the others come. */
static void broadcast_to_the_rest(void **state)
{
	(void)state;
	machine->table = fake_batn(BATON_TABLE_BROADCAST, 2);
	put_up(2);
	assert_int_equal(baton_release_all(machine), 0);
	assert_int_equal(baton_state(&fake.cpu[1]), BATON_COMING);
	assert_int_equal(baton_state(&fake.cpu[2]), BATON_ONLINE);
}

static void broadcast_is_refused(void **state)
{
	(void)state;
	assert_int_equal(baton_release_all(machine), BATON_E_NOT_SUPPORTED); /* no BATN */
	machine->table = fake_batn(0, 3);
	assert_int_equal(baton_release_all(machine), BATON_E_NOT_SUPPORTED);
	machine->table = fake_batn(BATON_TABLE_BROADCAST, 3);
	machine->listed = 5; /* it would come, too */
	assert_int_equal(baton_release_all(machine), BATON_E_NOT_SUPPORTED);
	machine->listed = 4;
	/* More, or fewer, are held than the kernel knows to be. */
	machine->table = fake_batn(BATON_TABLE_BROADCAST, 2);
	assert_int_equal(baton_release_all(machine), BATON_E_STATE);
	machine->table = fake_batn(BATON_TABLE_BROADCAST, 3);
	fake.cpu[2].stack = NULL;
	assert_int_equal(baton_release_all(machine), BATON_E_ARGUMENT);
	fake.cpu[2].stack = fake.stack[3];
	/* One is on its way back, and would be caught. */
	put_up(1);
	fake_die(1);
	machine->table = fake_batn(BATON_TABLE_BROADCAST, 2);
	assert_int_equal(baton_release_all(machine), BATON_E_STATE);
	assert_int_equal(firmware.broadcasts, 0);
	assert_int_equal(baton_state(&fake.cpu[2]), BATON_OFFLINE);
	assert_int_equal(baton_state(&fake.cpu[3]), BATON_OFFLINE);
	firmware.held[1] = true;
	assert_int_equal(baton_kill(machine, &fake.cpu[1], 0), 0);
	machine->table = fake_batn(BATON_TABLE_BROADCAST, 3);
	assert_int_equal(baton_release_all(machine), 0);
}

static void broadcast_that_is_not_acknowledged(void **state)
{
	(void)state;
	machine->table = fake_batn(BATON_TABLE_BROADCAST, 3);
	with_reports(2 * SECOND);
	firmware.deaf = true;
	assert_int_equal(baton_release_all(machine), BATON_E_STOPPED);
	assert_null(reports.cpu);
	assert_int_equal(mailbox->command, BATON_COMMAND_RELEASE_ALL);
	assert_int_equal(baton_release_all(machine), BATON_E_LIVE);
	assert_int_equal(baton_boot(machine, &fake.cpu[1]), BATON_E_STATE);
	assert_int_equal(baton_alive(machine, &fake.cpu[1], 0), BATON_E_NOT_ACKNOWLEDGED);
	/* Those that have left come in, though the last has not. */
	assert_true(fake_comes_up(2));
	firmware.deaf = false;
	assert_int_equal(baton_alive(machine, &fake.cpu[1], 0), BATON_E_NOT_ENTERED);
	assert_int_equal(baton_state(&fake.cpu[1]), BATON_COMING);
	assert_int_equal(baton_state(&fake.cpu[2]), BATON_ONLINE);
	assert_int_equal(baton_state(&fake.cpu[3]), BATON_COMING);
}

/*
 * How a stage collects CPUs from a firmware's mailbox: straight to the resident's
 * reset vector, which is where it has them; a CPU that does not come in time holds
 * up no more than it must.
 */
static void collecting_for_a_resident(void **state)
{
	const struct baton_start start = {.vector = 0x7f002000};

	(void)state;
	with(BATON_MAILBOX_V0);
	assert_int_equal(baton_prepare(machine, &start), 0);
	with_reports(100000);
	machine->report_us = 100000;
	for (unsigned i = 1; i < 4; i++)
		fake.cpu[i].stack = NULL; /* the resident has stacks of its own */
	firmware.loses = true;		  /* none comes into this kernel */

	assert_int_equal(baton_boot(machine, &fake.cpu[1]), 0);
	assert_int_equal(firmware.vector, 0x7f002000);
	firmware.held[2] = false;
	assert_int_equal(baton_boot(machine, &fake.cpu[2]), BATON_E_STOPPED);
	assert_in_range(reports.waited, 100000, 110000);
	assert_int_equal(baton_boot(machine, &fake.cpu[3]), BATON_E_LIVE);
	assert_ptr_equal(machine->live, &fake.cpu[2]);
	assert_int_equal(mailbox->command, BATON_COMMAND_WAKEUP);
	/* It was only late: the next can be fetched. */
	firmware.held[2] = true;
	step();
	assert_int_equal(baton_boot(machine, &fake.cpu[3]), 0);
	assert_int_equal(firmware.wakeups, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(boot_and_alive, setup),
		cmocka_unit_test_setup(boot_of_a_cpu_that_is_not_offline, setup),
		cmocka_unit_test_setup(boot_without_a_stack, setup),
		cmocka_unit_test_setup(boot_before_prepare, setup),
		cmocka_unit_test_setup(acknowledged_after_an_hour, setup),
		cmocka_unit_test_setup(reports_as_often_as_asked_for, setup),
		cmocka_unit_test_setup(no_hang_without_a_word, setup),
		cmocka_unit_test_setup(vector_cleared_instead_of_the_command, setup),
		cmocka_unit_test_setup(stopped_request_stays_live, setup),
		cmocka_unit_test_setup(alive_sees_a_late_acknowledgement, setup),
		cmocka_unit_test_setup(second_caller_is_refused, setup),
		cmocka_unit_test_setup(loser_of_a_race, setup),
		cmocka_unit_test_setup(stale_commands, setup),
		cmocka_unit_test_setup(how_far_it_came, setup),
		cmocka_unit_test_setup(stalled_caller, setup),
		cmocka_unit_test_setup(wrong_cpu_comes, setup),
		cmocka_unit_test_setup(cpu_comes_twice, setup),
		cmocka_unit_test_setup(die_and_kill, setup),
		cmocka_unit_test_setup(kernel_is_asked_to_be_quiet, setup),
		cmocka_unit_test_setup(die_is_refused, setup),
		cmocka_unit_test_setup(die_twice, setup),
		cmocka_unit_test_setup(kill_of_a_cpu_that_is_not_back, setup),
		cmocka_unit_test_setup(kill_of_a_cpu_that_is_slow, setup),
		cmocka_unit_test_setup(kill_of_a_cpu_that_is_up, setup),
		cmocka_unit_test_setup(broadcast, setup),
		cmocka_unit_test_setup(broadcast_to_the_rest, setup),
		cmocka_unit_test_setup(broadcast_is_refused, setup),
		cmocka_unit_test_setup(broadcast_that_is_not_acknowledged, setup),
		cmocka_unit_test_setup(collecting_for_a_resident, setup),
	};

	return cmocka_run_group_tests_name("life", tests, NULL, NULL);
}
