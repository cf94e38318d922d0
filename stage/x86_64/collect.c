/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "../collect.h"
#include <baton/mailbox.h>
#include <baton/string.h>
#include <baton/table.h>
#include <stdbool.h>
#include "../../resident/protocol.h"
#include "../../resident/x86_64/apic.h"
#include "../../resident/x86_64/cpu.h"
#include "../../resident/x86_64/slot.h"
#include "sipi.h"

#define INIT_DELAY_US 10000 /* where the processor needs one */
#define SIPI_REPEAT_US 200  /* Intel SDM volume 3, "MP initialization", the second SIPI */
#define SIPI_STRAGGLER_US 20000
#define DISMISS_US 1000
#define WATCH_MWAIT_US 1000

static struct baton_table *table_of(struct baton_area *area)
{
	return (struct baton_table *)((uint8_t *)area + area->table);
}

static uint32_t state_of(const struct baton_cpu_record *cpu)
{
	return baton_count_value(__atomic_load_n(&cpu->state, __ATOMIC_ACQUIRE));
}

/* How many CPUs are in state @state. */
static uint32_t count_state(struct baton_area *area, uint32_t state)
{
	struct baton_table *table = table_of(area);
	uint32_t n = 0;

	for (uint32_t i = 0; i < table->ncpus; i++)
		n += state_of(&table->cpu[i]) == state;
	return n;
}

/* Wait until no CPU is in state COLLECTING, or until @deadline; true if none is. */
static bool all_arrived(struct baton_area *area, uint64_t deadline)
{
	while (count_state(area, BATON_CPU_COLLECTING)) {
		if (rdtsc() > deadline)
			return false;
		cpu_relax();
	}
	return true;
}

static void delay(uint64_t ticks)
{
	for (uint64_t start = rdtsc(); rdtsc() - start < ticks;)
		cpu_relax();
}

/* Send @command to each CPU that has not arrived yet. */
static void send_to_all(struct baton_area *area, const struct apic *apic, uint32_t command)
{
	struct baton_table *table = table_of(area);

	for (uint32_t i = 0; i < table->ncpus; i++)
		if (state_of(&table->cpu[i]) == BATON_CPU_COLLECTING)
			apic_send(apic, table->cpu[i].apic_id, command);
}

static void write_trampoline(void *trampoline, struct baton_area *area)
{
	uint32_t page = (uint32_t)(uintptr_t)trampoline;
	struct sipi_data *data = (struct sipi_data *)((uint8_t *)trampoline + SIPI_GDTR);

	memcpy(trampoline, sipi_page, SIPI_PAGE_SIZE);
	data->gdt += page;
	data->to_32.offset += page;
	data->to_64.offset += page;
	data->pml4 = (uint32_t)(uintptr_t)area + BATON_AREA_PML4;
	data->reset_vector = (uintptr_t)area + BATON_AREA_RESIDENT;
}

/*
 * Whether the processor needs 10 ms after INIT: only those with a discrete or
 * early local APIC do (Intel MultiProcessor Specification 1.4, B.4).  Linux
 * draws the line at about the same place.
 */
static bool needs_init_delay(void)
{
	struct cpuid vendor = cpuid(0, 0);
	uint32_t signature = cpuid(1, 0).eax;
	uint32_t family = signature >> 8 & 0xf;

	if (family == 0xf)
		family += signature >> 20 & 0xff;
	if (vendor.ebx == 0x756e6547) /* "Genu"ineIntel */
		return family != 6 && family < 18;
	if (vendor.ebx == 0x68747541) /* "Auth"enticAMD */
		return family < 0xf;
	if (vendor.ebx == 0x6f677948) /* "Hygo"nGenuine */
		return family < 0x18;
	return true;
}

static void send_for_all(struct baton_area *area, const struct apic *apic, void *trampoline,
			 uint64_t tsc_per_us)
{
	uint32_t startup = ICR_STARTUP | (uint32_t)((uintptr_t)trampoline >> 12);
	uint64_t deadline = rdtsc() + COLLECT_TIMEOUT_US * tsc_per_us;
	uint64_t wait = SIPI_REPEAT_US * tsc_per_us;

	write_trampoline(trampoline, area);
	send_to_all(area, apic, ICR_INIT);
	if (needs_init_delay())
		delay(INIT_DELAY_US * tsc_per_us);

	/* A CPU that is on its way ignores a further SIPI; one that missed the first needs it. */
	do {
		send_to_all(area, apic, startup);
		if (all_arrived(area, rdtsc() + wait))
			return;
		wait = SIPI_STRAGGLER_US * tsc_per_us;
	} while (rdtsc() < deadline);
}

/* Whether @cpu says itself, through the mailbox, that it is held. */
static bool answers_test(struct baton_area *area, const struct baton_cpu_record *cpu,
			 uint64_t deadline)
{
	volatile struct baton_mailbox *mailbox =
		(volatile struct baton_mailbox *)((uint8_t *)area + BATON_AREA_MAILBOX);

	mailbox->apic_id = cpu->apic_id;
	__atomic_store_n(&mailbox->command, BATON_COMMAND_TEST, __ATOMIC_RELEASE);
	while (__atomic_load_n(&mailbox->command, __ATOMIC_ACQUIRE) != BATON_COMMAND_NOOP) {
		if (rdtsc() > deadline)
			return false;
		cpu_relax();
	}
	return true;
}

/* The ring of protocol_bury(), when it is the boot CPU that buries. */
void port_ring(struct trust *trust, uint32_t self, uint32_t target)
{
	const struct apic apic = apic_find(UINT64_MAX);

	(void)self;
	apic_send(&apic, trust->line[target].apic_id, ICR_FIXED | VECTOR_RING);
}

/*
 * Give up CPU @number: INIT leaves it waiting for a SIPI that nobody sends.  Only
 * then is it sure that it neither arrives late nor touches the mailbox.
 */
static void dismiss(struct baton_area *area, uint32_t number, const struct apic *apic,
		    uint64_t tsc_per_us)
{
	volatile struct baton_mailbox *mailbox =
		(volatile struct baton_mailbox *)((uint8_t *)area + BATON_AREA_MAILBOX);
	struct trust *trust = (struct trust *)((uint8_t *)area + AREA_TRUST);
	struct baton_cpu_record *cpu = &table_of(area)->cpu[number];

	apic_send(apic, cpu->apic_id, ICR_INIT);
	delay(DISMISS_US * tsc_per_us);
	__atomic_store_n(&cpu->state, baton_count_of(BATON_CPU_MISSING), __ATOMIC_RELAXED);
	__atomic_store_n(&mailbox->command, BATON_COMMAND_NOOP, __ATOMIC_RELEASE);
	protocol_bury(trust, number, number);
}

/* Give held CPUs the time to find out that their MWAIT is none. */
static void watch_mwait(struct baton_table *table, uint64_t tsc_per_us)
{
	for (uint64_t start = rdtsc(); rdtsc() - start < WATCH_MWAIT_US * tsc_per_us;) {
		if (__atomic_load_n(&table->wait, __ATOMIC_RELAXED) !=
		    baton_count_of(BATON_WAIT_MWAIT))
			return;
		cpu_relax();
	}
}

uint32_t collect(struct baton_area *area, void *trampoline, uint64_t tsc_per_us)
{
	struct baton_table *table = table_of(area);
	struct apic apic = apic_find(area->map_end);
	uint32_t held;

	if (apic.usable)
		send_for_all(area, &apic, trampoline, tsc_per_us);

	for (uint32_t i = 0; i < table->ncpus; i++) {
		const struct baton_cpu_record *cpu = &table->cpu[i];
		uint64_t deadline = rdtsc() + TEST_TIMEOUT_US * tsc_per_us;
		uint32_t state = state_of(cpu);

		if (state != BATON_CPU_RELEASED &&
		    (state != BATON_CPU_HELD || !answers_test(area, cpu, deadline)))
			dismiss(area, i, &apic, tsc_per_us);
	}
	watch_mwait(table, tsc_per_us);
	held = count_state(area, BATON_CPU_HELD);
	table->held = baton_count_of(held);
	return held;
}
