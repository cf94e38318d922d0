/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * libbaton's side of the mailbox, libbaton/x86_64/mailbox.c and life.c, with a CPU that is held by
 * resident/x86_64/protocol.c and mailbox.c.  The protocol among held CPUs has a test of its own.
 */
#include "kernel.h"
#include "resident/x86_64/mailbox.h"
#include "resident/x86_64/protocol.h"
#include "libbaton/x86_64/x86.h"
#include <string.h>

#define CPUS 3
#define RELAXED __ATOMIC_RELAXED

static struct baton_mailbox mailbox __attribute__((aligned(4096)));
static struct line line; /* of the one CPU that is held, which has APIC ID 1 */
static struct shared shared;
static uint32_t page; /* not atomic: used by the CPU while it is with the kernel */
static unsigned times;
static bool alone; /* nobody else boots the CPU: its memory is CPU 0's when it has left */

static APART unsigned starts(void)
{
	return times;
}

static APART uint32_t *own_page(void)
{
	return alone ? &page : NULL;
}

static APART void reset(void)
{
	memset(&mailbox, 0, 16);
	line = (struct line){.apic_id = 1, .state = LINE_WAITING};
	shared = (struct shared){
		.mailbox = &mailbox, .line = &line, .ncpus = 1, .listener = LINE_NONE};
	page = 0;
	kernel_reset(CPUS, BATON_MAILBOX_V1);
	kernel.mailbox = &mailbox;
	mailbox_ops(&kernel);
	times = 2;
	alone = true;
	weak_word(&mailbox.request);
	weak_data(&mailbox.wakeup_vector, 8);
	weak_name(&mailbox, 16, "mailbox");
	weak_name(&shared.listener, 4, "listener");
	weak_name(&line, sizeof(line), "line");
	weak_name(&page, sizeof(page), "page");
}

static APART void reset_impatient(void)
{
	reset();
	kernel_may_give_up(1);
	times = 1;
}

static APART void reset_once(void)
{
	reset();
	times = 1;
	alone = false;
}

/* The resident's port. */

void protocol_port_sleep(struct shared *s, uint32_t self)
{
	weak_wait_for(&s->line[self].state);
}

void shared_wake(struct shared *s, uint32_t self, uint32_t target)
{
	(void)s;
	(void)self;
	(void)target;
}

void protocol_port_listening(struct shared *s, uint32_t self)
{
	(void)s;
	(void)self;
}

void protocol_port_listen(struct shared *s, uint32_t self, uint32_t quiet)
{
	(void)s;
	(void)self;
	(void)quiet;
	weak_wait_for(&mailbox);
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

void protocol_port_releasing(struct shared *s, uint32_t self, uint64_t vector)
{
	(void)s;
	(void)self;
	(void)vector;
}

void protocol_port_kept(struct shared *s, uint32_t self)
{
	(void)s;
	(void)self;
}

void protocol_port_testing(struct shared *s, uint32_t self)
{
	(void)s;
	(void)self;
}

void protocol_port_not_tested(struct shared *s, uint32_t self)
{
	(void)s;
	(void)self;
}

/* The kernel. */

int find_invalidate(struct baton_machine *machine)
{
	(void)machine;
	return BATON_E_NOT_SUPPORTED;
}

void baton_port_flush(const volatile void *pointer, size_t length)
{
	(void)pointer;
	(void)length;
}

static void from_hold_to_hold(void)
{
	kernel_life(&page, protocol_hold(&shared, 0));
	weak_end();
}

void kernel_leave(void)
{
	from_hold_to_hold();
}

static void life(unsigned self)
{
	switch (self) {
	case 0:
		for (unsigned i = 0; i < starts(); i++)
			kernel_boot_and_kill(1, own_page());
		break;
	case 1:
		from_hold_to_hold();
		break;
	default:
		kernel_boots(1);
	}
}

static APART void life_is_over(void)
{
	kernel_check();
	weak_check(!weak_stuck(0) && !weak_stuck(2), "the kernel waits for ever");
}

static APART void life_alone_is_over(void)
{
	kernel_check();
	weak_check(!weak_stuck(0), "the kernel waits for ever");
	weak_check(mailbox.command == BATON_COMMAND_NOOP, "a command stands");
}

static const struct weak_test all[] = {
	{"boot, die, kill, boot again", 2, reset, life, life_alone_is_over, 0, 0, 0, NULL},
	{"boot, die, kill, waits given up", 2, reset_impatient, life, life_alone_is_over, 0, 0, 0,
	 NULL},
	{"boot, die, kill, and another caller", 3, reset_once, life, life_is_over, 0, 0, 0, NULL},
};

int main(int argc, char **argv)
{
	return weak_main(all, sizeof(all) / sizeof(*all), argc, argv);
}
