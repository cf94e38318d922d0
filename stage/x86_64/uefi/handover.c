/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "handover.h"
#include <baton/x86_64/cpu.h>
#include "area/x86_64/install.h"
#include "stage/x86_64/account.h"
#include "stage/x86_64/collect.h"
#include "stage/x86_64/holder.h"
#include "stage/x86_64/machine.h"
#include "stage/x86_64/say.h"
#include "stage/x86_64/tables.h"
#include "configuration.h"
#include "console.h"
#include "memory.h"

#define CALIBRATION_US 1000
#define BELOW_1M 0x100000ull
#define BELOW_4G (1ull << 32) /* some fields of the ACPI tables are 32 bits wide */

extern const uint8_t resident_image[]; /* BATON_RESIDENT_MAX bytes: stage/x86_64/image.S */

static EFI_SYSTEM_TABLE *system;
static EFI_BOOT_SERVICES *boot;
static EFI_EXIT_BOOT_SERVICES exit_boot_services; /* the firmware's own, NULL: not hooked */
static struct acpi_rsdp *old_rsdp, *rsdp;	  /* the firmware's; NULL: not published */
static struct resident_plan plan;
static size_t area_size;
static struct collection collection;
static bool area_is_made;

static void *allocate_table(size_t size)
{
	return memory_allocate(EfiACPIReclaimMemory, BELOW_4G, size);
}

static struct tables_memory tables_memory(void)
{
	/* Not a constant, whose addresses would have to be relocated in a kernel image. */
	return (struct tables_memory){.holds = memory_holds, .allocate = allocate_table};
}

static bool find_tables(void)
{
	const struct tables_memory memory = tables_memory();

	old_rsdp = configuration_rsdp(system);
	if (!old_rsdp)
		say("the firmware publishes no ACPI 2.0 tables");
	return old_rsdp && tables_find((uint64_t)old_rsdp, &memory);
}

static bool make_trampoline(void)
{
	/* Address 0 would do for a SIPI, but not for a pointer. */
	collection.trampoline = memory_allocate(EfiBootServicesData, BELOW_1M, EFI_PAGE_SIZE);
	if (!collection.trampoline)
		say("no memory below 1 MiB to start the secondary CPUs from");
	return collection.trampoline;
}

static bool make_area(void)
{
	area_size = resident_area_size(&plan);
	if (!area_size) {
		say("no area can be laid out for %llu CPUs and memory up to 0x%llx",
		    (unsigned long long)plan.ncpus, (unsigned long long)plan.map_end);
		return false;
	}
	collection.area = memory_allocate(EfiReservedMemoryType, RESIDENT_AREA_LIMIT, area_size);
	if (!collection.area) {
		say("no memory below 4 GiB for the area of %llu KiB",
		    (unsigned long long)area_size >> 10);
		return false;
	}
	area_is_made = true;
	resident_install(collection.area, (uint64_t)collection.area, &plan, resident_image);
	return true;
}

static void collect_now(void)
{
	uint64_t started = rdtsc();
	uint64_t flags;

	console_without_firmware();
	/* Whoever copied them has copied the wakeup structure too: a kernel may use it. */
	if (!tables_follow(configuration_rsdp(system)))
		say("somebody has replaced the ACPI tables: "
		    "a kernel that does not find the wakeup structure in them uses INIT and SIPI");
	__asm__ volatile("pushfq; popq %0; cli" : "=r"(flags) : : "memory");
	account(&collection, collect(&collection), started);
	__asm__ volatile("pushq %0; popfq" : : "r"(flags) : "memory", "cc");
}

static EFI_STATUS EFIAPI hooked_exit_boot_services(EFI_HANDLE image, UINTN map_key)
{
	EFI_STATUS status = exit_boot_services(image, map_key);

	/* Once: the memory below 1 MiB is the kernel's when this has returned. */
	if (!EFI_ERROR(status) && collection.trampoline) {
		collect_now();
		collection.trampoline = NULL;
	}
	return status;
}

static void set_exit_boot_services(EFI_EXIT_BOOT_SERVICES function)
{
	boot->ExitBootServices = function;
	boot->Hdr.CRC32 = 0;
	boot->CalculateCrc32(&boot->Hdr, boot->Hdr.HeaderSize, &boot->Hdr.CRC32);
}

/* Build the tables for the area, and publish them. */
static bool publish(void)
{
	uint64_t area = (uint64_t)collection.area;

	rsdp = tables_build(area + BATON_AREA_MAILBOX, area + BATON_AREA_RESIDENT,
			    area + collection.area->table);
	if (rsdp && !configuration_install(system, rsdp))
		rsdp = NULL;
	return rsdp;
}

/* Take the area that is there, or make one, according to who has the CPUs. */
static bool find_or_make(void)
{
	const struct tables_memory memory = tables_memory();

	switch (holder_find(&plan, &memory, memory_reserved, &collection.area)) {
	case HOLDER_STAGE:
		return false;
	case HOLDER_AREA:
		collection.adopted = true;
		tables_adopt();
		return true;
	case HOLDER_MAILBOX:
		collection.mailbox = true;
		break;
	case HOLDER_NOBODY:
		break;
	}
	return make_area() && publish();
}

static void tell(const struct baton_table *table)
{
	say("%u CPUs, %u to be collected; area 0x%llx, %u KiB; prepared in %u us", table->ncpus,
	    table->ncpus - 1, (unsigned long long)table->area, table->area_size >> 10,
	    table->prepare_us);
	say_detail("resident 0x%llx, mailbox 0x%llx, BATN 0x%llx, memory mapped up to 0x%llx by %s "
		   "pages",
		   (unsigned long long)table->reset_vector, (unsigned long long)table->mailbox,
		   (unsigned long long)(uintptr_t)table, (unsigned long long)table->map_end,
		   plan.gigabyte_pages ? "1 GiB" : "2 MiB");
	say_detail("%s", tables_hide_s3()
				 ? "suspend to RAM (S3) is hidden: it would take the CPUs away"
				 : "the firmware offers no suspend to RAM (S3)");
}

static uint64_t measure_tsc(void)
{
	uint64_t start = rdtsc(), ticks;

	boot->Stall(CALIBRATION_US);
	ticks = (rdtsc() - start) / CALIBRATION_US;
	return ticks ? ticks : 1;
}

bool handover_prepare(EFI_SYSTEM_TABLE *system_table, uint32_t wait)
{
	struct baton_table *table;
	uint64_t started = rdtsc();

	system = system_table;
	boot = system->BootServices;
	plan.tsc_per_us = collection.tsc_per_us = measure_tsc();
	collection.spare = NO_CPU;
	if (!machine_is_served() || !memory_read(boot) || !find_tables() ||
	    !machine_plan(&plan, tables_madt(), memory_end(), wait) || !make_trampoline() ||
	    !find_or_make()) {
		handover_undo();
		return false;
	}
	collection.rsdp = (uint64_t)old_rsdp;
	exit_boot_services = boot->ExitBootServices;
	set_exit_boot_services(hooked_exit_boot_services);

	table = collect_table(collection.area);
	table->boot_apic_id = plan.boot_apic_id;
	table->flags |= tables_hide_s3() ? BATON_TABLE_S3_HIDDEN : 0;
	table->prepare_us = (rdtsc() - started) / plan.tsc_per_us;
	account_checksum(table);
	tell(table);
	return true;
}

void handover_undo(void)
{
	if (exit_boot_services && boot->ExitBootServices == hooked_exit_boot_services)
		set_exit_boot_services(exit_boot_services);
	exit_boot_services = NULL;
	if (rsdp && tables_follow(configuration_rsdp(system)))
		configuration_install(system, old_rsdp);
	rsdp = NULL;
	tables_free(memory_free);
	memory_free(collection.trampoline, EFI_PAGE_SIZE);
	if (area_is_made)
		memory_free(collection.area, area_size);
	area_is_made = false;
	memory_forget();
	collection.trampoline = NULL;
	collection.area = NULL;
}
