/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The stage's work in a wrapped kernel, which any Linux loader has started: the
 * hand-over of the CPUs in one go, without firmware.  If anything is wrong, it prints
 * the reason, and the payload starts as it would without baton.
 */
#include "bzimage.h"
#include <baton/string.h>
#include <baton/x86_64/cpu.h>
#include "lib/x86_64/clock.h"
#include "lib/x86_64/guest.h"
#include "lib/x86_64/tdx.h"
#include "stage/say.h"
#include "stage/x86_64/handover.h"
#include "stage/x86_64/machine.h"
#include "stage/x86_64/ve.h"
#include "bootparams.h"
#include "cmdline.h"
#include "console.h"
#include "payload.h"
#include "rsdp.h"

#define PAGE 4096ull
#define LOW_END 0xa0000 /* of the memory that real mode reaches */
#define MIB (1ull << 20)
#define BELOW_4G (1ull << 32)
#define RANGES_MAX 512
#define COMMAND_LINE_MAX 65536 /* as much of it as is looked at */
#define RSDP_ADDR_VERSION                                                                          \
	0x020e /* of the boot protocol: from then on acpi_rsdp_addr is looked at */

static struct boot_params *params; /* of the loader, for the payload */
static const char *command_line;
static struct e820 map;
static struct range used_ranges[RANGES_MAX];
static struct ranges used;
static struct handover work;
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

/*
 * The memory below 1 MiB is there even where the memory map has holes in it.  In a TDX guest
 * a hole is not the guest's.
 */
static bool holds(uint64_t address, uint64_t length)
{
	return (!work.collection.tdx && address < MIB && length <= MIB - address) ||
	       e820_holds(&map, address, length);
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

/* Read what the loader has put into boot_params, and check it. */
static bool read_params(void)
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
	console_bzimage(params, command_line);
	if (bzimage_info.flags & WRAP_VERBOSE)
		say_verbosely();
	if (!whole)
		say("the memory map of boot_params can't be followed");
	return whole;
}

static uint64_t find_rsdp(void)
{
	uint64_t rsdp = rsdp_find(&map, identity, !work.collection.tdx);

	if (!rsdp)
		say("there are no ACPI tables");
	return rsdp;
}

static uint64_t memory_end(void)
{
	return e820_end(&map);
}

static bool use_table(uint64_t address, uint64_t length, void *context)
{
	return bootparams_add_range(context, address, length);
}

static bool use_crashkernel(void)
{
	uint64_t start, size;

	for (unsigned i = 0; cmdline_crashkernel(command_line, i, &start, &size); i++)
		if (!bootparams_add_range(&used, start, size))
			return false;
	return true;
}

/* All that must stay as it is: this stage and the payload behind it, and what they are given. */
static bool list_used(void)
{
	const struct setup_header *hdr = &params->hdr;

	used = (struct ranges){used_ranges, 0, RANGES_MAX};
	if (bootparams_add_range(&used, (uint64_t)bzimage_blob,
				 (uint64_t)bzimage_info.stage_size +
					 (hdr->init_size > bzimage_info.payload_size
						  ? hdr->init_size
						  : bzimage_info.payload_size)) &&
	    bootparams_add_range(&used, hdr->pref_address, hdr->init_size) &&
	    bootparams_used(&used, &map, (uint64_t)params, identity) &&
	    tables_each(use_table, &used) && use_crashkernel())
		return true;
	say("what the loader has put into memory can't be listed");
	return false;
}

/* A page below 1 MiB to start CPUs in; the payload gets it back as it was. */
static bool find_trampoline(void)
{
	struct collection *c = &work.collection;

	c->spare = NO_CPU;
	if (!list_used())
		return false;
	if (c->tdx)
		return true;
	c->trampoline = (void *)e820_find(&map, PAGE, PAGE, LOW_END, used.range, used.n);
	if (c->trampoline)
		memcpy(trampoline_saved, c->trampoline, PAGE);
	else
		say("no memory below 1 MiB to start the secondary CPUs from");
	if (!machine_is_bsp())
		c->spare = work.plan.cpus[0].apic_id;
	return true;
}

static void give_back_trampoline(void)
{
	if (work.collection.trampoline)
		memcpy(work.collection.trampoline, trampoline_saved, PAGE);
}

/*
 * Reserve memory for a new area and the tables that lead to it, in one piece: what
 * e820_reserve() may need, the tables, the area.
 */
static void *allocate_area(size_t area)
{
	size_t tables = sizeof(struct e820_more) + TABLE_ALIGNMENT + tables_room(), size;
	uint32_t type = work.collection.tdx ? E820_NVS : E820_RESERVED;
	uint64_t start;

	tables = (tables + PAGE - 1) / PAGE * PAGE;
	size = tables + area;
	start = e820_find(&map, size, 16 * MIB, BELOW_4G, used.range, used.n);
	if (!start)
		start = e820_find(&map, size, MIB, BELOW_4G, used.range, used.n);
	if (!start || !e820_reserve(&map, start, size, type, (struct e820_more *)start, start)) {
		say("no memory below 4 GiB for an area of %llu KiB",
		    (unsigned long long)size >> 10);
		return NULL;
	}
	tables_next = (start + sizeof(struct e820_more) + TABLE_ALIGNMENT - 1) / TABLE_ALIGNMENT *
		      TABLE_ALIGNMENT;
	tables_end = start + tables;
	memset((void *)tables_next, 0, tables_end - tables_next);
	return (void *)tables_end;
}

static bool publish(struct acpi_rsdp *rsdp)
{
	published_in = params;
	published_instead = params->acpi_rsdp_addr;
	params->acpi_rsdp_addr = (uint64_t)rsdp;
	return true;
}

static bool measure(void)
{
	work.plan.tsc_per_us = work.collection.tsc_per_us = clock_tsc_per_us(tables_pm_timer());
	if (!work.plan.tsc_per_us)
		say("there is nothing to measure time by");
	return work.plan.tsc_per_us;
}

/*
 * LINUX_EFI_UNACCEPTED_MEM_TABLE (Linux, include/linux/efi.h): which memory of the map the guest
 * can't use before it has accepted it.
 */
static const uint8_t unaccepted_guid[RSDP_GUID_SIZE] = {0x3c, 0xde, 0xd1, 0xd5, 0x5c, 0x10,
							0xf9, 0x44, 0x9e, 0xa9, 0xbc, 0xef,
							0x98, 0x12, 0x00, 0x31};

/*
 * Whether a new area may be made.  Not in a kernel that saves the memory of a
 * crashed one: it must come up, whatever the CPUs do.  And not on another CPU than
 * the machine's first, to which no INIT may be sent then.  Linux itself leaves that
 * one out, which it takes from the order of the MADT.
 */
static bool may_make_area(void)
{
	if (cmdline_is_crash(command_line))
		say("this is a crash kernel, and there is no area to be adopted");
	else if (!machine_is_bsp())
		say("this is not the machine's first CPU, and there is no area to be adopted");
	else if (cmdline_has_own_map(command_line))
		say("memmap=exactmap takes no memory map");
	else if (!work.collection.trampoline && !work.collection.tdx)
		; /* find_trampoline() has printed it */
	else if (work.collection.tdx && rsdp_efi_table(&map, identity, unaccepted_guid))
		say("memory may be unaccepted, and there is no area to be adopted");
	else if (params->hdr.version < RSDP_ADDR_VERSION)
		say("the kernel can't be told where its ACPI tables are: boot protocol %u.%u",
		    params->hdr.version >> 8, params->hdr.version & 0xff);
	else
		return measure();
	return false;
}

void bzimage_failed(const struct bzimage_exception *exception)
{
	/* The CPUs may be anywhere: with the tables as they were, INIT fetches them. */
	if (published_in)
		published_in->acpi_rsdp_addr = published_instead;
	say("exception %llu (error code 0x%llx) at 0x%llx, address 0x%llx: "
	    "the kernel starts as without baton",
	    (unsigned long long)exception->vector, (unsigned long long)exception->error,
	    (unsigned long long)(exception->rip - (uint64_t)bzimage_blob),
	    (unsigned long long)exception->cr2);
}

static void ve_failed(uint64_t reason, uint64_t rip)
{
	bzimage_failed(&(struct bzimage_exception){TDX_VECTOR_VE, reason, rip, 0});
	bzimage_enter_payload();
}

/* The hand-over, or nothing. */
static void hand_over(uint64_t started)
{
	work.operations = (struct handover_operations){
		.memory = {.holds = holds, .allocate = allocate_table},
		.reserved = keeps,
		.find_rsdp = find_rsdp,
		.memory_end = memory_end,
		.find_trampoline = find_trampoline,
		.may_make_area = may_make_area,
		.allocate_area = allocate_area,
		.publish = publish,
	};
	work.collection.tdx = guest_is_tdx();
	if (read_params() && handover_prepare(&work, bzimage_info.wait, started)) {
		/* Nothing fetches CPUs from where they are then: the tables stay. */
		if (work.collection.tdx)
			published_in = NULL;
		handover_collect(&work);
		published_in = NULL;
		give_back_trampoline();
	} else {
		say("the kernel starts as without baton");
	}
}

/* The stage can't work on this machine.  Called on the loader's page tables. */
static void skip(const char *reason)
{
	uint64_t line = bootparams_command_line(params);

	console_bzimage(params, line ? (const char *)line : "");
	say("%s: the kernel starts as without baton", reason);
}

static bool has_gigabyte_pages(void)
{
	return cpuid(0x80000000, 0).eax >= 0x80000001 && (cpuid(0x80000001, 0).edx >> 26 & 1);
}

void bzimage_start(struct boot_params *loader_params)
{
	params = loader_params;
	ve_on_failure(ve_failed);
	payload_header(&params->hdr);
	/* In an SEV guest page tables need a bit that the stage's do not have. */
	if (guest_is_sev())
		skip("this is an SEV guest: it is not supported");
	else if (!identity_start(params, has_gigabyte_pages()))
		skip("the memory map has no room in the stage's page tables");
	else
		hand_over(rdtsc());
}
