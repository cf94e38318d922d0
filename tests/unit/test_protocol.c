/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * resident/x86_64/protocol.c, the broadcast: one CPU step by step, the others and the
 * kernel played by the port below.  All interleavings are the model's and the
 * stress test's.
 */
#include "unit.h"

#include "resident/x86_64/protocol.h"
#include <string.h>

#define CPUS 3
#define VECTOR 0x12345678abcde000

static struct baton_mailbox mailbox;
static struct line lines[CPUS];
static struct shared shared = {.mailbox = &mailbox, .line = lines, .ncpus = CPUS};
static unsigned woken, released, listened, slept;
static void (*play)(void); /* what the others do while the CPU waits */

static void command(uint16_t what, uint32_t apic_id, uint64_t vector)
{
	mailbox.apic_id = apic_id;
	mailbox.wakeup_vector = vector;
	mailbox.command = what;
}

static int start(void **state)
{
	(void)state;
	memset(lines, 0, sizeof(lines));
	for (uint32_t i = 0; i < CPUS; i++)
		lines[i].apic_id = 10 + i;
	shared.listener = LINE_NONE;
	woken = released = listened = slept = 0;
	play = NULL;
	command(BATON_COMMAND_RELEASE_ALL, BATON_APIC_ID_ALL, VECTOR);
	return 0;
}

/* The port. */

void protocol_port_sleep(struct shared *t, uint32_t self)
{
	(void)t;
	(void)self;
	slept++;
	play();
}

void shared_wake(struct shared *t, uint32_t self, uint32_t target)
{
	assert_int_equal(t->line[target].state, LINE_WAKING + self);
	woken++;
}

void protocol_port_listening(struct shared *t, uint32_t self)
{
	(void)t;
	(void)self;
}

void protocol_port_listen(struct shared *t, uint32_t self, uint32_t quiet)
{
	(void)quiet;
	assert_int_equal(t->listener, self);
	listened++;
	play();
}

void protocol_port_relax(void)
{
}

bool protocol_port_reachable(struct shared *t, uint32_t self, uint64_t vector)
{
	(void)t;
	(void)self;
	return vector == VECTOR;
}

/* The release is recorded while the CPU is in, and the command stands. */
void protocol_port_releasing(struct shared *t, uint32_t self, uint64_t vector)
{
	assert_int_equal(vector, VECTOR);
	assert_int_not_equal(t->line[self].state, LINE_AWAY);
	assert_int_equal(mailbox.command, BATON_COMMAND_RELEASE_ALL);
	released++;
}

void protocol_port_kept(struct shared *t, uint32_t self)
{
	(void)t;
	fail_msg("CPU %u does not stay", self);
}

void protocol_port_testing(struct shared *t, uint32_t self)
{
	(void)t;
	(void)self;
}

void protocol_port_not_tested(struct shared *t, uint32_t self)
{
	(void)t;
	(void)self;
}

/* One of the other two leaves in each wait of the listener's. */
static void others_leave(void)
{
	assert_int_equal(mailbox.command, BATON_COMMAND_RELEASE_ALL);
	assert_int_equal(released, 0);
	assert_int_equal(lines[listened].state, LINE_WOKEN);
	lines[listened].state = LINE_AWAY;
}

static void listener_leaves_last(void **state)
{
	(void)state;
	lines[1].state = lines[2].state = LINE_WAITING;
	play = others_leave;
	assert_int_equal(protocol_hold(&shared, 0), VECTOR);
	assert_int_equal(listened, 2);
	assert_int_equal(woken, 2);
	assert_int_equal(released, 1);
	assert_int_equal(lines[0].state, LINE_AWAY);
	assert_int_equal(shared.listener, LINE_NONE);
	assert_int_equal(mailbox.request, (uint64_t)BATON_APIC_ID_ALL << 32);
	assert_int_equal(mailbox.wakeup_vector, VECTOR);
}

static void leaves_alone(void **state)
{
	(void)state;
	assert_int_equal(protocol_hold(&shared, 1), VECTOR);
	assert_int_equal(lines[1].state, LINE_AWAY);
	assert_int_equal(mailbox.command, BATON_COMMAND_NOOP);
	assert_int_equal(woken + listened, 0);
}

static void is_rung(void)
{
	lines[1].state = LINE_WOKEN;
}

static void others_do_not_acknowledge(void **state)
{
	(void)state;
	shared.listener = 0;
	lines[0].state = LINE_LISTENING;
	play = is_rung;
	assert_int_equal(protocol_hold(&shared, 1), VECTOR);
	assert_int_equal(slept, 1);
	assert_int_equal(released, 1);
	assert_int_equal(lines[1].state, LINE_AWAY);
	assert_int_equal(shared.listener, 0);
	assert_int_equal(mailbox.command, BATON_COMMAND_RELEASE_ALL);
}

/* The last listener left by a wakeup while this CPU was woken: somebody has to acknowledge. */
static void is_rung_and_left(void)
{
	lines[1].state = LINE_WOKEN;
	lines[0].state = LINE_AWAY;
	shared.listener = LINE_NONE;
}

static void takes_the_role_first(void **state)
{
	(void)state;
	shared.listener = 0;
	play = is_rung_and_left;
	assert_int_equal(protocol_hold(&shared, 1), VECTOR);
	assert_int_equal(mailbox.command, BATON_COMMAND_NOOP);
}

/* Nobody is woken for what nobody can do. */
static void is_corrected(void)
{
	assert_int_equal(woken, 0);
	lines[1].state = lines[2].state = LINE_AWAY;
	if (listened == 3)
		mailbox.wakeup_vector = VECTOR;
}

static void unreachable_vector(void **state)
{
	(void)state;
	command(BATON_COMMAND_RELEASE_ALL, BATON_APIC_ID_ALL, VECTOR + 1);
	lines[1].state = lines[2].state = LINE_WAITING;
	play = is_corrected;
	assert_int_equal(protocol_hold(&shared, 0), VECTOR);
	assert_int_equal(listened, 3);
}

/* After a machine check: who has left, by memory alone. */
static void who_has_left(void **state)
{
	(void)state;
	lines[0].state = LINE_WOKEN;
	assert_false(protocol_has_left(&shared, 0));
	lines[0].state = LINE_LISTENING;
	assert_false(protocol_has_left(&shared, 0));
	assert_int_equal(mailbox.command, BATON_COMMAND_RELEASE_ALL);

	/* Others are still in, and will acknowledge. */
	lines[0].state = LINE_AWAY;
	lines[2].state = LINE_WOKEN;
	assert_true(protocol_has_left(&shared, 0));
	assert_int_equal(mailbox.command, BATON_COMMAND_RELEASE_ALL);

	/* It may have been the last. */
	lines[2].state = LINE_AWAY;
	assert_true(protocol_has_left(&shared, 0));
	assert_int_equal(mailbox.command, BATON_COMMAND_NOOP);

	/* A wakeup that stands is begun again; another's is none of its business. */
	command(BATON_COMMAND_WAKEUP, 10, VECTOR);
	assert_false(protocol_has_left(&shared, 0));
	assert_true(protocol_has_left(&shared, 1));
	assert_int_equal(mailbox.command, BATON_COMMAND_WAKEUP);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(listener_leaves_last, start),
		cmocka_unit_test_setup(leaves_alone, start),
		cmocka_unit_test_setup(others_do_not_acknowledge, start),
		cmocka_unit_test_setup(takes_the_role_first, start),
		cmocka_unit_test_setup(unreachable_vector, start),
		cmocka_unit_test_setup(who_has_left, start),
	};

	return cmocka_run_group_tests_name("protocol", tests, NULL, NULL);
}
