/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "mailbox.h"

unsigned mailbox_command(const volatile struct baton_mailbox *mailbox, uint32_t apic_id,
			 uint64_t *vector)
{
	/*
	 * Command and ID in one look, since they must belong together: of a TEST
	 * that the kernel gave up, looked at piece by piece while it is replaced,
	 * the ID would make another CPU's WAKEUP this one's.  Pairs with the
	 * kernel's release store of command after apic_id and wakeup_vector.
	 */
	uint64_t request = __atomic_load_n(&mailbox->request, __ATOMIC_ACQUIRE);
	unsigned command = (uint16_t)request;

	if (command == BATON_COMMAND_RELEASE_ALL)
		apic_id = BATON_APIC_ID_ALL;
	if ((uint32_t)(request >> 32) != apic_id)
		return BATON_COMMAND_NOOP;
	if (command == BATON_COMMAND_WAKEUP || command == BATON_COMMAND_RELEASE_ALL)
		*vector = __atomic_load_n(&mailbox->wakeup_vector, __ATOMIC_RELAXED);
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
