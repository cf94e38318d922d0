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

extern uint8_t blob[];	   /* where it was loaded */
extern uint8_t blob_end[]; /* the end of what it writes to */
extern const struct baton_wrap wrap_info;

/* An exception in the stage, on its way to stage_failed(). */
struct stage_exception {
	uint64_t vector;
	uint64_t error; /* 0 where there is no error code */
	uint64_t rip;
	uint64_t cr2; /* of a page fault */
};

/*
 * From either entry, once there are long mode, an own GDT, IDT and stack,
 * interrupts are off, and @params can be reached: brings the header in @params
 * to the payload's view and makes the identity map, then bzimage_main().
 * When it returns, entry.S enters the payload.
 */
void stage_start(struct boot_params *params);

/*
 * The stage's work.  All memory is mapped at its physical address, write-back
 * (device memory by its MTRRs); what is above 4 GiB as soon as it is touched.
 * Interrupts are off, an NMI is ignored, another exception ends in
 * stage_failed().  General registers only: no SSE, no x87.
 *
 * May change @params: memory map, root pointer of ACPI.  When it returns the
 * payload is started, as it is when it fails: it must leave @params usable at any
 * time.
 */
void bzimage_main(struct boot_params *params);

/*
 * The stage has run into an exception: say so.  The payload is entered when this
 * returns, on a fresh stack; a further exception enters it at once.
 */
void stage_failed(const struct stage_exception *exception);

/*
 * The stage does not work on this machine, and says why; the payload starts plainly.
 * Called on the loader's page tables.
 */
void stage_skipped(struct boot_params *params, const char *why);

/* A page fault at @address: map it.  False if that can't be. */
bool identity_fault(uint64_t address);

/*
 * An identity map of the first 4 GiB, and of what the payload needs beyond, in
 * force when this returns.  False if there is no room; then the loader's is kept.
 */
bool identity_start(const struct boot_params *params, bool gigabyte_pages);

uint64_t read_cr4(void);
void write_cr3(uint64_t value);

#endif /* STAGE_X86_64_BZIMAGE_BZIMAGE_H */
