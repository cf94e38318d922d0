/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "mailbox.h"
#include "probe/time.h"
#include "cpus.h"
#include "x86.h"

static volatile struct baton_mailbox *mailbox(void)
{
	return (volatile struct baton_mailbox *)cpus_machine->mailbox_address;
}

void mailbox_send(uint16_t command, uint32_t apic_id, uint64_t vector)
{
	mailbox()->apic_id = apic_id;
	mailbox()->wakeup_vector = vector;
	__atomic_store_n(&mailbox()->command, command, __ATOMIC_RELEASE);
}

bool mailbox_await(uint64_t limit_us)
{
	for (uint64_t start = time_us(); __atomic_load_n(&mailbox()->command, __ATOMIC_ACQUIRE);) {
		if (time_us() - start > limit_us)
			return false;
		cpu_relax();
	}
	return true;
}

void mailbox_withdraw(void)
{
	__atomic_store_n(&mailbox()->command, BATON_COMMAND_NOOP, __ATOMIC_RELEASE);
}

bool mailbox_test(uint32_t apic_id)
{
	bool answered;

	mailbox_send(BATON_COMMAND_TEST, apic_id, 0);
	answered = mailbox_await(ANSWER_US);
	if (!answered)
		mailbox_withdraw();
	return answered;
}
