/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The kernel at EL1, seen from EL2.  Arm ARM (DDI 0487), chapters D1 and D13;
 * Linux, Documentation/arch/arm64/booting.
 */
#include <baton/arm64/registers.h>
#include "el2_state.h"
#include "call.h"
#include "level.h"

#define HCR_VM (1ull << 0)
#define HCR_SWIO (1ull << 1)
#define HCR_TSC (1ull << 19)

#define CLASS_FETCH_LOWER 0x20
#define CLASS_DATA_LOWER 0x24
#define ESR_32_BIT (1ull << 25)
#define ABORT_EXTERNAL 0x10 /* synchronous external abort, not on a table walk */

void level_prepare(struct slot *slot)
{
	const struct baton_area_registers *registers = &slot->area->registers;
	uint64_t hcr = HCR_TSC;

	if (registers->vttbr)
		hcr |= HCR_VM | HCR_SWIO;
	write_register(vtcr_el2, registers->vtcr);
	write_register(vttbr_el2, registers->vttbr);
	el2_state_prepare(hcr);
	write_register(sctlr_el1, SCTLR_EL1_OFF);
	/* Nothing of the last kernel's translations or instructions may be left on this CPU. */
	isb();
	__asm__ volatile("tlbi alle1; ic iallu; dsb nsh; isb" ::: "memory");
}

/* On these processors, turning the MMU off and on does it.  The code is where it is in both. */
void level_forget_branches(void)
{
	uint64_t on = read_register(sctlr_el2);

	__asm__ volatile("msr sctlr_el2, %0; isb; msr sctlr_el2, %1; isb"
			 :
			 : "r"(on & ~1ull), "r"(on)
			 : "memory");
}

/*
 * The kernel has touched what is not its own: give it the exception that a bus
 * would have raised.  Arm ARM, D1, "Exception entry".
 */
static void inject_abort(uint64_t esr)
{
	uint64_t spsr = read_register(spsr_el2);
	bool from_el1 = (spsr >> 2 & 3) == 1;
	uint64_t class = esr >> ESR_CLASS_SHIFT & 0x3f;
	uint64_t offset = !from_el1 ? (spsr & 0x10 ? 0x600 : 0x400) : spsr & 1 ? 0x200 : 0;

	if (class != CLASS_FETCH_LOWER)
		class = CLASS_DATA_LOWER;
	class += from_el1; /* the class of an abort without a change of level is one more */
	write_register(esr_el1, class << ESR_CLASS_SHIFT | (esr & ESR_32_BIT) | ABORT_EXTERNAL);
	write_register(far_el1, read_register(far_el2));
	write_register(elr_el1, read_register(elr_el2));
	write_register(spsr_el1, spsr);
	write_register(elr_el2, read_register(vbar_el1) + offset);
	write_register(spsr_el2, SPSR_EL1H_MASKED);
}

void level_call(struct entry_frame *frame)
{
	struct slot *slot = (struct slot *)read_register(tpidr_el2);
	uint64_t esr = read_register(esr_el2);

	switch (esr >> ESR_CLASS_SHIFT & 0x3f) {
	case ESR_CLASS_SMC: /* the same interface; a trapped SMC has not been stepped over */
		write_register(elr_el2, read_register(elr_el2) + 4);
		call_answer(slot, frame);
		break;
	case ESR_CLASS_HVC:
		call_answer(slot, frame);
		break;
	default:
		inject_abort(esr);
	}
}
