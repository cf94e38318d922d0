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

bool mailbox_acknowledge(volatile struct baton_mailbox *mailbox, unsigned command, uint32_t apic_id)
{
	uint64_t seen = __atomic_load_n(&mailbox->request, __ATOMIC_RELAXED);

	/*
	 * Command and ID are compared and the command cleared in one step: Linux
	 * gives a TEST up after a second, and its next command must not be
	 * acknowledged by a CPU that is late with the old one.
	 */
	while ((uint16_t)seen == command && (uint32_t)(seen >> 32) == apic_id)
		if (__atomic_compare_exchange_n(&mailbox->request, &seen, seen & ~0xffffull, false,
						__ATOMIC_RELEASE, __ATOMIC_RELAXED))
			return true;
	return false;
}
