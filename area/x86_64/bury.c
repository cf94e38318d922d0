/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* Apart from protocol.c, since the stage needs it too. */
#include "resident/x86_64/protocol.h"

void protocol_bury(struct trust *trust, uint32_t self, uint32_t dead)
{
	uint32_t listener = dead, waiting;

	__atomic_store_n(&trust->line[dead].state, AWAY, __ATOMIC_SEQ_CST);
	/* Nobody rings any more if it was the listener: whoever waits must look up. */
	if (__atomic_compare_exchange_n(&trust->listener, &listener, NOBODY, false,
					__ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
		for (uint32_t i = 0; i < trust->ncpus; i++) {
			waiting = WAITING;
			__atomic_compare_exchange_n(&trust->line[i].state, &waiting, RINGING + dead,
						    false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
		}
	/* These rings, and those that it was in the middle of, nobody else completes. */
	for (uint32_t i = 0; i < trust->ncpus; i++)
		if (__atomic_load_n(&trust->line[i].state, __ATOMIC_SEQ_CST) == RINGING + dead) {
			port_ring(trust, self, i);
			__atomic_store_n(&trust->line[i].state, RUNG, __ATOMIC_SEQ_CST);
		}
}
