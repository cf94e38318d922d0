/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* What hold.c needs of port.c beyond the functions that protocol.h and shared.h declare. */
#ifndef RESIDENT_X86_64_PORT_H
#define RESIDENT_X86_64_PORT_H

#include "area/x86_64/slot.h"

/* The CPU arrives, its local APIC in order: find out how it can sleep. */
void port_arriving(struct slot *slot);

/* The CPU has arrived and is held: count it, and write it to the ledger. */
void port_arrived(struct slot *slot);

/* The CPU has stopped for good. */
void port_failed(struct slot *slot);

#endif /* RESIDENT_X86_64_PORT_H */
