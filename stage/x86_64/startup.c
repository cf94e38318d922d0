/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* Collecting CPUs by INIT and SIPI: Intel SDM volume 3, "MP initialization". */
#include <baton/x86_64/cpu.h>
#include "collect.h"
#include "lib/x86_64/trampoline.h"

#define INIT_DELAY_US 10000 /* where the processor needs one */
#define SIPI_REPEAT_US 200  /* until the second SIPI */
#define SIPI_STRAGGLER_US 20000

static void write_trampoline(void *trampoline, struct baton_area *area)
{
	trampoline_write(trampoline, (uint32_t)(uintptr_t)trampoline,
			 (uint32_t)(uintptr_t)area + BATON_AREA_PML4, CR4_PAE | CR4_MCE, EFER_LME,
			 (uintptr_t)area + BATON_AREA_RESIDENT, 0);
}

/* Send @command to each CPU that has not arrived yet. */
static void send_to_all(const struct collection *c, const struct apic *apic, uint32_t command)
{
	struct baton_table *table = collect_table(c->area);

	for (uint32_t i = 0; i < table->ncpus; i++)
		if (collect_state(&table->cpu[i]) == BATON_CPU_COLLECTING &&
		    table->cpu[i].apic_id != c->spare)
			apic_send(apic, table->cpu[i].apic_id, command);
}

void startup_collect(const struct collection *c)
{
	const struct apic apic = apic_find(c->area->map_end);
	uint32_t startup = ICR_STARTUP | (uint32_t)((uintptr_t)c->trampoline >> 12);
	uint64_t deadline = rdtsc() + COLLECT_TIMEOUT_US * c->tsc_per_us;
	uint64_t wait = SIPI_REPEAT_US * c->tsc_per_us;

	write_trampoline(c->trampoline, c->area);
	send_to_all(c, &apic, ICR_INIT);
	if (cpu_needs_init_delay())
		for (uint64_t start = rdtsc(); rdtsc() - start < INIT_DELAY_US * c->tsc_per_us;)
			cpu_relax();

	/* A CPU that is on its way ignores a further SIPI; one that missed the first needs it. */
	do {
		send_to_all(c, &apic, startup);
		if (collect_arrived(c->area, rdtsc() + wait))
			return;
		wait = SIPI_STRAGGLER_US * c->tsc_per_us;
	} while (rdtsc() < deadline);
}
