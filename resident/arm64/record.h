/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * A hand-over, recorded in BATN by the CPU itself.  Caches must be on, since CPUs
 * write to the ledger at the same time.  All is in memory when a function returns.
 */
#ifndef RESIDENT_ARM64_RECORD_H
#define RESIDENT_ARM64_RECORD_H

#include <stdint.h>
#include "area/arm64/slot.h"

/* The CPU of @slot has arrived, and is held from now on. */
void record_return(struct slot *slot);

/* It is about to leave for @entry. */
void record_release(struct slot *slot, uint64_t entry);

/* After an exception in the resident itself, @at, which should not happen.  From the vectors. */
_Noreturn void record_failed(struct slot *slot, uint64_t at);

#endif /* RESIDENT_ARM64_RECORD_H */
