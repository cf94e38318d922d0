/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * What baton is compared with: the usual wait loop, in which every held CPU
 * watches the mailbox itself.  Linked in the place of resident/x86_64/protocol.c, so
 * that arrival, release and accounting are the same.
 *
 * With PAUSE, until USUAL_NO_PAUSE is set: in an emulator in one thread, no
 * machine with many CPUs that spin without it would get as far as that.
 */
#include "resident/x86_64/mailbox.h"
#include "resident/x86_64/protocol.h"
#include "usual.h"

void protocol_arrive(struct shared *shared, uint32_t self)
{
	(void)shared;
	(void)self;
}

uint64_t protocol_hold(struct shared *shared, uint32_t self)
{
	uint32_t apic_id = shared->line[self].apic_id;
	uint64_t vector;

	for (;;) {
		switch (mailbox_command(shared->mailbox, apic_id, &vector)) {
		case BATON_COMMAND_TEST:
			protocol_port_testing(shared, self);
			mailbox_acknowledge(shared->mailbox, BATON_COMMAND_TEST, apic_id);
			break;
		case BATON_COMMAND_WAKEUP: /* and nothing of a broadcast */
			protocol_port_releasing(shared, self, vector);
			if (mailbox_acknowledge(shared->mailbox, BATON_COMMAND_WAKEUP, apic_id))
				return vector;
			protocol_port_kept(shared, self);
			break;
		}
		if (!USUAL_NO_PAUSE(shared->mailbox))
			protocol_port_relax();
	}
}

void protocol_recover(struct shared *shared, uint32_t self)
{
	(void)shared;
	(void)self;
}

bool protocol_has_left(struct shared *shared, uint32_t self)
{
	uint64_t vector;

	return mailbox_command(shared->mailbox, shared->line[self].apic_id, &vector) !=
	       BATON_COMMAND_WAKEUP;
}
