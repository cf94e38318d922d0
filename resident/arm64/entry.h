/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The way of a CPU into the resident and out of it, in assembly: psci_entry.S, for EL2 and
 * EL3, and spin_entry.S.  In between is held.h.  For C and assembly.
 */
#ifndef RESIDENT_ARM64_ENTRY_H
#define RESIDENT_ARM64_ENTRY_H

#include <baton/arm64/area.h>
#include <baton/arm64/registers.h>
#include "area/arm64/slot.h"

/* The general registers of a kernel in a call, on the stack: x0 to x30, and a pad. */
#define ENTRY_FRAME_SIZE 256

#ifndef __ASSEMBLER__

struct entry_frame {
	uint64_t x[32];
};

_Static_assert(sizeof(struct entry_frame) == ENTRY_FRAME_SIZE, "for assembly");

/* Where CPUs come in: the image's first instruction. */
extern const uint8_t entry_start[];

/* The exception vectors of the resident's own level: aligned to 2 KiB. */
extern const uint8_t entry_vectors[];

/*
 * Enter the kernel at @entry, with @context in X0 and all other general registers 0.  The
 * registers of the kernel's level have their values.  Called on the CPU's slot stack, which
 * is empty again afterwards.
 */
_Noreturn void entry_leave(uint64_t entry, uint64_t context);

#endif /* __ASSEMBLER__ */
#endif /* RESIDENT_ARM64_ENTRY_H */
