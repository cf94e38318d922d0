/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * Between the way in and the way out of the resident of a spin-table: see held.h.  The
 * kernel runs at EL2, as the resident does; a released CPU meets nothing of the resident.
 */
#include <baton/arm64/registers.h>
#include "el2_state.h"
#include "entry.h"
#include "held.h"
#include "record.h"
#include "spintable.h"

#define TCR_EL1_NO_WALKS (1ull << 7 | 1ull << 23) /* EPD0, EPD1 */

/* Both in the same place: the buffer is not EL2's. */
#define BUFFER_IS_HIGHER (1ull << 4)

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
 * Turn off all that could still access the kernel's memory: translations of EL1, which the
 * CPU may walk for guests that the kernel had there; profiling; breakpoints.
 */
static void forget_kernel(void)
{
	stop_buffers();
	el2_state_prepare(0);
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

_Noreturn void held_cpu(struct slot *slot)
{
	forget_kernel();
	entry_leave(spintable_hold(shared_spin_table(slot->area), slot->number), 0);
}

void spintable_port_held(struct spin_table *table, uint32_t self)
{
	record_return(slot_of(table, self));
}

void spintable_port_released(struct spin_table *table, uint32_t self, uint64_t entry)
{
	record_release(slot_of(table, self), entry);
}

/* An event that came between the look at the word and this is not lost: it ends it at once. */
void spintable_port_sleep(struct spin_table *table, uint32_t self)
{
	(void)table;
	(void)self;
	__asm__ volatile("wfe" ::: "memory");
}

/* The full system: kernels look at the words without caches. */
void spintable_port_complete(void)
{
	__asm__ volatile("dsb sy" ::: "memory");
}
