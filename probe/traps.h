/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * Exceptions and NMIs.  An architecture has traps.c, and a traps.h of its own that says what
 * these structures are; nothing here knows of CPUs.
 */
#ifndef PROBE_TRAPS_H
#define PROBE_TRAPS_H

struct traps;	   /* of each CPU */
struct trap_frame; /* what assembly leaves on the stack */

/* Set up the calling CPU: it takes exceptions from now on, and traps_owner() is @owner. */
void traps_load(struct traps *traps, void *owner);
void *traps_owner(void);

/* Called from assembly on the CPU that takes an exception or NMI, interrupts off. */
void traps_take(struct trap_frame *frame);

#endif /* PROBE_TRAPS_H */
