/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "install.h"
#include <baton/mailbox.h>
#include <baton/string.h>
#include "area/blank.h"
#include "layout.h"
#include "shared.h"

size_t install_size(const struct area_plan *plan)
{
	struct layout l;

	return layout_of(&l, plan) ? l.size : 0;
}

static void write_page_tables(uint8_t *area, uint64_t base, const struct layout *l)
{
	uint64_t *pml5 = (uint64_t *)(area + BATON_AREA_PML5);
	uint64_t *pml4 = (uint64_t *)(area + BATON_AREA_PML4);
	uint64_t *pdpt = (uint64_t *)(area + BATON_AREA_PDPT);
	uint64_t *directory = pdpt + l->pdpts * LAYOUT_PAGE_ENTRIES;

	for (size_t i = 0; i < LAYOUT_PAGE_ENTRIES; i++) {
		pml5[i] = layout_pml5_entry(l, base, i);
		pml4[i] = layout_pml4_entry(l, base, i);
	}
	for (size_t i = 0; i < l->pdpts * LAYOUT_PAGE_ENTRIES; i++)
		pdpt[i] = layout_pdpt_entry(l, base, i);
	for (size_t i = 0; i < l->directories * LAYOUT_PAGE_ENTRIES; i++)
		directory[i] = layout_directory_entry(i);
}

/*
 * What the held CPUs share.  A sibling of the boot CPU shall not be the
 * listener if another can: it would slow the boot CPU down.
 */
static void write_shared(uint8_t *area, uint64_t base, const struct layout *l,
			 const struct area_plan *plan)
{
	struct shared *shared = (struct shared *)(area + AREA_SHARED);
	struct line *line = (struct line *)(area + l->lines);

	shared->mailbox = (struct baton_mailbox *)(uintptr_t)(base + BATON_AREA_MAILBOX);
	shared->line = (struct line *)(uintptr_t)(base + l->lines);
	shared->ncpus = plan->ncpus;
	shared->listener = LINE_NONE;
	for (size_t i = 0; i < plan->ncpus; i++) {
		line[i].state = LINE_AWAY;
		line[i].apic_id = plan->cpus[i].apic_id;
		line[i].avoid = plan->smt_bits && plan->cpus[i].apic_id >> plan->smt_bits ==
							  plan->boot_apic_id >> plan->smt_bits;
	}
}

static void write_table(struct baton_table *table, uint64_t base, const struct layout *l,
			const struct area_plan *plan)
{
	blank_table(table, l->lines - l->table, BATON_AREA_VERSION);
	table->area = base;
	table->area_size = l->size;
	table->ncpus = plan->ncpus;
	table->boot_apic_id = plan->boot_apic_id;
	table->flags = BATON_TABLE_BROADCAST;
	table->mailbox = base + BATON_AREA_MAILBOX;
	table->reset_vector = base + BATON_AREA_RESIDENT;
	table->map_end = l->map_end;
	table->wait = baton_count_of(plan->wait);
	for (size_t i = 0; i < plan->ncpus; i++)
		blank_record(&table->cpu[i], plan->cpus[i].apic_id, plan->cpus[i].uid,
			     plan->cpus[i].apic_id == plan->boot_apic_id, plan->tsc_per_us);
	blank_ledger((struct baton_entry *)((uint8_t *)table + l->ledger - l->table), l->entries);
	acpi_set_checksum((struct acpi_header *)table->acpi_header);
}

/* So that no CPU of a TD can be said to be the boot CPU, which has not come yet. */
static void bind_boot_cpu(struct slot *slot, const struct area_plan *plan)
{
	for (size_t i = 0; i < plan->ncpus; i++)
		if (plan->cpus[i].apic_id == plan->boot_apic_id)
			slot[i].vcpu = plan->boot_vcpu;
}

void install_area(void *area, uint64_t base, const struct area_plan *plan, const void *image)
{
	struct resident_entries entries;
	struct layout l;
	uint8_t *at = area;

	if (!layout_of(&l, plan))
		return;
	memset(area, 0, l.size);
	memcpy(at + BATON_AREA_RESIDENT, image, BATON_RESIDENT_MAX);
	memcpy(&entries, at + BATON_AREA_RESIDENT + RESIDENT_ENTRIES, sizeof(entries));

	write_page_tables(at, base, &l);
	for (unsigned vector = 0; vector < LAYOUT_VECTORS; vector++)
		layout_gate((uint64_t *)(at + BATON_AREA_IDT) + 2 * vector, vector,
			    base + BATON_AREA_RESIDENT, &entries);
	for (size_t i = 0; i < plan->ncpus; i++) {
		memcpy(at + l.apic_ids + i * sizeof(uint32_t), &plan->cpus[i].apic_id,
		       sizeof(uint32_t));
		layout_slot((struct slot *)(at + l.slots) + i, &l, base, i);
	}
	bind_boot_cpu((struct slot *)(at + l.slots), plan);
	write_table((struct baton_table *)(at + l.table), base, &l, plan);
	write_shared(at, base, &l, plan);
	layout_header(area, base, &l, plan);
}
