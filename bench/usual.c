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

void protocol_arrive(struct trust *trust, uint32_t self)
{
	(void)trust;
	(void)self;
}

uint64_t protocol_hold(struct trust *trust, uint32_t self)
{
	uint32_t apic_id = trust->line[self].apic_id;
	uint64_t vector;

	for (;;) {
		switch (mailbox_command(trust->mailbox, apic_id, &vector)) {
		case BATON_COMMAND_TEST:
			port_testing(trust, self);
			mailbox_acknowledge(trust->mailbox, BATON_COMMAND_TEST, apic_id);
			break;
		case BATON_COMMAND_WAKEUP: /* and nothing of a broadcast */
			port_releasing(trust, self, vector);
			if (mailbox_acknowledge(trust->mailbox, BATON_COMMAND_WAKEUP, apic_id))
				return vector;
			port_kept(trust, self);
			break;
		}
		if (!USUAL_NO_PAUSE(trust->mailbox))
			port_relax();
	}
}

void protocol_mend(struct trust *trust, uint32_t self)
{
	(void)trust;
	(void)self;
}

bool protocol_has_left(struct trust *trust, uint32_t self)
{
	uint64_t vector;

	return mailbox_command(trust->mailbox, trust->line[self].apic_id, &vector) !=
	       BATON_COMMAND_WAKEUP;
}
