/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "handover.h"
#include <baton/x86_64/cpu.h>
#include "stage/say.h"
#include "account.h"
#include "machine.h"
#include "owner.h"

static bool find_tables(const struct handover *h, uint64_t rsdp)
{
	return rsdp && tables_read(rsdp, &h->operations.memory);
}

static bool make_area(struct handover *h)
{
	size_t size = install_size(&h->plan);

	if (!size) {
		say("no area can be laid out for %llu CPUs and memory up to 0x%llx",
		    (unsigned long long)h->plan.ncpus, (unsigned long long)h->plan.map_end);
		return false;
	}
	h->collection.area = h->operations.allocate_area(size);
	if (!h->collection.area)
		return false;
	install_area(h->collection.area, (uint64_t)h->collection.area, &h->plan,
		     machine_resident());
	return true;
}

/* Build the tables for the area, and publish them. */
static bool publish(const struct handover *h)
{
	uint64_t area = (uint64_t)h->collection.area;
	struct acpi_rsdp *rsdp = tables_build(area + BATON_AREA_MAILBOX, area + BATON_AREA_RESIDENT,
					      area + h->collection.area->table);

	return rsdp && h->operations.publish(rsdp);
}

/* Adopt the area that is there, or make one, according to the CPUs' owner. */
static bool find_or_make(struct handover *h)
{
	struct collection *c = &h->collection;

	switch (owner_find(&h->plan, &h->operations.memory, h->operations.reserved, &c->area)) {
	case OWNER_STAGE:
		return false;
	case OWNER_AREA:
		c->adopted = true;
		if (!c->tsc_per_us)
			c->tsc_per_us = c->area->tsc_per_us;
		tables_adopt();
		return true;
	case OWNER_MAILBOX:
		c->mailbox = true;
		break;
	case OWNER_NONE:
		if (!c->tdx)
			break;
		say("without a mailbox the secondary CPUs of a TDX guest can't be reached");
		return false;
	}
	return h->operations.may_make_area() && make_area(h) && publish(h);
}

bool handover_prepare(struct handover *h, uint32_t wait, uint64_t started)
{
	const struct handover_operations *operations = &h->operations;
	struct baton_table *table;

	if (!machine_is_served())
		return false;
	h->collection.rsdp = operations->find_rsdp();
	if (!find_tables(h, h->collection.rsdp) ||
	    !machine_plan(&h->plan, tables_madt(), operations->memory_end(), wait) ||
	    !operations->find_trampoline() || !find_or_make(h))
		return false;
	table = collect_table(h->collection.area);
	table->boot_apic_id = h->plan.boot_apic_id;
	table->flags |= tables_hide_s3() ? BATON_TABLE_S3_HIDDEN : 0;
	table->prepare_us = (rdtsc() - started) / h->collection.tsc_per_us;
	return true;
}

void handover_collect(struct handover *h)
{
	uint64_t started = rdtsc();

	account(&h->collection, collect(&h->collection), started);
}
