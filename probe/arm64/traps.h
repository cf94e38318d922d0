/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* Exceptions: those that are expected, and those that end it all. */
#ifndef PROBE_ARM64_TRAPS_H
#define PROBE_ARM64_TRAPS_H

#include <stdbool.h>
#include <stdint.h>
#include "probe/traps.h"

/* What head.S leaves on the stack. */
struct trap_frame {
	uint64_t x[31], pad[3];
};

/* Of each CPU. */
struct traps {
	void *owner;   /* see traps_owner() */
	bool catching; /* between traps_catch() and traps_caught() */
	uint64_t caught;
};

/*
 * From here to traps_caught() an exception of the calling CPU steps over the
 * instruction.  traps_caught() returns ESR of the last one, or 0.
 */
void traps_catch(void);
uint64_t traps_caught(void);

/* True, and ESR in *@esr, if a load from, or a store to, @address raises an exception. */
bool traps_on_load(uint64_t address, uint64_t *esr);
bool traps_on_store(uint64_t address, uint64_t *esr);

#define ESR_CLASS(esr) ((esr) >> 26 & 0x3f)
#define ESR_DATA_ABORT 0x25 /* without a change of level */
#define ESR_STATUS(esr) (0x3f & (esr))
#define ESR_EXTERNAL 0x10 /* synchronous, not on a table walk */

#endif /* PROBE_ARM64_TRAPS_H */
