/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The life of one CPU of a spin-table that takes CPUs back: it arrives, is held, and
 * leaves.  The door is in spin-entry.S, the two words in ../spintable.c.  The kernel
 * runs at EL2, as the resident does; once a CPU is released it meets nothing of it.
 */
#include <baton/arm64/registers.h>
#include "spintable.h"
#include "el2-state.h"
#include "record.h"

#define TCR_EL1_NO_WALKS (1ull << 7 | 1ull << 23) /* EPD0, EPD1 */

/* Both in the same place: the buffer is not EL2's. */
#define BUFFER_IS_HIGHER (1ull << 4)

/* Called from spin-entry.S, and in it. */
_Noreturn void spin(struct slot *slot);
_Noreturn void spin_leave(uint64_t entry);

/*
 * Profiling and trace write to memory by themselves, through the last kernel's map.
 * The barriers by their numbers: they wait for what is on its way.
 */
static void stop_buffers(void)
{
	if (id_field(id_aa64dfr0_el1, 32) && !(read_register(PMBIDR_EL1) & BUFFER_IS_HIGHER)) {
		write_register(PMSCR_EL1, 0);
		write_register(PMSCR_EL2, 0);
		isb();
		__asm__ volatile("hint #17; dsb nsh" ::: "memory"); /* PSB CSYNC */
		write_register(PMBLIMITR_EL1, 0);
	}
	if (id_field(id_aa64dfr0_el1, 44) && !(read_register(TRBIDR_EL1) & BUFFER_IS_HIGHER)) {
		if (id_field(id_aa64dfr0_el1, 40)) {
			write_register(TRFCR_EL1, 0);
			write_register(TRFCR_EL2, 0);
			isb();
		}
		__asm__ volatile("hint #18; dsb nsh" ::: "memory"); /* TSB CSYNC */
		write_register(TRBLIMITR_EL1, 0);
	}
	isb();
}

/*
 * Take from the kernel's hands all that could still touch its memory: what EL1, if it had
 * guests there, could make the CPU look up on its own account; profiling; breakpoints.
 */
static void forget_kernel(void)
{
	stop_buffers();
	el2_prepare(0);
	write_register(vttbr_el2, 0);
	write_register(vtcr_el2, 0);
	write_register(tcr_el1, TCR_EL1_NO_WALKS);
	write_register(sctlr_el1, SCTLR_EL1_OFF);
	write_register(mdscr_el1, 0);
	if (id_field(id_aa64pfr1_el1, 24)) /* SME: out of streaming mode */
		write_register(SVCR, 0);
	if (id_field(id_aa64mmfr1_el1, 8)) /* VHE: a timer that EL2 has with it */
		write_register(CNTHV_CTL_EL2, 0);
	isb();
	__asm__ volatile("tlbi alle1; dsb nsh; isb" ::: "memory");
}

void port_spin_held(struct spin_table *table, uint32_t self)
{
	record_return(slot_of(table, self));
}

void port_spin_released(struct spin_table *table, uint32_t self, uint64_t entry)
{
	record_release(slot_of(table, self), entry);
}

/* An event that came between the look at the word and this is not lost: it ends it at once. */
void port_spin_sleep(struct spin_table *table, uint32_t self)
{
	(void)table;
	(void)self;
	__asm__ volatile("wfe" ::: "memory");
}

/* The full system: kernels look at the words without caches. */
void port_spin_complete(void)
{
	__asm__ volatile("dsb sy" ::: "memory");
}

_Noreturn void spin(struct slot *slot)
{
	forget_kernel();
	spin_leave(spin_hold(area_spin_table(slot->area), slot->number));
}
