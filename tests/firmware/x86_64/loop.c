/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The usual loop of firmware, in which all CPUs spin on the one mailbox, and the
 * ways in which it is got wrong.  Each CPU runs this on its own stack, interrupts
 * off, from LOOP_RESET_VECTOR or LOOP_FROM_SIPI until a WAKEUP.
 */
#include <baton/x86_64/cpu.h>
#include "loop.h"

#define LINE_STATUS 5 /* of a 16550 */
#define TRANSMITTER_EMPTY 0x20

uint64_t loop_hold(struct loop *loop, uint32_t self, bool returned);

static void delay(uint64_t ticks)
{
	for (uint64_t start = rdtsc(); rdtsc() - start < ticks;)
		cpu_relax();
}

static void put(const struct loop *loop, char c)
{
	while (!(in8(loop->serial_port + LINE_STATUS) & TRANSMITTER_EMPTY))
		;
	out8(loop->serial_port, c);
}

static void put_text(const struct loop *loop, const char *text)
{
	while (*text)
		put(loop, *text++);
}

static void put_number(const struct loop *loop, uint32_t number)
{
	char digits[10];
	uint32_t n = 0;

	do
		digits[n++] = '0' + number % 10;
	while (number /= 10);
	while (n)
		put(loop, digits[--n]);
}

/*
 * What the kernel has asked for and nobody has done; what it does about that
 * itself, waiting for ever above all, leaves no other trace.
 */
static void say_standing(struct loop *loop, uint64_t request)
{
	if (__atomic_exchange_n(&loop->has_said, 1, __ATOMIC_RELAXED))
		return;
	put_text(loop, "\r\ntestfw: command ");
	put_number(loop, (uint16_t)request);
	put_text(loop, " for APIC ID ");
	put_number(loop, request >> 32);
	put_text(loop, " has been standing for ");
	put_number(loop, loop->watch / loop->second);
	put_text(loop, " s\r\n");
}

/* How many CPUs before @self the boot CPU wakes: 1 for the first. */
static uint32_t rank(const struct loop *loop, uint32_t self)
{
	return self + (self < loop->boot_cpu);
}

/* The CPU after @self, the boot CPU left out. */
static uint32_t next(const struct loop *loop, uint32_t self)
{
	do
		self = (self + 1) % loop->ncpus;
	while (self == loop->boot_cpu);
	return self;
}

/* Xen and Firecracker have had guests like that.  QEMU's xAPIC takes what is written. */
static void change_apic_id(const struct loop *loop, uint32_t self)
{
	const struct apic apic = apic_find(UINT64_MAX);

	apic_write(&apic, APIC_ID_REGISTER, (loop->apic_id[self] + LOOP_APIC_IDS_SHIFT) << 24);
}

static bool is_for(const struct loop *loop, uint32_t self, uint32_t apic_id)
{
	if (loop->faults & FAULT_APIC_IDS)
		return apic_id == loop->apic_id[self] + LOOP_APIC_IDS_SHIFT;
	if (loop->faults & FAULT_INDEX)
		return apic_id == self;
	if (loop->faults & FAULT_WRONG_CPU)
		return apic_id == loop->apic_id[next(loop, self)];
	return apic_id == loop->apic_id[self];
}

static void acknowledge(struct loop *loop)
{
	__atomic_store_n(&loop->mailbox->command, BATON_COMMAND_NOOP, __ATOMIC_RELEASE);
}

/* Where to go. */
static uint64_t wake_up(struct loop *loop, uint32_t self)
{
	uint64_t vector = 0;

	delay(loop->late * rank(loop, self));
	loop->inside[self] = 0;
	if (!(loop->faults & FAULT_EARLY))
		vector = loop->mailbox->wakeup_vector;
	if (loop->faults & FAULT_CLEARS_VECTOR)
		loop->mailbox->wakeup_vector = 0;
	else if (!(loop->faults & FAULT_UNACKNOWLEDGED))
		acknowledge(loop);
	if (loop->faults & FAULT_EARLY) {
		delay(loop->early);
		vector = loop->mailbox->wakeup_vector;
	}
	delay(loop->late_jump);
	return loop->faults & FAULT_VECTOR32 ? (uint32_t)vector : vector;
}

static bool answers_test(const struct loop *loop, uint32_t self, uint32_t apic_id)
{
	if (loop->faults & FAULT_TEST_NEVER)
		return false;
	return loop->faults & FAULT_TEST_LIES || is_for(loop, self, apic_id);
}

static bool is_deaf(const struct loop *loop, uint32_t self, uint16_t command)
{
	if (command == BATON_COMMAND_TEST && loop->faults & FAULT_TEST_LIES)
		return false;
	return loop->apic_id[self] == loop->deaf ||
	       (loop->faults & FAULT_NO_RETURN && loop->returned[self]);
}

/* The vector that the kernel wants CPU @self at; it has @returned from one, or comes by SIPI. */
uint64_t loop_hold(struct loop *loop, uint32_t self, bool returned)
{
	volatile struct baton_mailbox *mailbox = loop->mailbox;
	uint64_t request, last = 0, since = 0;

	loop->returned[self] |= returned;
	if (loop->faults & FAULT_APIC_IDS)
		change_apic_id(loop, self);
	loop->inside[self] = 1;
	for (;;) {
		request = __atomic_load_n(&mailbox->request, __ATOMIC_ACQUIRE);
		if (!is_deaf(loop, self, request)) {
			if ((uint16_t)request == BATON_COMMAND_WAKEUP &&
			    is_for(loop, self, request >> 32))
				return wake_up(loop, self);
			if ((uint16_t)request == BATON_COMMAND_TEST &&
			    answers_test(loop, self, request >> 32))
				acknowledge(loop);
		}
		if (request != last)
			since = rdtsc();
		last = request;
		if ((uint16_t)request && rdtsc() - since > loop->watch)
			say_standing(loop, request);
		cpu_relax();
	}
}
