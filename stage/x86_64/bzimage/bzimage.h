/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The stage in a wrapped kernel, entered by the Linux boot protocol: what entry.S,
 * which has the ways in and the way on to the payload, and C share.
 *
 * The blob runs where it was loaded, in memory that the payload does not use until
 * it has set up memory of its own; its stack and page tables are in it.
 */
#ifndef STAGE_X86_64_BZIMAGE_BZIMAGE_H
#define STAGE_X86_64_BZIMAGE_BZIMAGE_H

#include "lib/x86_64/bzimage.h"
#include "lib/x86_64/wrap.h"
#include <stdbool.h>
#include <stdint.h>

extern uint8_t bzimage_blob[]; /* where it was loaded */
extern uint8_t bzimage_end[];  /* the end of what it writes to */
extern const struct baton_wrap bzimage_info;

/* An exception in the stage, on its way to bzimage_failed(). */
struct bzimage_exception {
	uint64_t vector;
	uint64_t error; /* of #VE its reason; 0 where there is no error code */
	uint64_t rip;
	uint64_t cr2; /* of a page fault */
};

/*
 * The stage, from either entry: brings the header in @params to the payload's view,
 * makes the identity map, and hands the CPUs over.  When it returns, entry.S enters
 * the payload.
 *
 * On entry there are long mode, an own GDT, IDT and stack; interrupts are off, and
 * @params can be reached.  Then all memory is mapped at its physical address,
 * write-back (device memory by its MTRRs); what is above 4 GiB as soon as it is
 * touched.  An NMI is ignored; #VE does what the instruction would have done (ve.h); another
 * exception ends in bzimage_failed().  General registers only: no SSE, no x87.
 *
 * May change @params: memory map, root pointer of ACPI.  The payload is started as
 * well when the stage fails: @params must be usable at any time.
 */
void bzimage_start(struct boot_params *params);

/*
 * Report an exception that the stage has run into.  The payload is entered when this
 * returns, on a fresh stack; a further exception enters it at once.
 */
void bzimage_failed(const struct bzimage_exception *exception);

/* On to the payload, from wherever the stage is. */
_Noreturn void bzimage_enter_payload(void);

/* A page fault at @address: map it.  False if that can't be. */
bool identity_fault(uint64_t address);

/*
 * An identity map of the first 4 GiB, and of what the payload needs beyond, in
 * force when this returns.  False if there is no room; then the loader's is kept.
 */
bool identity_start(const struct boot_params *params, bool gigabyte_pages);

uint64_t bzimage_read_cr4(void);
void bzimage_write_cr3(uint64_t value);

#endif /* STAGE_X86_64_BZIMAGE_BZIMAGE_H */
