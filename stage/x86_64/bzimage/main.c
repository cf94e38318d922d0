/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The stage's work in a wrapped kernel, which any Linux loader has started: the
 * hand-over of the CPUs in one go, without firmware.  Whatever is wrong, it says so,
 * and the payload starts as it would without baton.
 */
#include <baton/string.h>
#include <baton/x86_64/cpu.h>
#include "stage/x86_64/account.h"
#include "lib/x86_64/clock.h"
#include "stage/x86_64/collect.h"
#include "stage/x86_64/holder.h"
#include "stage/x86_64/machine.h"
#include "stage/x86_64/say.h"
#include "stage/x86_64/tables.h"
#include "bootparams.h"
#include "bzimage.h"
#include "cmdline.h"
#include "console.h"
#include "rsdp.h"

#define PAGE 4096ull
#define LOW_END 0xa0000 /* of the memory that real mode reaches */
#define MIB (1ull << 20)
#define BELOW_4G (1ull << 32)
#define RANGES_MAX 512
#define COMMAND_LINE_MAX 65536 /* as much of it as is looked at */
#define RSDP_ADDR_VERSION                                                                          \
	0x020e /* of the boot protocol: from then on acpi_rsdp_addr is looked at */

extern const uint8_t resident_image[]; /* BATON_RESIDENT_MAX bytes: stage/x86_64/image.S */

static const char *command_line;
static struct e820 map;
static struct range used_ranges[RANGES_MAX];
static struct ranges used;
static struct resident_plan plan;
static struct collection collection;
static uint8_t trampoline_saved[PAGE];

/* What an exception has to take back: where the kernel would find the tables otherwise. */
static struct boot_params *published_in;
static uint64_t published_instead;

/* The part of the reserved memory that ACPI tables are allocated from. */
static uint64_t tables_next, tables_end;

static void *identity(uint64_t address, uint64_t length)
{
	(void)length;
	return (void *)address;
}

/* The memory below 1 MiB is there even where the memory map has holes in it. */
static bool holds(uint64_t address, uint64_t length)
{
	return (address < MIB && length <= MIB - address) || e820_holds(&map, address, length);
}

static bool keeps(uint64_t address, uint64_t length)
{
	return e820_keeps(&map, address, length);
}

static void *allocate_table(size_t size)
{
	uint64_t table = tables_next;

	size = (size + TABLE_ALIGNMENT - 1) / TABLE_ALIGNMENT * TABLE_ALIGNMENT;
	if (size > tables_end - tables_next)
		return NULL;
	tables_next += size;
	return (void *)table;
}

static struct tables_memory tables_memory(void)
{
	return (struct tables_memory){.holds = holds, .allocate = allocate_table};
}

/* What the loader has told, as far as it bears a check. */
static bool read_params(struct boot_params *params)
{
	static const char none[1];
	uint64_t line = bootparams_command_line(params);
	bool whole = e820_start(&map, params) && bootparams_extend(&map, identity);
	size_t length = 0;

	command_line = none;
	if (line && holds(line, 1)) {
		command_line = (const char *)line;
		while (length < COMMAND_LINE_MAX && holds(line + length, 1) && command_line[length])
			length++;
		if (length == COMMAND_LINE_MAX || !holds(line + length, 1))
			command_line = none;
	}
	bzimage_console(params, command_line);
	if (wrap_info.flags & WRAP_VERBOSE)
		say_verbosely();
	if (!whole)
		say("the memory map of boot_params can't be followed");
	return whole;
}

static bool find_tables(void)
{
	const struct tables_memory memory = tables_memory();
	uint64_t rsdp = rsdp_find(&map, identity);

	if (!rsdp)
		say("there are no ACPI tables");
	collection.rsdp = rsdp;
	return rsdp && tables_find(rsdp, &memory);
}

static bool use_table(uint64_t address, uint64_t length, void *context)
{
	return ranges_add(context, address, length);
}

static bool use_crashkernel(void)
{
	uint64_t start, size;

	for (unsigned i = 0; cmdline_crashkernel(command_line, i, &start, &size); i++)
		if (!ranges_add(&used, start, size))
			return false;
	return true;
}

/* All that must stay as it is: this stage and the payload behind it, and what they are given. */
static bool list_used(const struct boot_params *params)
{
	const struct setup_header *hdr = &params->hdr;

	used = (struct ranges){used_ranges, 0, RANGES_MAX};
	if (ranges_add(&used, (uint64_t)blob,
		       (uint64_t)wrap_info.stage_size + (hdr->init_size > wrap_info.payload_size
								 ? hdr->init_size
								 : wrap_info.payload_size)) &&
	    ranges_add(&used, hdr->pref_address, hdr->init_size) &&
	    bootparams_used(&used, &map, (uint64_t)params, identity) &&
	    tables_each(use_table, &used) && use_crashkernel())
		return true;
	say("what the loader has put into memory can't be listed");
	return false;
}

/* A page below 1 MiB to start CPUs in; the payload gets it back as it was. */
static void find_trampoline(void)
{
	collection.trampoline = (void *)e820_find(&map, PAGE, PAGE, LOW_END, used.range, used.n);
	if (collection.trampoline)
		memcpy(trampoline_saved, collection.trampoline, PAGE);
	else
		say("no memory below 1 MiB to start the secondary CPUs from");
}

static void give_back_trampoline(void)
{
	if (collection.trampoline)
		memcpy(collection.trampoline, trampoline_saved, PAGE);
}

/*
 * Reserve memory for a new area and the tables that lead to it, in one piece: what
 * e820_reserve() may need, the tables, the area.
 */
static bool make_area(void)
{
	size_t tables = sizeof(struct e820_more) + TABLE_ALIGNMENT + tables_room();
	size_t area = resident_area_size(&plan), size;
	uint64_t start;

	if (!area) {
		say("no area can be laid out for %llu CPUs and memory up to 0x%llx",
		    (unsigned long long)plan.ncpus, (unsigned long long)plan.map_end);
		return false;
	}
	tables = (tables + PAGE - 1) / PAGE * PAGE;
	size = tables + area;
	start = e820_find(&map, size, 16 * MIB, BELOW_4G, used.range, used.n);
	if (!start)
		start = e820_find(&map, size, MIB, BELOW_4G, used.range, used.n);
	if (!start || !e820_reserve(&map, start, size, (struct e820_more *)start, start)) {
		say("no memory below 4 GiB for an area of %llu KiB",
		    (unsigned long long)size >> 10);
		return false;
	}
	tables_next = (start + sizeof(struct e820_more) + TABLE_ALIGNMENT - 1) / TABLE_ALIGNMENT *
		      TABLE_ALIGNMENT;
	tables_end = start + tables;
	memset((void *)tables_next, 0, tables_end - tables_next);
	collection.area = (struct baton_area *)tables_end;
	resident_install(collection.area, tables_end, &plan, resident_image);
	return true;
}

static bool publish(struct boot_params *params)
{
	uint64_t area = (uint64_t)collection.area;
	struct acpi_rsdp *rsdp = tables_build(area + BATON_AREA_MAILBOX, area + BATON_AREA_RESIDENT,
					      area + collection.area->table);

	if (rsdp) {
		published_in = params;
		published_instead = params->acpi_rsdp_addr;
		params->acpi_rsdp_addr = (uint64_t)rsdp;
	}
	return rsdp;
}

/*
 * Whether a new area may be made.  Not in a kernel that saves the memory of a
 * crashed one: it must come up, whatever the CPUs do.  And not on another CPU than
 * the machine's first, to which no INIT may be sent then: Linux leaves that one out by itself, and
 * goes by its place in the MADT.
 */
static bool may_make_area(const struct boot_params *params)
{
	if (cmdline_is_crash(command_line))
		say("this is a crash kernel, and there is no area to be adopted");
	else if (!machine_is_bsp())
		say("this is not the machine's first CPU, and there is no area to be adopted");
	else if (cmdline_has_own_map(command_line))
		say("memmap=exactmap takes no memory map");
	else if (!collection.trampoline)
		; /* it has been said */
	else if (params->hdr.version < RSDP_ADDR_VERSION)
		say("the kernel can't be told where its ACPI tables are: boot protocol %u.%u",
		    params->hdr.version >> 8, params->hdr.version & 0xff);
	else
		return true;
	return false;
}

static bool measure(void)
{
	plan.tsc_per_us = collection.tsc_per_us = clock_tsc_per_us(tables_pm_timer());
	if (!plan.tsc_per_us)
		say("there is nothing to measure time by");
	return plan.tsc_per_us;
}

/* Take the area that is there, or make one, according to who has the CPUs. */
static bool find_or_make(struct boot_params *params)
{
	const struct tables_memory memory = tables_memory();

	switch (holder_find(&plan, &memory, keeps, &collection.area)) {
	case HOLDER_STAGE:
		return false;
	case HOLDER_AREA:
		collection.adopted = true;
		collection.tsc_per_us = collection.area->tsc_per_us;
		tables_adopt();
		return true;
	case HOLDER_MAILBOX:
		collection.mailbox = true;
		break;
	case HOLDER_NOBODY:
		break;
	}
	return may_make_area(params) && measure() && make_area() && publish(params);
}

static bool prepare(struct boot_params *params, uint64_t started)
{
	struct baton_table *table;

	if (!machine_is_served() || !find_tables() ||
	    !machine_plan(&plan, tables_madt(), e820_end(&map), wrap_info.wait) ||
	    !list_used(params))
		return false;
	find_trampoline();
	if (!find_or_make(params))
		return false;
	collection.spare = machine_is_bsp() ? NO_CPU : plan.cpus[0].apic_id;
	table = collect_table(collection.area);
	table->boot_apic_id = plan.boot_apic_id;
	table->flags |= tables_hide_s3() ? BATON_TABLE_S3_HIDDEN : 0;
	table->prepare_us = (rdtsc() - started) / collection.tsc_per_us;
	return true;
}

void bzimage_main(struct boot_params *params)
{
	uint64_t started = rdtsc();

	if (read_params(params) && prepare(params, started)) {
		started = rdtsc();
		account(&collection, collect(&collection), started);
		published_in = NULL;
		give_back_trampoline();
	} else {
		say("the kernel starts as without baton");
	}
}

void stage_skipped(struct boot_params *params, const char *why)
{
	uint64_t line = bootparams_command_line(params);

	bzimage_console(params, line ? (const char *)line : "");
	say("%s: the kernel starts as without baton", why);
}

void stage_failed(const struct stage_exception *exception)
{
	/* The CPUs may be anywhere: with the tables as they were, INIT fetches them. */
	if (published_in)
		published_in->acpi_rsdp_addr = published_instead;
	say("exception %llu (error code 0x%llx) at 0x%llx, address 0x%llx: "
	    "the kernel starts as without baton",
	    (unsigned long long)exception->vector, (unsigned long long)exception->error,
	    (unsigned long long)(exception->rip - (uint64_t)blob),
	    (unsigned long long)exception->cr2);
}
