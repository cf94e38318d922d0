/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "traps.h"
#include <baton/arm64/registers.h>
#include "probe/tap.h"
#include "head.h"
#include "level.h"

_Static_assert(sizeof(struct trap_frame) == FRAME_SIZE, "for assembly");

static struct traps *own(void)
{
	return (struct traps *)read_register(tpidr_el1);
}

void traps_load(struct traps *traps, void *owner)
{
	traps->owner = owner;
	write_register(tpidr_el1, (uintptr_t)traps);
	if (at_el2())
		write_register(vbar_el2, (uintptr_t)head_vectors);
	else
		write_register(vbar_el1, (uintptr_t)head_vectors);
	isb();
}

void traps_take(struct trap_frame *frame)
{
	bool el2 = at_el2();
	uint64_t esr = el2 ? read_register(esr_el2) : read_register(esr_el1);
	uint64_t elr = el2 ? read_register(elr_el2) : read_register(elr_el1);
	uint64_t far = el2 ? read_register(far_el2) : read_register(far_el1);
	struct traps *traps = own();

	if (!traps->catching)
		tap_bail_out("CPU 0x%llx: exception, ESR 0x%llx, at 0x%llx (image + 0x%llx), FAR "
			     "0x%llx, "
			     "x30 0x%llx",
			     (unsigned long long)own_mpidr(), (unsigned long long)esr,
			     (unsigned long long)elr,
			     (unsigned long long)(elr - (uintptr_t)head_start),
			     (unsigned long long)far, (unsigned long long)frame->x[30]);
	traps->caught = esr;
	if (el2)
		write_register(elr_el2, elr + 4);
	else
		write_register(elr_el1, elr + 4);
}

void *traps_owner(void)
{
	return own()->owner;
}

void traps_catch(void)
{
	struct traps *traps = own();

	traps->caught = 0;
	traps->catching = true;
	__asm__ volatile("" ::: "memory");
}

uint64_t traps_caught(void)
{
	struct traps *traps = own();

	__asm__ volatile("dsb sy; isb" ::: "memory");
	traps->catching = false;
	return traps->caught;
}

bool traps_on_load(uint64_t address, uint64_t *esr)
{
	uint64_t value;

	traps_catch();
	__asm__ volatile("ldr %0, [%1]" : "=r"(value) : "r"(address) : "memory");
	*esr = traps_caught();
	return *esr;
}

/* What is there is stored again, if it can be read. */
bool traps_on_store(uint64_t address, uint64_t *esr)
{
	uint64_t value = 0;

	traps_catch();
	__asm__ volatile("ldr %0, [%1]" : "+r"(value) : "r"(address) : "memory");
	traps_caught();
	traps_catch();
	__asm__ volatile("str %0, [%1]" : : "r"(value), "r"(address) : "memory");
	*esr = traps_caught();
	return *esr;
}
