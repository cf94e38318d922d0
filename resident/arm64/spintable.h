/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * A spin-table that takes CPUs back: what a CPU does with its two words between
 * the return to the resident and the next release.  docs/contract-arm64.md,
 * section 8.  Plain C without privileged instructions: the same code runs in the
 * resident, on the host with threads for CPUs, and stands behind the model in tests/model.
 *
 * The words are accessed by plain loads and stores alone, never by exclusives: the
 * resident has no cacheable map of them, and no other CPU writes a word when it does.
 */
#ifndef RESIDENT_ARM64_SPINTABLE_H
#define RESIDENT_ARM64_SPINTABLE_H

#include "area/arm64/shared.h"

/*
 * The calling CPU, number @self, is in the resident and uses nothing of its last
 * owner's any more: report it as held, and hold it until a kernel writes an entry
 * to its release word.  An entry that is not aligned to 4 or is in the area is
 * refused: the word is 0 again, the CPU is still held.  Returns the entry; the CPU
 * is not held any more.
 */
uint64_t spintable_hold(struct spin_table *table, uint32_t self);

/* What differs between the resident and a host test; resolved at link time. */

/* CPU @self is held from now on. */
void spintable_port_held(struct spin_table *table, uint32_t self);

/* CPU @self is about to leave for @entry; spintable_port_complete() follows what this stores. */
void spintable_port_released(struct spin_table *table, uint32_t self, uint64_t entry);

/* Sleep until the release word of @self may have changed; returning early is always right. */
void spintable_port_sleep(struct spin_table *table, uint32_t self);

/* All accesses before it are complete, for every observer, before any that comes after it. */
void spintable_port_complete(void);

#endif /* RESIDENT_ARM64_SPINTABLE_H */
