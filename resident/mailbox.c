/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "mailbox.h"

unsigned mailbox_command(const volatile struct baton_mailbox *mailbox, uint32_t apic_id,
			 uint64_t *vector)
{
	/* Pairs with the kernel's release store of command after apic_id and wakeup_vector. */
	uint16_t command = __atomic_load_n(&mailbox->command, __ATOMIC_ACQUIRE);

	if (command != BATON_COMMAND_WAKEUP && command != BATON_COMMAND_TEST)
		return BATON_COMMAND_NOOP;
	if (__atomic_load_n(&mailbox->apic_id, __ATOMIC_ACQUIRE) != apic_id)
		return BATON_COMMAND_NOOP;

	/*
	 * The command may have been another CPU's, acknowledged since, while the
	 * kernel was already writing the next one's apic_id.  If this CPU's ID was
	 * there before a command was, then the command is for it.
	 */
	command = __atomic_load_n(&mailbox->command, __ATOMIC_ACQUIRE);
	if (command == BATON_COMMAND_WAKEUP)
		*vector = mailbox->wakeup_vector;
	else if (command != BATON_COMMAND_TEST)
		return BATON_COMMAND_NOOP;
	return command;
}

void mailbox_acknowledge(volatile struct baton_mailbox *mailbox)
{
	__atomic_store_n(&mailbox->command, BATON_COMMAND_NOOP, __ATOMIC_RELEASE);
}
