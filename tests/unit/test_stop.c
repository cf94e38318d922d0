/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * libbaton/stop.c: all CPUs leave, for the next kernel or in a crash; among them
 * some that are slow, deaf, or in the middle of something.
 */
#include "fake.h"

#define SLOW_US 300000

static struct baton_machine *const machine = &fake.machine;
static struct baton_mailbox *const mailbox = &fake.mailbox;

/* The other CPUs, by APIC ID. */
static struct {
	bool deaf;	/* it takes no NMI and no interrupt */
	bool slow;	/* it takes them SLOW_US later */
	bool lost;	/* it leaves, and never arrives in the resident */
	uint64_t asked; /* when; 0: not */
	bool held;
} cpu[FAKE_CPUS];

static void leave_now(unsigned id)
{
	cpu[id].asked = 0;
	if (machine->stop)
		assert_int_equal(fake_die(id), 0);
	else
		assert_true(fake_take_nmi(id));
	cpu[id].held = !cpu[id].lost;
}

static void ask(uint64_t id)
{
	if (!cpu[id].deaf)
		cpu[id].asked = fake.now;
}

/* The resident answers TEST; slow CPUs take their NMI at last. */
static void step(void)
{
	for (unsigned id = 1; id < 4; id++)
		if (cpu[id].asked &&
		    fake.now - cpu[id].asked >= (cpu[id].slow ? SLOW_US : FAKE_STEP_US))
			leave_now(id);
	if (mailbox->command == BATON_COMMAND_TEST && cpu[mailbox->apic_id].held)
		mailbox->command = 0;
}

static unsigned interrupts;

static void interrupt(struct baton_machine *m, struct baton_cpu *c)
{
	assert_ptr_equal(m, machine);
	assert_int_equal(baton_state(c), BATON_ONLINE);
	interrupts++;
	ask(c->id);
}

static void with(enum baton_method method)
{
	fake_machine(method);
	memset(cpu, 0, sizeof(cpu));
	interrupts = 0;
	fake.step = step;
	fake.nmi = ask;
	for (unsigned i = 1; i < 4; i++)
		fake.cpu[i].state = BATON_ONLINE;
}

static int setup(void **state)
{
	(void)state;
	with(BATON_MAILBOX_V1);
	return 0;
}

/* For the next kernel. */

static void stop_by_nmi(void **state)
{
	(void)state;
	assert_int_equal(baton_stop_all(machine, 0), 0);
	assert_int_equal(fake.nmis, 3);
	assert_int_equal(fake.quiets, 3);
	for (unsigned i = 1; i < 4; i++)
		assert_int_equal(baton_state(&fake.cpu[i]), BATON_OFFLINE);
	assert_int_equal(baton_state(&fake.cpu[0]), BATON_ONLINE);
	assert_int_equal(mailbox->command, 0);
	/* NMIs are the kernel's again. */
	fake.cpu[1].state = BATON_ONLINE;
	assert_false(fake_take_nmi(1));
}

static void stop_by_the_kernels_own_way(void **state)
{
	(void)state;
	machine->stop = interrupt;
	cpu[2].slow = true;
	assert_int_equal(baton_stop_all(machine, 0), 0);
	assert_int_equal(interrupts, 3);
	assert_int_equal(fake.nmis, 0);
	/* An NMI meanwhile was not libbaton's. */
	fake.cpu[1].state = BATON_ONLINE;
	machine->stopping = 1;
	assert_false(fake_take_nmi(1));
	assert_int_equal(baton_state(&fake.cpu[1]), BATON_ONLINE);
}

/* Bounded, whoever does not come; and those are named. */
static void stop_of_cpus_that_do_not_come(void **state)
{
	uint64_t start = fake.now;

	(void)state;
	cpu[1].deaf = true;
	cpu[2].lost = true;
	assert_int_equal(baton_stop_all(machine, 0), 2);
	assert_in_range(fake.now - start, BATON_STOP_US, BATON_STOP_US + BATON_KILL_US + 1000);
	assert_int_equal(baton_state(&fake.cpu[1]), BATON_ONLINE);
	assert_int_equal(baton_state(&fake.cpu[2]), BATON_LEAVING);
	assert_int_equal(baton_state(&fake.cpu[3]), BATON_OFFLINE);
	assert_int_equal(mailbox->command, 0);
	/* They may come later. */
	cpu[1].deaf = false;
	cpu[2].held = true;
	assert_int_equal(baton_stop_all(machine, 0), 0);
}

/* One second for all that are not proven, and each is asked. */
static void proof_is_bounded_in_all(void **state)
{
	uint64_t start = fake.now;

	(void)state;
	for (unsigned id = 1; id < 4; id++)
		cpu[id].lost = id != 3;
	assert_int_equal(baton_stop_all(machine, 100000), 2);
	assert_true(fake.now - start < 100000 + BATON_KILL_US + 1000);
	assert_int_equal(baton_state(&fake.cpu[3]), BATON_OFFLINE);
}

static void bound_of_the_caller(void **state)
{
	uint64_t start = fake.now;

	(void)state;
	cpu[1].slow = true;
	assert_int_equal(baton_stop_all(machine, SLOW_US / 2), 1);
	assert_in_range(fake.now - start, SLOW_US / 2, SLOW_US / 2 + 1000);
}

/* A CPU on its way in can't be told: it is named, and gets no NMI, which it would not survive. */
static void cpus_on_their_way(void **state)
{
	(void)state;
	fake.cpu[1].state = BATON_COMING;
	fake.cpu[2].state = BATON_ENTERED;
	assert_int_equal(baton_stop_all(machine, 0), 2);
	assert_int_equal(fake.nmis, 1);
	assert_int_equal(baton_state(&fake.cpu[1]), BATON_COMING);
	assert_int_equal(baton_state(&fake.cpu[2]), BATON_ENTERED);
}

/* With a request that nobody acknowledges in the mailbox there is no proof of anyone. */
static void live_request(void **state)
{
	(void)state;
	mailbox->command = BATON_COMMAND_WAKEUP;
	mailbox->apic_id = 3;
	fake.cpu[3].state = BATON_WAKING;
	machine->live = &fake.cpu[3];
	assert_int_equal(baton_stop_all(machine, 0), 3);
	assert_int_equal(mailbox->command, BATON_COMMAND_WAKEUP);
	assert_int_equal(baton_state(&fake.cpu[1]), BATON_LEAVING);
}

static void stop_is_refused(void **state)
{
	(void)state;
	with(BATON_MAILBOX_V0);
	assert_int_equal(baton_stop_all(machine, 0), BATON_E_NO_RETURN);
	with(BATON_MAILBOX_V1);
	baton_exit_release(machine);
	assert_int_equal(baton_stop_all(machine, 0), BATON_E_NOT_PREPARED);
	assert_int_equal(fake.nmis, 0);
	with(BATON_MAILBOX_V1);
	machine->stopping = 1;
	assert_int_equal(baton_stop_all(machine, 0), BATON_E_BUSY);
	fake.self = 6;
	assert_int_equal(baton_stop_all(machine, 0), BATON_E_STATE);
	assert_int_equal(fake.nmis, 0);
}

/* Nobody has to leave: so nothing has to be possible. */
static void nobody_to_stop(void **state)
{
	(void)state;
	with(BATON_MAILBOX_V0);
	for (unsigned i = 1; i < 4; i++)
		fake.cpu[i].state = BATON_OFFLINE;
	assert_int_equal(baton_stop_all(machine, 0), 0);
	assert_int_equal(fake.nmis, 0);
}

static void stop_by_init(void **state)
{
	(void)state;
	with(BATON_INIT_SIPI);
	assert_int_equal(baton_stop_all(machine, 0), 0);
	assert_int_equal(fake.left_vector, 1); /* halted */
	assert_int_equal(fake.nsent, 3);
	for (unsigned i = 0; i < 3; i++) {
		assert_int_equal(fake.sent[i].command, 0x4500);
		assert_int_equal(fake.sent[i].apic_id, i + 1);
	}
}

/* A crash. */

static void crash(void **state)
{
	(void)state;
	assert_int_equal(baton_crash_stop(machine, 0), 0);
	assert_int_equal(fake.nmis, 3);
	assert_int_equal(fake.quiets, 3);
	for (unsigned i = 1; i < 4; i++) {
		assert_int_equal(fake.cpu[i].crash, BATON_CRASH_ANSWERED);
		assert_int_equal(baton_state(&fake.cpu[i]), BATON_LEAVING);
		assert_int_equal(fake.registers[i].rip, 0x1000 + i);
		assert_int_equal(fake.registers[i].r15, 15);
		assert_int_equal(fake.registers[i].cr3, 0xc3000 + i);
	}
	assert_int_equal(fake.cpu[0].crash, 0);
	assert_int_equal(fake.left_vector, FAKE_RESET_VECTOR);
	assert_int_equal(mailbox->command, 0);
}

/* From a CPU that is not the first: the first is told, too. */
static void crash_on_another_cpu(void **state)
{
	(void)state;
	fake.self = 2;
	cpu[0].asked = 0;
	fake.nmi = ask;
	assert_int_equal(baton_crash_stop(machine, 100000), 1); /* step() does not play CPU 0 */
	assert_int_equal(fake.nmis, 3);
	assert_int_equal(fake.cpu[0].crash, BATON_CRASH_ASKED);
	assert_int_equal(fake.cpu[2].crash, 0);
	assert_int_equal(baton_state(&fake.cpu[2]), BATON_ONLINE);
}

/* At most a second; those who never answered can be told from the others. */
static void crash_with_cpus_that_do_not_answer(void **state)
{
	uint64_t start = fake.now;

	(void)state;
	cpu[1].deaf = cpu[3].deaf = true;
	assert_int_equal(baton_crash_stop(machine, 0), 2);
	assert_in_range(fake.now - start, BATON_CRASH_US, BATON_CRASH_US + 1000);
	assert_int_equal(fake.cpu[1].crash, BATON_CRASH_ASKED);
	assert_int_equal(fake.cpu[2].crash, BATON_CRASH_ANSWERED);
	assert_int_equal(fake.cpu[3].crash, BATON_CRASH_ASKED);
	assert_int_equal(fake.registers[1].rip, 0);
	/* Late is better than never: it still saves its registers, and leaves. */
	assert_true(fake_take_nmi(1));
	assert_int_equal(fake.cpu[1].crash, BATON_CRASH_ANSWERED);
}

static void crash_within_a_crash(void **state)
{
	(void)state;
	assert_int_equal(baton_crash_stop(machine, 0), 0);
	assert_int_equal(baton_crash_stop(machine, 0), BATON_E_CRASHING);
	fake.self = 2;
	assert_int_equal(baton_crash_stop(machine, 0), BATON_E_CRASHING);
	assert_int_equal(fake.nmis, 3);
	/* The first one's own NMIs are the kernel's. */
	assert_false(fake_take_nmi(0));
}

/* Whatever was going on: no lock is waited for, the mailbox is not touched. */
static void crash_in_the_middle_of_a_boot(void **state)
{
	static struct baton_mailbox before;

	(void)state;
	machine->busy = 1;
	machine->stopping = 1;
	fake.cpu[3].state = BATON_WAKING;
	mailbox->command = BATON_COMMAND_WAKEUP;
	mailbox->apic_id = 3;
	before = *mailbox;
	assert_int_equal(baton_crash_stop(machine, 0), 0);
	assert_int_equal(fake.nmis, 2);
	assert_memory_equal(mailbox, &before, sizeof(before));
}

/* A CPU that was about to leave anyway is interrupted in it. */
static void crash_while_a_cpu_leaves(void **state)
{
	(void)state;
	fake.cpu[1].crash = BATON_CRASH_ASKED;
	fake.cpu[1].state = BATON_LEAVING;
	assert_true(fake_take_nmi(1));
	assert_int_equal(fake.left_vector, FAKE_RESET_VECTOR);
}

/* Where there is no way back a CPU halts; it has answered all the same. */
static void crash_without_a_way_back(void **state)
{
	(void)state;
	with(BATON_MAILBOX_V0);
	assert_int_equal(baton_crash_stop(machine, 0), 0);
	assert_int_equal(fake.left_vector, 1);
	assert_int_equal(fake.quiets, 3); /* it must not interrupt anyone any more */
	with(BATON_MAILBOX_V1);
	baton_exit_release(machine);
	fake.cpu[2].registers = NULL;
	assert_int_equal(baton_crash_stop(machine, 0), 0);
	assert_int_equal(fake.left_vector, 1);
	with(BATON_INIT_SIPI);
	assert_int_equal(baton_crash_stop(machine, 0), 0);
	assert_int_equal(fake.left_vector, 1);
}

static void nmi_of_the_kernels(void **state)
{
	(void)state;
	assert_false(fake_take_nmi(1));
	assert_false(fake_take_nmi(7)); /* no CPU of this machine */
	assert_int_equal(fake.quiets, 0);
	assert_int_equal(baton_state(&fake.cpu[1]), BATON_ONLINE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(stop_by_nmi, setup),
		cmocka_unit_test_setup(stop_by_the_kernels_own_way, setup),
		cmocka_unit_test_setup(stop_of_cpus_that_do_not_come, setup),
		cmocka_unit_test_setup(proof_is_bounded_in_all, setup),
		cmocka_unit_test_setup(bound_of_the_caller, setup),
		cmocka_unit_test_setup(cpus_on_their_way, setup),
		cmocka_unit_test_setup(live_request, setup),
		cmocka_unit_test_setup(stop_is_refused, setup),
		cmocka_unit_test_setup(nobody_to_stop, setup),
		cmocka_unit_test_setup(stop_by_init, setup),
		cmocka_unit_test_setup(crash, setup),
		cmocka_unit_test_setup(crash_on_another_cpu, setup),
		cmocka_unit_test_setup(crash_with_cpus_that_do_not_answer, setup),
		cmocka_unit_test_setup(crash_within_a_crash, setup),
		cmocka_unit_test_setup(crash_in_the_middle_of_a_boot, setup),
		cmocka_unit_test_setup(crash_while_a_cpu_leaves, setup),
		cmocka_unit_test_setup(crash_without_a_way_back, setup),
		cmocka_unit_test_setup(nmi_of_the_kernels, setup),
	};

	return cmocka_run_group_tests_name("stop", tests, NULL, NULL);
}
