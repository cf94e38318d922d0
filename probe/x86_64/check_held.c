/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * Held CPUs: nothing of the kernel is left in them.  All they had of it is
 * overwritten, with all other memory that is not theirs, while they are asked to
 * answer, and are sent NMIs.
 */
#include "checks.h"
#include <baton/reader.h>
#include <baton/string.h>
#include "probe/memory.h"
#include "probe/options.h"
#include "probe/tap.h"
#include "probe/time.h"
#include "cpus.h"
#include "mailbox.h"
#include "paging.h"
#include "tables.h"
#include "x86.h"

#define NMIS 3
#define NMI_GAP_US 2000
#define QUIET_US 100000
#define LEFTOVER 0xa5

static const struct check nmi_held = {"nmi-held", "a held CPU survives NMIs", "contract, 6"};
static const struct check nmi_counted = {"nmi-counted", "... and counts them", "contract, 6, 9"};
static const struct check held_memory = {
	"held-memory", "held CPUs touch nothing but their own memory", "contract, 6"};

/* What the kernel had of CPU @cpu. */
static void overwrite(struct cpu *cpu)
{
	memset(cpu->stack, LEFTOVER, sizeof(cpu->stack));
	memset(cpu->nmi_stack, LEFTOVER, sizeof(cpu->nmi_stack));
	memset(cpu->exception_stack, LEFTOVER, sizeof(cpu->exception_stack));
	memset(&cpu->descriptors, LEFTOVER, sizeof(cpu->descriptors));
	memset(cpu->arrival, LEFTOVER, PAGE_SIZE);
}

static bool is_filled(const void *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (((const uint8_t *)bytes)[i] != LEFTOVER)
			return false;
	return true;
}

static void look_at_leftovers(struct cpu *cpu)
{
	if (!is_filled(cpu->stack, sizeof(cpu->stack)))
		tap_fault("APIC ID 0x%x: its stack has been written to", cpu->apic_id);
	if (!is_filled(cpu->nmi_stack, sizeof(cpu->nmi_stack)) ||
	    !is_filled(cpu->exception_stack, sizeof(cpu->exception_stack)))
		tap_fault("APIC ID 0x%x: a trap's stack has been written to", cpu->apic_id);
	if (!is_filled(&cpu->descriptors, sizeof(cpu->descriptors)))
		tap_fault("APIC ID 0x%x: its GDT or TSS has been written to", cpu->apic_id);
	if (!is_filled(cpu->arrival, PAGE_SIZE))
		tap_fault("APIC ID 0x%x: its wakeup vector has been written to", cpu->apic_id);
}

static uint32_t nmis_counted(const struct cpu *cpu)
{
	for (uint32_t i = 0; i < check_batn->ncpus; i++)
		if (baton_table_record(check_batn, i)->apic_id == cpu->apic_id)
			return baton_count_value(baton_table_record(check_batn, i)->nmis);
	return 0;
}

static void send_nmis(void)
{
	const struct apic apic = apic_find(UINT64_MAX);

	for (int n = 0; n < NMIS; n++) {
		for (uint32_t i = 1; i < cpus_count; i++)
			apic_send(&apic, cpus[i].apic_id, ICR_NMI);
		time_delay_us(NMI_GAP_US); /* two at once are one */
	}
}

/* Whether every held CPU still answers; those that do not are lost. */
static bool all_answer(void)
{
	bool all = true;

	for (uint32_t i = 1; i < cpus_count; i++)
		if (!mailbox_test(cpus[i].apic_id)) {
			tap_fault("APIC ID 0x%x does not answer TEST any more", cpus[i].apic_id);
			all = false;
		}
	return all;
}

static void check_nmis(void)
{
	static uint32_t before[CPUS_MAX];

	tap_begin(&nmi_held);
	if (!check_batn && !options.nmi) {
		tap_skip("only the contract asks for it, and it may end the machine: nmi=yes");
		tap_skipped(&nmi_counted, "no BATN table");
		return;
	}
	for (uint32_t i = 1; i < cpus_count && check_batn; i++)
		before[i] = nmis_counted(&cpus[i]);
	tap_remark("NMIs to held CPUs: if this is the last line, nmi-held has failed");
	send_nmis();
	if (!all_answer())
		tap_bail_out("CPUs are lost after NMIs");
	tap_end();

	tap_begin(&nmi_counted);
	if (!check_batn) {
		tap_skip("no BATN table");
		return;
	}
	for (uint32_t i = 1; i < cpus_count; i++)
		if (nmis_counted(&cpus[i]) - before[i] != NMIS)
			tap_fault("APIC ID 0x%x has counted %u of %u", cpus[i].apic_id,
				  nmis_counted(&cpus[i]) - before[i], NMIS);
	tap_end();
}

/* Version 0, or INIT and SIPI: the CPUs are here, or nowhere. */
static void check_memory_alone(void)
{
	tap_begin(&held_memory);
	memory_verify();
	tap_end();
}

void check_held(void)
{
	const char *skip = cpus_machine->method == BATON_INIT_SIPI ? "CPUs are held by nobody"
								   : cpus_no_way_back();

	if (skip) {
		tap_skipped(&nmi_held, skip);
		tap_skipped(&nmi_counted, skip);
		check_memory_alone();
		return;
	}
	cpus_exit_scorch();
	for (uint32_t i = 1; i < cpus_count; i++)
		overwrite(&cpus[i]);
	check_nmis();
	time_delay_us(QUIET_US);
	tap_begin(&held_memory);
	if (!all_answer())
		tap_bail_out("CPUs do not answer since the kernel's memory was overwritten");
	for (uint32_t i = 1; i < cpus_count; i++)
		look_at_leftovers(&cpus[i]);
	memory_verify();
	tap_end();
	for (uint32_t i = 1; i < cpus_count; i++)
		cpus_move_page(&cpus[i], (uintptr_t)cpus[i].arrival);
	cpus_exit_build();
}
